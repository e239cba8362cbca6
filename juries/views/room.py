"""The deliberation: the same candidate on every member's screen (R-JUR-4)."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import Request
from core.exceptions import Refusal
from juries.enums import Outcome
from juries.forms import DecisionForm, HearingForm, IncidentForm
from juries.models import Ballot, Candidacy, Decision, JuryMember, JurySession
from juries.queries.chairing import chair_of
from juries.queries.recusals import recusal_reasons
from juries.queries.room import Live, candidacy_before, live_of, order_of
from juries.queries.sessions import session_row
from juries.services import deliberating, incidents
from juries.services.deciding import lawful_outcomes
from juries.views.places import chaired_or_404, done, own_seat, session_or_404, to_room, to_session


@require_safe
def room(request: Request, pk: UUID) -> HttpResponse:
    """The candidate before the jury, or the wait for one."""
    return room_of(request, own_seat(request, pk))


def room_of(request: Request, seat: JuryMember, *, incident_form: IncidentForm | None = None) -> HttpResponse:
    """What this member sees of the session as it stands."""
    if not request.user.has_perm("juries.vote", seat.session):
        return to_session(seat.session_id)
    candidacy = candidacy_before(seat.session)
    if candidacy is None:
        first = seat.session.candidacies.values_list("enrolment_id", flat=True).first()
        context = {
            "session": seat.session,
            "first": first,
            "presides": seat.is_president,
            "incidents": list(seat.session.incidents.all()),
            "incident_form": incident_form or IncidentForm(),
        }
        return render(request, "juries/room_waiting.html", context)
    return room_page(request, seat.session, candidacy, incident_form=incident_form)


def room_page(
    request: Request,
    session: JurySession,
    candidacy: Candidacy,
    form: DecisionForm | None = None,
    *,
    refusal: str = "",
    incident_form: IncidentForm | None = None,
    hearing_form: HearingForm | None = None,
) -> HttpResponse:
    """One candidate before the jury, with what was typed of a decision that was refused, and why."""
    context = {"refusal": refusal, "order": order_of(session, candidacy), **_live(request, session, candidacy)}
    context["may_note"] = context["presides"] or context["live"].chairs
    context["incident_form"] = incident_form or IncidentForm()
    if hearing_form:
        context["hearing_form"] = hearing_form
    if not context["stands_back"]:
        context |= _judged(request, session, candidacy, context["live"], form)
    return render(request, "juries/room.html", context)


@require_safe
def live(request: Request, pk: UUID) -> HttpResponse:
    """What moved since ``vu``: 204 when nothing did, else the live part, which names its candidate."""
    session = session_or_404(request, pk, "juries.deliberate")
    candidacy = candidacy_before(session)
    if candidacy is None or not request.user.has_perm("juries.vote", session):
        return render(request, "juries/room_over.html")
    context = _live(request, session, candidacy)
    seen = f"{candidacy.enrolment_id} {context['live'].stamp}"
    if request.GET.get("vu") == seen:
        return HttpResponse(status=204)
    return render(request, "juries/room_live.html", context)


@require_POST
def call(request: Request, pk: UUID, enrolment: UUID) -> HttpResponse:
    session = session_or_404(request, pk, "juries.preside")
    get_object_or_404(session.candidacies, enrolment=enrolment)
    act = lambda: deliberating.call_candidate(session, enrolment=enrolment, by=request.user)  # noqa: E731
    return done(request, to_room(pk), act)


@require_POST
def open_ballot(request: Request, pk: UUID, enrolment: UUID) -> HttpResponse:
    _, candidacy = chaired_or_404(request, pk, enrolment)
    return done(request, to_room(pk), lambda: deliberating.open_ballot(candidacy, by=request.user))


@require_POST
def close_ballot(request: Request, pk: UUID, ballot: UUID) -> HttpResponse:
    found = get_object_or_404(Ballot.objects.select_related("candidacy__enrolment"), pk=ballot, candidacy__session=pk)
    chaired_or_404(request, pk, found.candidacy.enrolment_id)

    def act() -> None:
        if deliberating.close_ballot(found, by=request.user) is None:
            messages.warning(request, "Le scrutin est clos sans résultat : ouvrez-en un autre après discussion.")

    return done(request, to_room(pk), act)


@require_POST
def note_incident(request: Request, pk: UUID) -> HttpResponse:
    """An incident for the procès-verbal; refused, it comes back with what was typed."""
    seat = own_seat(request, pk)
    form = IncidentForm(request.POST)
    if not _may_note(request, seat.session):
        raise Http404
    if form.is_valid():
        try:
            incidents.note_incident(seat.session, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, "Incident noté : le procès-verbal le reprendra.")
            return to_room(pk)
    answer = room_of(request, seat, incident_form=form)
    if answer.status_code == HTTPStatus.OK:
        answer.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return answer


@require_POST
def vote(request: Request, pk: UUID, ballot: UUID) -> HttpResponse:
    session = session_or_404(request, pk, "juries.deliberate")
    found = get_object_or_404(Ballot.objects.select_related("candidacy"), pk=ballot, candidacy__session=session)
    outcome = request.POST.get("outcome", "")
    if outcome not in Outcome.values:
        return done(request, to_room(pk), _refuse_unknown)
    act = lambda: deliberating.cast_vote(found, outcome=Outcome(outcome), by=request.user)  # noqa: E731
    return done(request, to_room(pk), act, "Votre vote est enregistré.")


def _may_note(request: Request, session: JurySession) -> bool:
    """The president, or who presides for the candidate before the jury; the service says the rest in words."""
    if request.user.has_perm("juries.preside", session):
        return True
    candidacy = candidacy_before(session)
    chair = chair_of(session, candidacy.enrolment) if candidacy else None
    return bool(chair and chair.user_id == request.user.pk)


def _refuse_unknown() -> None:
    raise deliberating.UnlawfulVote("Choisissez l’une des décisions proposées, puis votez.")


def _live(request: Request, session: JurySession, candidacy: Candidacy) -> dict[str, Any]:
    stands_back = recusal_reasons(request.user, candidacy.enrolment)
    live = live_of(session, candidacy, request.user)
    return {
        "session": session,
        "candidacy": candidacy,
        "live": live,
        "stands_back": stands_back[0] if stands_back else "",
        "presides": request.user.has_perm("juries.decide", session),
        "choices": _choices(candidacy) if live.may_vote else [],
        "hearing_form": HearingForm(),
    }


def _choices(candidacy: Candidacy) -> list[tuple[int, Outcome]]:
    """What may be voted, each under a figure that never changes: a habit must not vote for something else."""
    lawful = lawful_outcomes(candidacy.enrolment)
    return [(figure, outcome) for figure, outcome in enumerate(Outcome, 1) if outcome in lawful]


def _judged(
    request: Request, session: JurySession, candidacy: Candidacy, live: Live, form: DecisionForm | None
) -> dict[str, Any]:
    """What those who judge this candidate read, and the decision the president records."""
    row = session_row(session, candidacy.enrolment_id)
    acquired = candidacy.enrolment.bloc_acquisitions.standing().order_by("bloc__number")
    titles = dict(acquired.values_list("bloc__number", "bloc__title"))
    return {
        "row": row,
        "blocs": row.dossier.content["blocs"] if row.dossier else [],
        "accommodations": row.dossier.content["accommodations"] if row.dossier else [],
        "remark": candidacy.remarks.filter(member__user=request.user).first(),
        "form": form or DecisionForm(acquired=titles, initial=_initial(row.decision, live.ballot)),
    }


def _initial(decision: Decision | None, ballot: Ballot | None) -> dict[str, object]:
    """What stands: the decision recorded, else what the vote concluded, else nothing (the jury decides, R-JUR-4)."""
    if decision is None:
        return {"outcome": ballot.result} if ballot and ballot.result else {}
    return {name: getattr(decision, name) for name in ("outcome", "blocs", "motive")}
