"""What one member sees of the deliberation: the candidate before the jury, and what moves while they watch."""

from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from core.fingerprints import canonical_json, sha256_hex
from juries.ballots import tally_in_words
from juries.enums import Outcome, Presence
from juries.models import Ballot, Candidacy, Decision, Dossier, Incident, JuryMember, JurySession, Remark
from juries.queries.chairing import chair_among
from juries.queries.composition import sitting_failings
from juries.queries.hearings import unnoted_hearings
from juries.queries.recusals import barred_members


@dataclass(frozen=True)
class Order:
    """Where the candidate stands among those of the session; neighbours are enrolments, ``undecided`` the next one.

    Once all are decided, ``unheard`` is the next one of whom nobody noted whether they were heard.
    """

    position: int
    total: int
    decided: int
    previous: UUID | None
    following: UUID | None
    undecided: UUID | None
    unheard: UUID | None


@dataclass(frozen=True)
class Seated:
    """A member beside the deliberation of one candidate: ``stands_back`` says why they are out of it, "" otherwise."""

    member: JuryMember
    is_present: bool
    stands_back: str
    has_voted: bool
    vote: str


@dataclass(frozen=True)
class Live:
    """What the members' screens follow; two equal ``stamp`` look the same to this member.

    ``chair`` presides for this candidate, None when nobody present may; ``chairs`` says whether it is this member.
    ``dossier`` is the revision to decide on, without its content; ``incidents`` are those of this candidate and of
    nobody, among all that were ``noted``. ``page`` names what the rest of the screen was made
    from: when it changes, the screen is to be loaded again.
    """

    seats: tuple[Seated, ...]
    chair: JuryMember | None
    chairs: bool
    lacking: tuple[str, ...]
    ballot: Ballot | None
    rounds: tuple[str, ...]
    may_vote: bool
    remarks: tuple[Remark, ...]
    decision: Decision | None
    dossier: Dossier | None
    incidents: tuple[Incident, ...]
    noted: int
    page: str
    stamp: str


def order_of(session: JurySession, candidacy: Candidacy) -> Order:
    """Two queries, whatever the number of candidates, and those of ``unnoted_hearings`` once all are decided."""
    keys = list(session.candidacies.values_list("enrolment_id", flat=True))
    decided = set(session.decisions.taken().values_list("enrolment_id", flat=True))
    index = keys.index(candidacy.enrolment_id)
    turn = [*keys[index + 1 :], *keys[:index]]
    later = [key for key in turn if key not in decided]
    unheard = {one.enrolment_id for one in unnoted_hearings(session)} if len(decided) == len(keys) else set()
    return Order(
        position=index + 1,
        total=len(keys),
        decided=len(decided),
        previous=keys[index - 1] if index else None,
        following=keys[index + 1] if index + 1 < len(keys) else None,
        undecided=later[0] if later else None,
        unheard=next((key for key in [candidacy.enrolment_id, *turn] if key in unheard), None),
    )


def live_of(session: JurySession, candidacy: Candidacy, user: User) -> Live:
    """As many queries whatever the number of members and of candidates."""
    ballots = list(candidacy.ballots.order_by("number").prefetch_related("votes"))
    ballot = ballots[-1] if ballots else None
    seats = tuple(_seats(session, candidacy, ballot))
    remarks = tuple(candidacy.remarks.exclude(shared_at=None).select_related("member__user").order_by("shared_at"))
    decision = session.decisions.taken().filter(enrolment=candidacy.enrolment_id).select_related("decided_by").first()
    lacking = sitting_failings(session)
    dossier = candidacy.enrolment.dossiers.as_evidence_stands().defer("content_json").first()
    noted = list(session.incidents.all())
    chair = chair_among(session.members.all(), {seat.member.user_id for seat in seats if seat.stands_back})
    own = next((seat for seat in seats if seat.member.user_id == user.pk), None)
    is_open = ballot is not None and ballot.closed_at is None
    chairs = bool(chair and chair.user_id == user.pk)
    stands_back = bool(own and own.stands_back)
    shown = {None} if stands_back else {None, candidacy.pk}
    page = _page(stands_back, chair, chairs, dossier)
    return Live(
        seats=seats,
        chair=chair,
        chairs=chairs,
        lacking=lacking,
        ballot=ballot,
        rounds=tuple(_round_in_words(one) for one in ballots if one.closed_at),
        may_vote=bool(is_open and own and own.is_present and not own.stands_back and not own.has_voted),
        remarks=remarks,
        decision=decision,
        dossier=dossier,
        incidents=tuple(one for one in noted if one.candidacy_id in shown),
        noted=len(noted),
        page=page,
        stamp=_stamp(seats, lacking, ballot, remarks, decision, len(noted), candidacy, page),
    )


def _seats(session: JurySession, candidacy: Candidacy, ballot: Ballot | None) -> list[Seated]:
    barred = barred_members(session, candidacy.enrolment)
    votes = {vote.member_id: vote for vote in ballot.votes.all()} if ballot else {}
    return [
        Seated(
            member=member,
            is_present=member.presence == Presence.PRESENT,
            stands_back=barred.get(member.user_id, ""),
            has_voted=member.pk in votes,
            vote=_told(votes[member.pk].outcome) if ballot and ballot.closed_at and member.pk in votes else "",
        )
        for member in session.members.all()
    ]


def _told(outcome: str) -> str:
    return Outcome(outcome).label if outcome else ""


def _round_in_words(ballot: Ballot) -> str:
    secret = " (secret)" if ballot.is_secret else ""
    concluded = Outcome(ballot.result).label if ballot.result else "sans résultat"
    return f"Scrutin {ballot.number}{secret} : {tally_in_words(ballot.tally) or 'aucune voix'} → {concluded}"


def _page(stands_back: bool, chair: JuryMember | None, chairs: bool, dossier: Dossier | None) -> str:
    """Nothing of a candidate's dossier for who stands back; who presides for them, only whether it is this member."""
    if stands_back:
        return f"out {chair.pk if chair else ''}"
    revision = f"{dossier.pk} {'stale' if dossier.is_stale else 'current'}" if dossier else ""
    return f"in {'chair' if chairs else ''} {revision}"


def _stamp(
    seats: tuple[Seated, ...],
    lacking: tuple[str, ...],
    ballot: Ballot | None,
    remarks: tuple[Remark, ...],
    decision: Decision | None,
    noted: int,
    candidacy: Candidacy,
    page: str,
) -> str:
    seen = {
        "seats": [[seat.member.pk, seat.is_present, seat.stands_back, seat.has_voted] for seat in seats],
        "lacking": list(lacking),
        "ballot": [str(ballot.pk), ballot.closed_at is None] if ballot else [],
        "remarks": [[remark.pk, remark.version] for remark in remarks],
        "incidents": noted,
        "hearing": [candidacy.hearing_noted_at.isoformat()] if candidacy.hearing_noted_at else [],
        "page": page,
        "decision": [decision.decided_at.isoformat(), decision.outcome] if decision else [],
    }
    return sha256_hex(canonical_json(seen))[:16]


def candidacy_before(session: JurySession) -> Candidacy | None:
    """The candidate called before the jury, if any."""
    if session.current_id is None:
        return None
    return (
        Candidacy.objects.filter(pk=session.current_id)
        .select_related("enrolment__candidate", "enrolment__referentiel", "reexamines__session", "hearing_noted_by")
        .first()
    )
