"""The deliberation: one candidate at a time, one vote per member (R-JUR-2, R-JUR-4)."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from candidates.models import Enrolment
from core import journal
from core.exceptions import Refusal
from juries.ballots import TieWithoutCastingVoteError, result_of
from juries.enums import Outcome, Presence, SessionState
from juries.models import Ballot, Candidacy, JuryMember, JurySession, Vote
from juries.queries.chairing import chair_of, presiding_problem, recused_voters
from juries.queries.composition import sitting_failings
from juries.queries.recusals import barred_members, recusal_reasons
from juries.services.deciding import lawful_outcomes
from juries.services.locking import locked_in


class UnlawfulVote(Refusal):
    """A rule forbids this vote; the sentence says which."""


def call_candidate(session: JurySession, *, enrolment: UUID, by: User) -> None:
    """Put one candidate before the jury: every member's screen follows."""
    with transaction.atomic():
        locked = locked_in(session, SessionState.OPEN)
        called = locked.candidacies.get(enrolment=enrolment)
        if locked.current_id == called.pk:
            return
        if Ballot.objects.filter(candidacy=locked.current_id, closed_at=None).exists():
            raise Refusal("Un scrutin est ouvert : closez-le avant d’appeler un autre candidat.")
        JurySession.objects.filter(pk=locked.pk).update(current=called)
        journal.record("session.candidate_called", locked, by=by, data={"enrolment": str(enrolment)})


def open_ballot(candidacy: Candidacy, *, by: User) -> Ballot:
    """Ask the members to vote on this candidate; a further round may follow a closed one."""
    with transaction.atomic():
        session = _sitting(candidacy)
        _refuse_unless_presiding(session, candidacy.enrolment, by)
        if session.current_id != candidacy.pk:
            raise Refusal(f"Appelez d’abord {candidacy.enrolment.candidate} : le jury vote sur le candidat devant lui.")
        if candidacy.ballots.filter(closed_at=None).exists():
            raise Refusal("Un scrutin est déjà ouvert sur ce candidat.")
        ballot = Ballot.objects.create(
            candidacy=candidacy,
            number=candidacy.ballots.count() + 1,
            is_secret=bool(session.referentiel.reglement.vote_secret),
            opened_at=timezone.now(),
        )
        told = {"enrolment": str(candidacy.enrolment_id), "number": ballot.number, "secret": ballot.is_secret}
        journal.record("ballot.opened", ballot, by=by, data=told)
    return ballot


def cast_vote(ballot: Ballot, *, outcome: Outcome, by: User) -> None:
    """Vote once. Of a secret ballot, only that ``by`` voted is kept beside their name; the journal says no more."""
    with transaction.atomic():
        session = _sitting(ballot.candidacy)
        locked = Ballot.objects.select_for_update().get(pk=ballot.pk)
        if locked.closed_at:
            raise UnlawfulVote("Ce scrutin est clos : il ne reçoit plus de vote.")
        member = _voter(session, ballot.candidacy, by)
        if outcome not in lawful_outcomes(ballot.candidacy.enrolment):
            raise UnlawfulVote(f"« {Outcome(outcome).label} » n’est pas possible : voyez les blocs acquis.")
        said = "" if locked.is_secret else outcome
        try:
            with transaction.atomic():
                Vote.objects.create(ballot=locked, member=member, outcome=said, cast_at=timezone.now())
        except IntegrityError as error:
            raise UnlawfulVote("Vous avez déjà voté dans ce scrutin.") from error
        locked.tally[outcome] = locked.tally.get(outcome, 0) + 1
        chair = chair_of(session, ballot.candidacy.enrolment)
        if chair and member.pk == chair.pk:
            locked.casting = outcome
        locked.save(update_fields=["tally", "casting"])
        journal.record("ballot.voted", locked, by=by, data={"outcome": said} if said else {})


def close_ballot(ballot: Ballot, *, by: User) -> Outcome | None:
    """Count: the most votes decide, that of who presides settles a tie.

    None, and the round has no result, when a voter was recused since, or when all have voted and nothing settles a tie:
    another round follows. Raises UnlawfulVote when nobody voted, when a vote still awaited may settle, or when those
    present no longer make a lawful jury.
    """
    with transaction.atomic():
        session = _sitting(ballot.candidacy)
        locked = Ballot.objects.select_for_update().get(pk=ballot.pk)
        _refuse_unless_presiding(session, locked.candidacy.enrolment, by)
        if locked.closed_at is None:
            conclude_ballot(locked, result=_result(session, locked), by=by)
    return Outcome(locked.result) if locked.result else None


def conclude_ballot(locked: Ballot, *, result: str, by: User) -> None:
    """Close a locked round on ``result``, "" when it decides nothing; the journal keeps the count."""
    locked.result, locked.closed_at = result, timezone.now()
    locked.save(update_fields=["result", "closed_at"])
    journal.record("ballot.closed", locked, by=by, data={"tally": locked.tally, "result": result})


def _refuse_unless_presiding(session: JurySession, enrolment: Enrolment, by: User) -> None:
    if problem := presiding_problem(session, enrolment, by):
        raise UnlawfulVote(problem)


def _result(session: JurySession, ballot: Ballot) -> str:
    if recused_voters(ballot):
        return ""
    if not ballot.tally:
        raise UnlawfulVote("Personne n’a encore voté.")
    try:
        return result_of(ballot.tally, casting=ballot.casting)
    except TieWithoutCastingVoteError as error:
        if _has_everybody_voted(session, ballot):
            return ""
        raise UnlawfulVote(
            "Les voix sont partagées et celle de qui préside ne les départage pas : attendez les votes qui manquent, "
            "ou constatez le départ des absents."
        ) from error


def _has_everybody_voted(session: JurySession, ballot: Ballot) -> bool:
    barred = barred_members(session, ballot.candidacy.enrolment)
    awaited = session.members.filter(presence=Presence.PRESENT).exclude(user__in=barred)
    return not awaited.exclude(votes__ballot=ballot).exists()


def _sitting(candidacy: Candidacy) -> JurySession:
    """The open session of ``candidacy``, locked, with its quorum."""
    session = locked_in(candidacy.session, SessionState.OPEN)
    if problems := sitting_failings(session):
        raise UnlawfulVote(" ".join(problems))
    return session


def _voter(session: JurySession, candidacy: Candidacy, by: User) -> JuryMember:
    member = session.members.filter(user=by).first()
    if member is None:
        raise UnlawfulVote("Vous ne siégez pas dans cette session.")
    if member.presence != Presence.PRESENT:
        raise UnlawfulVote("Vous êtes noté absent : demandez au président de constater votre présence.")
    if reasons := recusal_reasons(by, candidacy.enrolment):
        raise UnlawfulVote(f"Vous êtes récusé pour ce candidat ({reasons[0]}) : vous ne votez pas.")
    return member
