"""The content of a procès-verbal, read once when the session closes (R-JUR-5)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from core.models import JournalEntry
from juries.ballots import tally_in_words
from juries.enums import Outcome, Presence
from juries.minutes_content import (
    SCHEMA,
    AnchorContent,
    BallotContent,
    DecidedContent,
    MemberContent,
    MinutesContent,
    RecusalContent,
)
from juries.models import Ballot, Candidacy, Decision, JuryMember, JurySession, Minutes, Vote
from juries.queries.recusals import barred_candidates, recusal_reasons

CLOSING = "session.closed"
INCIDENT = "session.incident_noted"


def minutes_content(session: JurySession) -> MinutesContent:
    """What ``session``, closed, decided; every date in Paris, candidates in alphabetical order."""
    decisions = list(
        session.decisions.taken()
        .select_related("enrolment__candidate", "dossier", "supersedes__session")
        .order_by("enrolment__candidate__family_name", "enrolment__candidate__given_names", "enrolment__number")
    )
    proposals = {
        proposal.dossier_id: proposal
        for proposal in Decision.objects.proposed().filter(dossier__in=[decision.dossier_id for decision in decisions])
    }
    recusals, ballots = _recusals(session), _ballots(session)
    candidacies = {candidacy.enrolment_id: candidacy for candidacy in session.candidacies.all()}
    first = decisions[0].dossier.content
    return {
        "schema": SCHEMA,
        "certification": first["certification"],
        "referentiel": first["referentiel"],
        "reglement": [*first["reglement"]["settings"], *_composition(session)],
        "session": {
            "name": session.name,
            "place": session.place,
            "held_at": _local(session.held_at),
            "opened_at": _local(session.opened_at),
            "closed_at": _local(session.closed_at),
        },
        "members": _members(session),
        "incidents": [
            {"at": _local(entry.at), "text": entry.reason, "by": str(entry.actor)} for entry in incidents_of(session)
        ],
        "candidates": [
            {
                **_decided(decision, proposals[decision.dossier_id]),
                "recusals": recusals.get(str(decision.enrolment_id), []),
                "ballots": ballots.get(candidacies[decision.enrolment_id].pk, []),
                "supersedes": _superseded(decision, candidacies[decision.enrolment_id]),
            }
            for decision in decisions
        ],
        "journal": _anchor(session),
    }


def incidents_of(session: JurySession) -> QuerySet[JournalEntry]:
    """What was noted while the session was open, in order; the journal is the record (R-JUR-5, R-ALL-1)."""
    noted = JournalEntry.objects.filter(verb=INCIDENT, subject_id=str(session.pk))
    return noted.select_related("actor").order_by("sequence")


def _decided(decision: Decision, proposal: Decision) -> DecidedContent:
    enrolment, content = decision.enrolment, decision.dossier.content
    return {
        "full_name": content["candidate"]["full_name"],
        "birth_date": content["candidate"]["birth_date"],
        "number": enrolment.number,
        "voie_acces": content["enrolment"]["voie_acces"],
        "dossier_revision": decision.dossier.revision,
        "dossier_fingerprint": decision.dossier.fingerprint,
        "accommodations": content["accommodations"],
        "proposed": Outcome(proposal.outcome).label,
        "outcome": decision.outcome,
        "outcome_label": Outcome(decision.outcome).label,
        "motive": decision.motive,
        "blocs": [
            {"number": bloc["number"], "title": bloc["title"], "acknowledged": bloc["number"] in decision.blocs}
            for bloc in content["blocs"]
        ],
        "recusals": [],
        "ballots": [],
        "supersedes": "",
    }


def _ballots(session: JurySession) -> dict[int, list[BallotContent]]:
    """The votes of the session, by candidacy, round by round."""
    told: dict[int, list[BallotContent]] = {}
    ballots = Ballot.objects.filter(candidacy__session=session).order_by("candidacy", "number")
    for ballot in ballots.prefetch_related("votes__member__user"):
        content: BallotContent = {
            "number": ballot.number,
            "secret": ballot.is_secret,
            "tally": tally_in_words(ballot.tally),
            "votes": [f"{vote.member.user} : {Outcome(vote.outcome).label}" for vote in _open_votes(ballot)],
            "result": Outcome(ballot.result).label,
        }
        told.setdefault(ballot.candidacy_id, []).append(content)
    return told


def _open_votes(ballot: Ballot) -> list[Vote]:
    return [vote for vote in ballot.votes.all() if vote.outcome]


def _superseded(decision: Decision, candidacy: Candidacy) -> str:
    former = decision.supersedes
    if former is None or former.session is None:
        return ""
    day = timezone.localdate(former.session.held_at)
    why = candidacy.reexamination_reason or "nouvelle présentation devant le jury"
    return f"« {Outcome(former.outcome).label} », session « {former.session.name} » du {day:%d/%m/%Y} : {why}"


def _movements(session: JurySession) -> dict[str, list[str]]:
    """At what hour each member came or left while the session was open, from the journal, by account."""
    told: dict[str, list[str]] = {}
    entries = JournalEntry.objects.filter(verb="session.presence_changed", subject_id=str(session.pk))
    for entry in entries.order_by("sequence"):
        word = "arrivé(e)" if entry.data["presence"] == Presence.PRESENT else "parti(e)"
        told.setdefault(entry.data["member"], []).append(f"{word} à {timezone.localtime(entry.at):%H h %M}")
    return told


def _members(session: JurySession) -> list[MemberContent]:
    members = session.members.select_related("user").order_by(
        "-is_president", "is_substitute", "user__last_name", "user__first_name"
    )
    movements = _movements(session)
    return [
        {
            "full_name": str(member.user),
            "capacity": member.get_capacity_display(),
            "presides": member.is_president,
            "substitute": member.is_substitute,
            "present": member.presence == Presence.PRESENT,
            "movements": movements.get(str(member.user_id), []),
        }
        for member in members
    ]


def _recusals(session: JurySession) -> dict[str, list[RecusalContent]]:
    """Who stood back, by enrolment; as many queries as members, and more only where someone did."""
    recusals: dict[str, list[RecusalContent]] = {}
    for member in session.members.select_related("user"):
        for enrolment in barred_candidates(member.user, session):
            reason = ", ".join(recusal_reasons(member.user, enrolment))
            recusals.setdefault(str(enrolment.pk), []).append({"member": str(member.user), "reason": reason})
    return recusals


def _composition(session: JurySession) -> list[str]:
    reglement = session.referentiel.reglement
    return [
        f"Le jury compte au moins {reglement.jury_minimum} membres, dont au moins "
        f"{reglement.jury_external_percent}\u00a0% de professionnels extérieurs, et un président.",
        f"Il délibère avec {reglement.jury_quorum_percent}\u00a0% de ses membres au moins, le président présent ; "
        f"les votes sont {'secrets' if reglement.vote_secret else 'à main levée'}, la voix du président départage.",
    ]


def _anchor(session: JurySession) -> AnchorContent:
    entry = JournalEntry.objects.filter(verb=CLOSING, subject_id=str(session.pk)).latest("sequence")
    return {"sequence": entry.sequence, "hash": entry.hash}


def _local(at: datetime | None) -> str:
    assert at is not None  # a closed session is dated throughout, a constraint says so
    return timezone.localtime(at).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Signer:
    """A member who was present, and when they signed; None while they have not."""

    member: JuryMember
    signed_at: datetime | None


def signing_of(minutes: Minutes) -> list[Signer]:
    """Who signs this procès-verbal, in the order of the jury; two queries."""
    signed = dict(minutes.signatures.values_list("member", "signed_at"))
    present = JuryMember.objects.filter(session=minutes.session_id, presence=Presence.PRESENT).select_related("user")
    return [Signer(member, signed.get(member.pk)) for member in present]
