"""The content of a procès-verbal, read once when the session closes (R-JUR-5)."""

from datetime import datetime

from django.utils import timezone

from core.models import JournalEntry
from juries.enums import Outcome
from juries.minutes_content import SCHEMA, AnchorContent, DecidedContent, MemberContent, MinutesContent, RecusalContent
from juries.models import Decision, JurySession
from juries.queries.recusals import barred_candidates, recusal_reasons

CLOSING = "session.closed"


def minutes_content(session: JurySession) -> MinutesContent:
    """What ``session``, closed, decided; every date in Paris, candidates in alphabetical order."""
    decisions = list(
        session.decisions.taken()
        .select_related("enrolment__candidate", "dossier")
        .order_by("enrolment__candidate__family_name", "enrolment__candidate__given_names", "enrolment__number")
    )
    proposals = {
        proposal.dossier_id: proposal
        for proposal in Decision.objects.proposed().filter(dossier__in=[decision.dossier_id for decision in decisions])
    }
    recusals = _recusals(session)
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
        "candidates": [
            _decided(decision, proposals[decision.dossier_id], recusals.get(str(decision.enrolment_id), []))
            for decision in decisions
        ],
        "journal": _anchor(session),
    }


def _decided(decision: Decision, proposal: Decision, recusals: list[RecusalContent]) -> DecidedContent:
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
        "recusals": recusals,
    }


def _members(session: JurySession) -> list[MemberContent]:
    members = session.members.select_related("user").order_by("-is_president", "user__last_name", "user__first_name")
    return [
        {
            "full_name": str(member.user),
            "capacity": member.get_capacity_display(),
            "presides": member.is_president,
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
    ]


def _anchor(session: JurySession) -> AnchorContent:
    entry = JournalEntry.objects.filter(verb=CLOSING, subject_id=str(session.pk)).latest("sequence")
    return {"sequence": entry.sequence, "hash": entry.hash}


def _local(at: datetime | None) -> str:
    assert at is not None  # a closed session is dated throughout, a constraint says so
    return timezone.localtime(at).isoformat(timespec="seconds")
