"""What the story delivers: the mentions written before the autumn jury, one attestation revoked, one duplicata."""

from datetime import date

from config.demo.stage import Stage
from juries.models import Certificate
from juries.services.copying import issue_copy
from juries.services.delivering import delivery_values, set_delivery
from juries.services.revoking import revoke_certificate
from referentiel.nodes import seen_as
from referentiel.services.settling import record_registration

MENTIONS = {
    "legal_name": "OpenClassrooms",
    "place": "Paris",
    "signatory": "Florence Nguyen",
    "signatory_title": "Directrice de la certification",
}

NSF = "326"  # the source names none: the group of computing, the story's own choice like the dates


def make_deliverable(stage: Stage, today: date) -> None:
    """Délivrance filled in; the registration, its dates and its NSF, noted where the fixture leaves them out."""
    referentiel, administrateur = stage.referentiel, stage.staff["olivier"]
    certification = referentiel.certification
    set_delivery(certification, values=MENTIONS, by=administrateur, seen=seen_as(delivery_values(certification)))
    if referentiel.registration_dates is None:
        decided_on = date(today.year - 2, 4, 24)
        ends_on = date(today.year + 3, 4, 24)
        record_registration(
            referentiel,
            decided_on=decided_on,
            ends_on=ends_on,
            delivery_limit_on=ends_on,
            nsf=NSF,
            by=administrateur,
        )


def withdraw_one(stage: Stage) -> None:
    """An attestation revoked after a report, and the parchemin's duplicata."""
    attestations = Certificate.objects.filter(decision__enrolment=stage.enrolments["antoine"]).order_by("bloc_number")
    reason = "Signalement fondé : le livrable présenté pour ce bloc était celui d’une autre personne."
    revoke_certificate(attestations[1], reason=reason, by=stage.manager)
    parchemin = Certificate.objects.get(decision__enrolment=stage.enrolments["manon"])
    issue_copy(parchemin, reason="Original abîmé par un dégât des eaux.", by=stage.manager)
