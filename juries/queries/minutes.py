"""The content of a procès-verbal, read once when the session closes (R-JUR-5)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from assessments.enums import SoutenanceState
from assessments.models import Soutenance
from core.models import JournalEntry
from core.templatetags.fr import time_fr
from juries.ballots import tally_in_words, was_settled
from juries.chairing import REFERRED
from juries.enums import Outcome, Presence
from juries.minutes_content import (
    SCHEMA,
    AnchorContent,
    BallotContent,
    DecidedContent,
    MemberContent,
    MinutesContent,
    NotedContent,
    RecusalContent,
)
from juries.models import Ballot, Candidacy, Decision, Dossier, JuryMember, JurySession, Minutes, Vote
from juries.queries.hearings import hearing_in_words
from juries.queries.recusals import barred_candidates, recusal_reasons

CLOSING = "session.closed"


def minutes_content(session: JurySession) -> MinutesContent:
    """What ``session``, closed, decided; every date in Paris, candidates in alphabetical order."""
    decisions = list(
        session.decisions.taken()
        .select_related("enrolment__candidate", "dossier", "supersedes__session", "postpones__session", "decided_by")
        .order_by("enrolment__candidate__family_name", "enrolment__candidate__given_names", "enrolment__number")
    )
    proposals = {
        proposal.dossier_id: proposal
        for proposal in Decision.objects.proposed().filter(dossier__in=[decision.dossier_id for decision in decisions])
    }
    recusals, ballots, interrupted = _recusals(session), _ballots(session), _interrupted(session)
    president = session.members.get(is_president=True)
    candidacies = {candidacy.enrolment_id: candidacy for candidacy in session.candidacies.all()}
    first = _any_dossier(session, decisions).content
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
        "incidents": _incidents(session),
        "candidates": [
            {
                **_decided(decision, proposals[decision.dossier_id]),
                "incidents": [*_incidents_told(decision), *interrupted.get(str(decision.enrolment_id), [])],
                "presided_by": _presided_by(decision, president),
                "referred": decision.motive == REFERRED,
                "recusals": recusals.get(str(decision.enrolment_id), []),
                "ballots": ballots.get(candidacies[decision.enrolment_id].pk, []),
                "supersedes": _former(decision.supersedes, candidacies[decision.enrolment_id]),
                "postpones": _former(decision.postpones, candidacies[decision.enrolment_id]),
                "hearing": hearing_in_words(candidacies[decision.enrolment_id], judged=decision.motive != REFERRED),
            }
            for decision in decisions
        ],
        "journal": _anchor(session),
    }


def _any_dossier(session: JurySession, decisions: list[Decision]) -> Dossier:
    """One that says the certification, its version and the règlement; when all were certified elsewhere, nobody's."""
    if decisions:
        return decisions[0].dossier
    return Dossier.objects.filter(enrolment__candidacies__session=session).order_by("-generated_at")[0]


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
        "incidents": [],
        "presided_by": "",
        "referred": False,
        "recusals": [],
        "ballots": [],
        "supersedes": "",
        "postpones": "",
    }


def _ballots(session: JurySession) -> dict[int, list[BallotContent]]:
    """The votes of the session, by candidacy, round by round."""
    told: dict[int, list[BallotContent]] = {}
    ballots = Ballot.objects.filter(candidacy__session=session).order_by("candidacy", "number")
    for ballot in ballots.prefetch_related("votes__member__user"):
        content: BallotContent = {
            "number": ballot.number,
            "secret": ballot.is_secret,
            "tally": tally_in_words(ballot.tally) or "aucune voix",
            "votes": [f"{vote.member.user} : {Outcome(vote.outcome).label}" for vote in _open_votes(ballot)],
            "result": Outcome(ballot.result).label if ballot.result else "",
            "settled": was_settled(ballot.tally, ballot.result),
        }
        told.setdefault(ballot.candidacy_id, []).append(content)
    return told


def _open_votes(ballot: Ballot) -> list[Vote]:
    return [vote for vote in ballot.votes.all() if vote.outcome]


def _former(former: Decision | None, candidacy: Candidacy) -> str:
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
        told.setdefault(entry.data["member"], []).append(f"{word} à {time_fr(entry.at)}")
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
            votes = member.votes.filter(ballot__candidacy__enrolment=enrolment).order_by("ballot__number")
            content: RecusalContent = {
                "member": str(member.user),
                "reason": ", ".join(recusal_reasons(member.user, enrolment)),
                "rounds": list(votes.values_list("ballot__number", flat=True)),
            }
            recusals.setdefault(str(enrolment.pk), []).append(content)
    return recusals


def _presided_by(decision: Decision, president: JuryMember) -> str:
    """Who presided for this candidate in the place of the president; whoever refers one judges nothing (R-JUR-2)."""
    replaced = decision.decided_by_id != president.user_id and decision.motive != REFERRED
    return str(decision.decided_by) if replaced else ""


def _incidents(session: JurySession) -> list[NotedContent]:
    """What was noted while the session was open, in order, to the minute."""
    noted = session.incidents.select_related("candidacy__enrolment__candidate")
    return [
        {
            "at": _local(one.noted_at),
            "about": one.candidacy.enrolment.candidate.full_name if one.candidacy else "",
            "text": one.text,
        }
        for one in noted
    ]


def _incidents_told(decision: Decision) -> list[str]:
    """The incidents of the soutenances that the dossier judged on tells."""
    told = []
    for time in decision.dossier.content.get("times", []):
        for incident in time["incidents"]:
            at = timezone.localtime(datetime.fromisoformat(incident["started_at"]))
            note = f" : {incident['note']}" if incident["note"] else ""
            told.append(
                f"{time['soutenance']}, {at:%d/%m/%Y} à {time_fr(at)}, "
                f"incident technique de {incident['minutes']} min{note}"
            )
    return told


def _interrupted(session: JurySession) -> dict[str, list[str]]:
    """The soutenances that an incident interrupted before the session closed, by enrolment; never their reasons."""
    told: dict[str, list[str]] = {}
    found = Soutenance.objects.filter(
        enrolment__candidacies__session=session,
        state=SoutenanceState.INTERRUPTED,
        starts_at__lte=session.closed_at,
    )
    for soutenance in found.order_by("starts_at"):
        at = timezone.localtime(soutenance.starts_at)
        said = (
            f"{soutenance.title or 'Soutenance'}, {at:%d/%m/%Y} à {time_fr(at)}, interrompue par un incident technique"
        )
        told.setdefault(str(soutenance.enrolment_id), []).append(said)
    return told


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
