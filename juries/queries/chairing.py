"""Who presides the deliberation about one candidate, and what was done by somebody recused since (R-JUR-2)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from candidates.models import Enrolment
from juries.chairing import REFERRED, Presiding, presides_over
from juries.enums import Outcome, Presence
from juries.models import Ballot, JuryMember, JurySession, Vote
from juries.queries.recusals import barred_candidates, barred_members


def chair_of(session: JurySession, enrolment: Enrolment) -> JuryMember | None:
    """Who presides for this candidate; None when no member present may judge them."""
    return chair_among(list(session.members.select_related("user")), set(barred_members(session, enrolment)))


def chair_among(members: Collection[JuryMember], barred: Collection[UUID]) -> JuryMember | None:
    """The same, from the members and the accounts of those who stand back, already read."""
    seats = {
        Presiding(
            rank=member.pk,
            is_president=member.is_president,
            is_substitute=member.is_substitute,
            is_present=member.presence == Presence.PRESENT,
            stands_back=member.user_id in barred,
        ): member
        for member in members
    }
    found = presides_over(list(seats))
    return seats[found] if found else None


def presiding_problem(session: JurySession, enrolment: Enrolment, user: User) -> str:
    """Why ``user`` may not act for the jury about this candidate, with what to do; "" for who presides (R-JUR-2)."""
    barred = barred_members(session, enrolment)
    chair = chair_among(list(session.members.select_related("user")), set(barred))
    if chair is None:
        return (
            "Aucun membre présent ne peut se prononcer sur ce candidat : constatez l’arrivée d’un autre membre, ou "
            "renvoyez le candidat à une autre session."
        )
    if chair.user_id == user.pk:
        return ""
    if user.pk in barred:
        return (
            f"Vous ne pouvez pas vous prononcer sur ce candidat : {barred[user.pk]}. "
            f"{chair.user} préside sa délibération."
        )
    return f"{chair.user} préside la délibération sur ce candidat : cet acte lui revient."


def recused_voters(ballot: Ballot) -> list[JuryMember]:
    """Those who voted in this round and stand back now: a link told, or found, after they did."""
    candidacy = ballot.candidacy
    barred = barred_members(candidacy.session, candidacy.enrolment)
    voters = JuryMember.objects.filter(votes__ballot=ballot).select_related("user")
    return [member for member in voters if member.user_id in barred]


@dataclass(frozen=True)
class Tainted:
    """A decision that somebody recused since recorded, or voted for."""

    enrolment: Enrolment
    member: JuryMember


def tainted_decisions(session: JurySession) -> Iterator[Tainted]:
    """The decisions of ``session`` that one of the recused had a hand in; four queries, and one more for each member.

    To refer a candidate whom nobody may judge to another session judges nothing: whoever does it taints nothing.
    """
    judged = session.decisions.taken().exclude(outcome=Outcome.ADJOURNED, motive=REFERRED)
    decided = dict(judged.values_list("enrolment", "decided_by"))
    voted = set(_last_votes(session))
    for member in session.members.select_related("user"):
        for enrolment in barred_candidates(member.user, session):
            if enrolment.pk not in decided:
                continue
            if decided[enrolment.pk] == member.user_id or (member.pk, enrolment.pk) in voted:
                yield Tainted(enrolment, member)


def _last_votes(session: JurySession) -> Iterator[tuple[int, UUID]]:
    """Who voted in the last round about whom: (member, enrolment)."""
    last = dict(
        Ballot.objects.filter(candidacy__session=session).order_by("number").values_list("candidacy__enrolment", "pk")
    )
    votes = Vote.objects.filter(ballot__in=last.values())
    yield from votes.values_list("member", "ballot__candidacy__enrolment")
