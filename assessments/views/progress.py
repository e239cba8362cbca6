"""Mon parcours, for the candidate and for those who accompany them."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import Request
from accounts.permissions import allow_or_404, require
from assessments.convocation_document import convocation_pdf
from assessments.documents import soutenance_calendar
from assessments.models import Soutenance
from assessments.queries.convocation import convocation_of, convoking
from assessments.queries.progress import progress_page
from assessments.queries.soutenances import phases_of
from assessments.timing import ends_at
from candidates.models import Enrolment


@require_safe
@require("assessments.view_own_progress")
def mine(request: Request) -> HttpResponse:
    """The candidate's only enrolment, or the choice between several."""
    enrolments = list(
        Enrolment.objects.filter(candidate__user=request.user)
        .select_related("referentiel__certification")
        .order_by("-enrolled_on")
    )
    if len(enrolments) == 1:
        return redirect("assessments:enrolment_progress", pk=enrolments[0].pk)
    return render(request, "assessments/enrolments.html", {"enrolments": enrolments})


@require_safe
def enrolment(request: Request, pk: UUID) -> HttpResponse:
    found = get_object_or_404(
        Enrolment.objects.visible_to(request.user).select_related("candidate", "referentiel__certification"), pk=pk
    )
    own = found.candidate.user_id == request.user.pk
    if not own and not request.user.has_perm("assessments.view_all"):
        raise Http404
    page = progress_page(found, at=timezone.now())
    return render(request, "assessments/progress.html", {"page": page, "enrolment": found, "own": own})


@require_safe
def calendar(request: Request, pk: UUID) -> HttpResponse:
    """The soutenance as a calendar file, for whoever takes part in it."""
    soutenance = get_object_or_404(
        Soutenance.objects.visible_to(request.user).select_related(
            "enrolment__referentiel__reglement", "enrolment__referentiel__certification"
        ),
        pk=pk,
    )
    slot = (soutenance.starts_at, ends_at(soutenance.starts_at, phases_of(soutenance)))
    content = soutenance_calendar(soutenance, slot=slot, stamp=timezone.now())
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="soutenance.ics"'},
    )


@require_safe
def convocation(request: Request, pk: UUID) -> HttpResponse:
    """The paper that calls to a soutenance, for its candidate and those who plan; none once it is no longer planned."""
    soutenance = get_object_or_404(convoking(request.user), pk=pk)
    allow_or_404(request.user, "assessments.read_convocation", soutenance)
    name = f"convocation-{soutenance.enrolment.number}-{soutenance.starts_on}.pdf"
    return HttpResponse(
        convocation_pdf(convocation_of(soutenance)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"},
    )
