"""After a decision that leaves something to present: what, and the way to plan it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.http import Request
from accounts.permissions import require
from assessments.queries.remaining import remaining_of
from candidates.models import Enrolment
from juries.enums import Outcome
from juries.models import Decision


@require_safe
@require("juries.organise")
def remaining(request: Request, enrolment: UUID) -> HttpResponse:
    """A slot of the progress page, for who plans; empty unless a published decision is partial or a refusal."""
    found = get_object_or_404(Enrolment.objects.visible_to(request.user), pk=enrolment)
    standing = Decision.objects.standing_in_public().filter(enrolment=found).select_related("session").first()
    calls_for_it = standing is not None and standing.outcome in (Outcome.PARTIAL, Outcome.REFUSED)
    context = {
        "enrolment": found,
        "decision": standing if calls_for_it else None,
        "remaining": remaining_of(found) if calls_for_it else [],
    }
    return render(request, "juries/remaining.html", context)
