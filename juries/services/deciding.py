"""The jury's decision about one candidate (R-JUR-2, R-JUR-4)."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from candidates.models import Enrolment
from core import journal
from core.exceptions import Refusal
from juries.enums import Outcome, SessionState, Stage
from juries.models import Ballot, Candidacy, Decision, Dossier, JurySession
from juries.queries.chairing import presiding_problem, recused_voters
from juries.queries.composition import sitting_failings
from juries.queries.recusals import recusal_reasons
from referentiel.models import Registration


class UnlawfulDecision(Refusal):
    """A rule forbids this decision; the sentence says which."""


def take_decision(
    session: JurySession,
    *,
    enrolment: Enrolment,
    dossier: Dossier,
    outcome: Outcome,
    by: User,
    motive: str = "",
    blocs: Iterable[int] = (),
) -> Decision:
    """Record what the jury decided on a named revision of the dossier; may be taken again until the session closes.

    Taken again in the same terms, it stays as it was, date included. Raises UnlawfulDecision; nothing is changed then.
    """
    with transaction.atomic():
        locked = JurySession.objects.select_for_update().get(pk=session.pk)
        Enrolment.objects.select_for_update().get(pk=enrolment.pk)
        _refuse_out_of_place(locked, enrolment, by)
        proposal = _proposal_of_latest(dossier, enrolment)
        acquired = set(enrolment.bloc_acquisitions.standing().values_list("bloc__number", flat=True))
        acknowledged = _acknowledged(outcome, set(blocs), acquired)
        _refuse_against_the_vote(locked, enrolment, outcome)
        _refuse_unlawful(outcome, enrolment, acquired)
        motive = motive.strip()
        if (outcome, acknowledged) != (proposal.outcome, proposal.blocs) and not motive:
            raise UnlawfulDecision("La décision s’écarte de la proposition : indiquez le motif du jury.")
        said = {"dossier": dossier, "outcome": outcome, "blocs": acknowledged, "motive": motive}
        standing = Decision.objects.taken().filter(session=locked, enrolment=enrolment).first()
        if standing and _says(standing, said) and not _recused_since(standing):
            return standing
        return write_decision(standing, session=locked, enrolment=enrolment, said=said, proposal=proposal, by=by)


def lawful_outcomes(enrolment: Enrolment) -> list[Outcome]:
    """What a jury may decide about a candidate, given the blocs that stand (R-JUR-4)."""
    acquired = set(enrolment.bloc_acquisitions.standing().values_list("bloc__number", flat=True))
    needed = set(enrolment.referentiel.blocs.values_list("number", flat=True))
    impossible = set()
    if needed - acquired:
        impossible.add(Outcome.CERTIFIED)
    if not acquired:
        impossible.add(Outcome.PARTIAL)
    return [outcome for outcome in Outcome if outcome not in impossible]


def refuse_touching_what_is_decided(enrolment: Enrolment) -> None:
    """Raise UnlawfulDecision when a decision rests on the evidence of ``enrolment``, in a session closed or not.

    An adjournment rests on nothing: it awaits more evidence (R-SCO-8).
    """
    resting = Decision.objects.taken().filter(enrolment=enrolment).exclude(outcome=Outcome.ADJOURNED)
    decision = resting.select_related("session").order_by("decided_at").first()
    if decision and decision.session:
        day = timezone.localdate(decision.session.held_at)
        raise UnlawfulDecision(
            f"Une décision repose sur cette grille : « {decision.get_outcome_display()} », prise par la session "
            f"« {decision.session.name} » du {day:%d/%m/%Y}. Elle ne peut plus être rouverte."
        )


def write_decision(
    standing: Decision | None,
    *,
    session: JurySession,
    enrolment: Enrolment,
    said: dict[str, Any],
    proposal: Decision,
    by: User,
) -> Decision:
    """The decision, or what replaces the one that stood; the journal keeps both. The caller has checked that it may."""
    decision = standing or Decision(session=session, enrolment=enrolment, stage=Stage.TAKEN)
    former = _former(standing) if standing else Decision.objects.live().filter(enrolment=enrolment).first()
    postponing = former is not None and _postpones(decision, former, said["outcome"])
    written = {
        **said,
        "supersedes": None if postponing else former,
        "postpones": former if postponing else None,
        "reasons": proposal.reasons,
        "decided_at": timezone.now(),
        "decided_by": by,
    }
    for name, value in written.items():
        setattr(decision, name, value)
    decision.save()
    journal.record(
        "decision.taken_again" if standing else "decision.taken",
        decision,
        by=by,
        reason=said["motive"],
        data={
            "outcome": decision.outcome,
            "blocs": decision.blocs,
            "dossier": str(decision.dossier_id),
            "proposed": proposal.outcome,
        },
    )
    return decision


def _former(decision: Decision) -> Decision | None:
    """The decision that was in force before this one was taken."""
    return decision.supersedes or decision.postpones


def _postpones(decision: Decision, former: Decision, outcome: Outcome) -> bool:
    """Whether ``decision``, of this ``outcome``, leaves ``former`` in force (R-JUR-5).

    Adjourning a re-examination decides nothing: what the candidate holds stays theirs until a jury has decided again.
    """
    if outcome != Outcome.ADJOURNED or former.outcome == Outcome.ADJOURNED:
        return False
    return Candidacy.objects.filter(session=decision.session, reexamines=former).exists()


def _says(standing: Decision, said: dict[str, Any]) -> bool:
    return all(getattr(standing, name) == value for name, value in said.items())


def _recused_since(standing: Decision) -> bool:
    """Whether who recorded it stands back now: it is then recorded again by who presides in their place (R-JUR-2)."""
    return standing.decided_by is not None and bool(recusal_reasons(standing.decided_by, standing.enrolment))


def _refuse_out_of_place(session: JurySession, enrolment: Enrolment, by: User) -> None:
    if session.state != SessionState.OPEN:
        raise UnlawfulDecision("La session n’est pas ouverte : aucune décision ne peut être prise.")
    candidacy = session.candidacies.filter(enrolment=enrolment).first()
    if candidacy is None:
        raise UnlawfulDecision("Ce candidat n’est pas inscrit à cette session.")
    elsewhere = enrolment.decisions.live().exclude(session=session).select_related("session").first()
    if elsewhere and elsewhere.session and not elsewhere.session.is_closed:
        raise UnlawfulDecision(
            f"La session « {elsewhere.session.name} » a déjà décidé pour ce candidat et n’est pas close : "
            "attendez sa clôture."
        )
    if elsewhere and elsewhere.outcome == Outcome.CERTIFIED and candidacy.reexamines_id != elsewhere.pk:
        raise UnlawfulDecision("Ce candidat est déjà certifié par un jury : une correction passe par un réexamen.")
    if problems := sitting_failings(session):
        raise UnlawfulDecision(" ".join(problems))
    if problem := presiding_problem(session, enrolment, by):
        raise UnlawfulDecision(problem)


def _refuse_against_the_vote(session: JurySession, enrolment: Enrolment, outcome: Outcome) -> None:
    """Where the jury voted, its last ballot decides; without a ballot, it decided by consensus (R-JUR-4)."""
    last = Ballot.objects.filter(candidacy__session=session, candidacy__enrolment=enrolment).order_by("number").last()
    if last is None:
        return
    if last.closed_at is None:
        raise UnlawfulDecision("Un scrutin est ouvert sur ce candidat : closez-le, puis enregistrez la décision.")
    if recused := recused_voters(last):
        raise UnlawfulDecision(
            f"Le scrutin compte la voix de {recused[0].user}, récusé depuis : ouvrez un autre scrutin."
        )
    if not last.result:
        raise UnlawfulDecision("Le dernier scrutin n’a rien conclu : ouvrez un autre scrutin après discussion.")
    if last.result != outcome:
        raise UnlawfulDecision(
            f"Le scrutin a conclu « {Outcome(last.result).label} » : la décision est celle du vote. "
            "Pour en changer, ouvrez un autre scrutin."
        )


def _proposal_of_latest(dossier: Dossier, enrolment: Enrolment) -> Decision:
    """The proposal of ``dossier``, which must be the candidate's latest revision and not stale (R-JUR-3)."""
    latest = enrolment.dossiers.as_evidence_stands().first()
    if latest is None or latest.pk != dossier.pk or latest.is_stale:
        raise UnlawfulDecision(
            "Ce dossier n’est plus à jour. Demandez une nouvelle révision, relisez-la, puis décidez."
        )
    return latest.decisions.proposed().get()


