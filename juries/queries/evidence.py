"""What a dossier is made from, as one fingerprint: the same evidence never makes two dossiers (R-VAL-4, R-JUR-3)."""

from assessments.enums import SoutenanceState
from assessments.models import Grille, Settlement
from candidates.models import Enrolment
from core.fingerprints import canonical_json, sha256_hex


def evidence_of(enrolment: Enrolment) -> str:
    """Grilles of submitted soutenances (frozen, so that their date identifies their marks), what two évaluateurs
    settled, what was recognised at the enrolment, civil status and standing measures."""
    submitted = SoutenanceState.SUBMITTED
    grilles = (
        Grille.objects.filter(soutenance__enrolment=enrolment, soutenance__state=submitted)
        .order_by("submitted_at", "pk")
        .values_list("pk", "submitted_at")
    )
    settled = (
        Settlement.objects.filter(soutenance__enrolment=enrolment, soutenance__state=submitted)
        .order_by("pk")
        .values_list("pk", "version")
    )
    recognised = enrolment.bloc_acquisitions.standing().recognised().order_by("pk").values_list("pk", flat=True)
    candidate = enrolment.candidate
    return sha256_hex(
        canonical_json(
            {
                "enrolment": str(enrolment.pk),
                "grilles": [[str(pk), at.isoformat()] for pk, at in grilles if at],
                "candidate": [candidate.full_name, candidate.birth_date.isoformat(), candidate.birth_place],
                "accommodations": [measure.label for measure in enrolment.accommodations.standing()],
                **({"settled": [list(one) for one in settled]} if settled else {}),
                **({"recognised": [str(pk) for pk in recognised]} if recognised else {}),
            }
        )
    )
