"""A certification ready to be delivered, and what its parchemins bear."""

from datetime import date

from accounts.enums import Role
from juries.services.delivering import delivery_values, set_delivery
from referentiel.models import Referentiel
from referentiel.nodes import seen_as
from referentiel.services.settling import record_registration
from tests.accounts.factories import UserFactory

MENTIONS = {
    "legal_name": "Certificateur d’essai SAS",
    "place": "Nantes",
    "signatory": "Aurore Lemaître",
    "signatory_title": "Directrice de la certification",
}
DECIDED_ON = date(2024, 4, 24)


def ready_to_deliver(referentiel: Referentiel, **mentions: str) -> None:
    """Délivrance filled in, registration noted."""
    administrateur = UserFactory(roles=[Role.ADMINISTRATEUR])
    certification = referentiel.certification
    set_delivery(
        certification,
        values={**MENTIONS, **mentions},
        by=administrateur,
        seen=seen_as(delivery_values(certification)),
    )
    record_registration(
        referentiel,
        decided_on=DECIDED_ON,
        ends_on=date(2029, 4, 24),
        delivery_limit_on=date(2033, 4, 24),
        by=administrateur,
    )
