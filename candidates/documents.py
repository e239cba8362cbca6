"""Files made for candidates."""

from typing import Any

from candidates.models import Accommodation, Candidate, Enrolment, HandicapDisclosure

MENTION_NOTE = (
    "La mention de handicap n’est jamais exportée. Si vous en avez écrit une, elle se lit sur la page « Ma situation »."
)


def own_data(candidate: Candidate) -> dict[str, Any]:
    """What Parchemin holds about a person, for that person (RGPD art. 15); never the mention (R-CAN-2)."""
    status = candidate.civil_status
    enrolments = candidate.enrolments.select_related("referentiel__certification").prefetch_related(
        "blocs", "accommodations"
    )
    consents = candidate.handicap_disclosures.without_mention()
    return {
        "etat_civil": {
            "nom_de_naissance": status.family_name,
            "nom_d_usage": status.usage_name,
            "prenoms": status.given_names,
            "date_de_naissance": status.birth_date.isoformat(),
            "lieu_de_naissance": status.birth_place,
        },
        "compte": {"adresse_electronique": candidate.user.email if candidate.user else None},
        "inscriptions": [_enrolment(enrolment) for enrolment in enrolments.order_by("enrolled_on")],
        "consentements": [_consent(consent) for consent in consents.order_by("given_at")],
        "note": MENTION_NOTE,
    }


def _enrolment(enrolment: Enrolment) -> dict[str, Any]:
    return {
        "numero": enrolment.number,
        "certification": enrolment.referentiel.certification.title,
        "version_du_referentiel": enrolment.referentiel.version,
        "voie_d_acces": enrolment.get_voie_acces_display(),
        "inscrit_le": enrolment.enrolled_on.isoformat(),
        "blocs": [bloc.number for bloc in enrolment.blocs.all()],
        "amenagements": [_measure(measure) for measure in enrolment.accommodations.all()],
    }


def _measure(measure: Accommodation) -> dict[str, Any]:
    return {
        "mesure": measure.label,
        "accordee_le": measure.granted_on.isoformat(),
        "terminee_le": measure.ended_on and measure.ended_on.isoformat(),
    }


def _consent(consent: HandicapDisclosure) -> dict[str, Any]:
    return {
        "portee": consent.get_scope_display(),
        "version_du_texte": consent.text_version,
        "donne_le": consent.given_at.isoformat(),
        "retire_le": consent.withdrawn_at and consent.withdrawn_at.isoformat(),
    }
