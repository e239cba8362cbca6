"""The livrables of a soutenance: handed in, listed, read, removed."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import Request
from accounts.permissions import allow_or_404
from assessments.deliverable_forms import DeliverableForm
from assessments.enums import DeliverableKind
from assessments.inspection.files import too_large
from assessments.models import Deliverable, Soutenance
from assessments.queries.deliverables import readable_by, standing_of
from assessments.services.handing_in import hand_in_file, hand_in_link, is_own, remove_deliverable, why_closed
from assessments.serving import serve
from core.exceptions import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request, pk: UUID) -> HttpResponse:
    """What was handed in; a POST hands in one more, and a refusal keeps what was typed."""
    soutenance = _visible(request, pk)
    posted = request.method == "POST"
    form = DeliverableForm(request.POST if posted else None, request.FILES if posted else None)
    if posted:
        allow_or_404(request.user, "assessments.hand_in", soutenance)
        if _is_too_big(request):
            form.add_error("file", str(too_large(settings.UPLOAD_LIMIT)))
        elif form.is_valid() and _handed_in(request, soutenance, form):
            return redirect("assessments:deliverables", pk=pk)
    may = request.user.has_perm("assessments.hand_in", soutenance)
    context = {
        "soutenance": soutenance,
        "deliverables": list(standing_of(soutenance)),
        "own": is_own(soutenance, request.user),
        "form": form,
        "may": may,
        "closed": why_closed(soutenance, request.user) if may else "",
        "limit": settings.UPLOAD_LIMIT,
    }
    return render(request, "assessments/deliverables.html", context, status=422 if form.errors else 200)


@require_safe
def content(request: Request, pk: UUID) -> HttpResponseBase:
    """The livrable itself; ``?telecharger`` saves it instead of showing it. A link has no content here."""
    found = get_object_or_404(readable_by(request.user).exclude(kind=DeliverableKind.LINK), pk=pk)
    return serve(found, download="telecharger" in request.GET)


@require_POST
def remove(request: Request, pk: UUID) -> HttpResponse:
    found = get_object_or_404(
        Deliverable.objects.select_related("soutenance__enrolment__candidate"),
        pk=pk,
        soutenance__in=Soutenance.objects.visible_to(request.user),
    )
    allow_or_404(request.user, "assessments.hand_in", found.soutenance)
    try:
        remove_deliverable(found, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"« {found.title} » est retiré.")
    return redirect("assessments:deliverables", pk=found.soutenance_id)


def _is_too_big(request: Request) -> bool:
    """Whether a file went over the limit and was not kept (core/uploads.py)."""
    return bool(getattr(request, "too_large", ""))


def _handed_in(request: Request, soutenance: Soutenance, form: DeliverableForm) -> bool:
    title, file, url = (form.cleaned_data[name] for name in ("title", "file", "url"))
    try:
        if file:
            made = hand_in_file(soutenance, source=file, name=file.name, size=file.size, title=title, by=request.user)
        else:
            made = hand_in_link(soutenance, url=url, title=title, by=request.user)
    except Refusal as refusal:
        form.add_error("file" if file else "url", str(refusal))
        return False
    messages.success(request, f"« {made.title} » est déposé.")
    return True


def _visible(request: Request, pk: UUID) -> Soutenance:
    found: Soutenance = get_object_or_404(
        Soutenance.objects.visible_to(request.user).select_related(
            "enrolment__candidate", "enrolment__referentiel__certification"
        ),
        pk=pk,
    )
    return found
