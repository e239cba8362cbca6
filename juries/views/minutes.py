"""The procès-verbal as a PDF."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.http import Request
from core import files
from juries.models import Minutes


@require_safe
def pdf(request: Request, pk: UUID) -> HttpResponse:
    """The stored bytes, for who sat on the session or organises it; nobody else is told it exists."""
    minutes = get_object_or_404(Minutes.objects.visible_to(request.user).select_related("pdf", "session"), session=pk)
    day = f"{minutes.session.held_at:%Y-%m-%d}"
    return HttpResponse(
        files.read(minutes.pdf),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="proces-verbal-{day}.pdf"', "Cache-Control": "no-store"},
    )
