"""The jury's result, for the candidate, once published and not before (R-CAN-4, R-JUR-6)."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import Request
from candidates.models import Enrolment
from juries.queries.results import hearings_to_come, published_results


@require_safe
def result(request: Request, enrolment: UUID) -> HttpResponse:
    """The published decisions about an enrolment; a fragment for the progress page, or a page of its own."""
    found = get_object_or_404(
        Enrolment.objects.visible_to(request.user).select_related("candidate", "referentiel__certification"),
        pk=enrolment,
    )
    own = found.candidate.user_id == request.user.pk
    if not own and not request.user.has_perm("juries.view_all"):
        raise Http404
    today = timezone.localdate()
    results = published_results(found, today=today)
    hearings = hearings_to_come(found, today=today)
    template = "juries/result_fragment.html" if request.htmx else "juries/result.html"
    return render(request, template, {"enrolment": found, "results": results, "hearings": hearings, "own": own})
