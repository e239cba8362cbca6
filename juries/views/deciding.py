"""The decision that who presides records (R-JUR-4)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.http import Request
from core.exceptions import Refusal
from juries.enums import Outcome
from juries.forms import DecisionForm
from juries.models import Dossier
from juries.services.deciding import take_decision
from juries.services.referring import refer_to_another_session
from juries.views.places import chaired_or_404, done, to_room
from juries.views.room import room_page


@require_POST
def decide(request: Request, pk: UUID, enrolment: UUID) -> HttpResponse:
    """Record it, and stay on the candidate; refused, the page comes back with what was typed."""
    session, candidacy = chaired_or_404(request, pk, enrolment)
    acquired = candidacy.enrolment.bloc_acquisitions.standing().order_by("bloc__number")
    form = DecisionForm(request.POST, acquired=dict(acquired.values_list("bloc__number", "bloc__title")))
    dossier = _named_dossier(request, enrolment)
    if not form.is_valid():
        return room_page(request, session, candidacy, form)
    try:
        take_decision(
            session,
            enrolment=candidacy.enrolment,
            dossier=dossier,
            outcome=Outcome(form.cleaned_data["outcome"]),
            blocs=form.cleaned_data["blocs"],
            motive=form.cleaned_data["motive"],
            by=request.user,
        )
    except Refusal as refusal:
        return room_page(request, session, candidacy, form, refusal=str(refusal))
    messages.success(request, f"Décision enregistrée pour {candidacy.enrolment.candidate}.")
    return to_room(pk)


@require_POST
def refer(request: Request, pk: UUID, enrolment: UUID) -> HttpResponse:
    """A candidate whom nobody present may judge goes to another session."""
    _, candidacy = chaired_or_404(request, pk, enrolment)
    said = f"{candidacy.enrolment.candidate} est renvoyé à une autre session."
    return done(request, to_room(pk), lambda: refer_to_another_session(candidacy, by=request.user), said)


def _named_dossier(request: Request, enrolment: UUID) -> Dossier:
    """The revision the page was read on, else 404."""
    try:
        pk = UUID(request.POST.get("dossier", ""))
    except ValueError as error:
        raise Http404 from error
    found: Dossier = get_object_or_404(Dossier, pk=pk, enrolment=enrolment)
    return found