def _acknowledged(outcome: Outcome, blocs: set[int], acquired: set[int]) -> list[int]:
    """The blocs the decision names: all the acquired ones, or those chosen among them for a partial one."""
    if outcome == Outcome.CERTIFIED:
        return sorted(acquired)
    if outcome != Outcome.PARTIAL:
        return []
    chosen = blocs or acquired
    if not chosen:
        raise UnlawfulDecision("Aucun bloc n’est acquis : une validation partielle en reconnaît au moins un.")
    if strangers := sorted(chosen - acquired):
        raise UnlawfulDecision(f"Bloc non acquis : {', '.join(map(str, strangers))}.")
    return sorted(chosen)


def _refuse_unlawful(outcome: Outcome, enrolment: Enrolment, acquired: set[int]) -> None:
    """Nobody is certified without all blocs (R-JUR-4), nor after the limit of delivery (R-REF-5)."""
    if outcome != Outcome.CERTIFIED:
        return
    needed = set(enrolment.referentiel.blocs.values_list("number", flat=True))
    if missing := sorted(needed - acquired):
        named = ", ".join(f"bloc {number}" for number in missing)
        raise UnlawfulDecision(f"La certification demande tous les blocs. Non acquis : {named}.")
    registration = Registration.objects.filter(referentiel_id=enrolment.referentiel_id).first()
    if registration and timezone.localdate() > registration.delivery_limit_on:
        raise UnlawfulDecision(
            f"La date limite de délivrance ({registration.delivery_limit_on:%d/%m/%Y}) est passée : "
            "cette version ne peut plus être délivrée."
        )
