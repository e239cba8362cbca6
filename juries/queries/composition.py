"""What the règlement thinks of a session's jury, as it is seated and as it is present (R-JUR-1)."""

from collections.abc import Iterable

from candidates.enums import VoieAcces
from juries.composition import CompositionRule, Seat, balance_warning, failings, quorum_failings, rules_for, titulars
from juries.enums import Capacity, Presence
from juries.models import JuryMember, JurySession
from referentiel.models import Reglement


def composition_failings(session: JurySession) -> tuple[str, ...]:
    """The rules the seated jury does not meet, substitutes left aside, in words."""
    seats = titulars(seats_of(session.members.all()))
    return failings(seats, rules=_rules(session))


def composition_warning(session: JurySession) -> str:
    """What is recommended and not met; "" when there is nothing to say."""
    return balance_warning(seats_of(session.members.all()))


def sitting_failings(session: JurySession) -> tuple[str, ...]:
    """The rules those present do not meet: quorum first, then composition, for it is they who decide."""
    seats = seats_of(session.members.all())
    reglement: Reglement = session.referentiel.reglement
    lacking = quorum_failings(seats, quorum_percent=reglement.jury_quorum_percent)
    return lacking or failings([seat for seat in seats if seat.is_present], rules=_rules(session))


def seats_of(members: Iterable[JuryMember]) -> list[Seat]:
    return [
        Seat(
            Capacity(member.capacity),
            is_president=member.is_president,
            is_substitute=member.is_substitute,
            is_present=member.presence == Presence.PRESENT,
            civility=member.civility,
        )
        for member in members
    ]


def _rules(session: JurySession) -> tuple[CompositionRule, ...]:
    reglement: Reglement = session.referentiel.reglement
    vae = {"minimum": reglement.jury_vae_minimum, "external_percent": reglement.jury_vae_external_percent}
    asked = {name: value for name, value in vae.items() if value is not None}
    presented = set(session.candidacies.values_list("enrolment__voie_acces", flat=True)) if asked else set()
    return rules_for(
        reglement.jury_minimum,
        reglement.jury_external_percent,
        voies={VoieAcces.VAE: asked} if asked else {},
        presented={voie: VoieAcces(voie).label for voie in sorted(presented)},
    )
