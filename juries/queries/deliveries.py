"""What each certification lacks before anything of it can be delivered (R-JUR-7)."""

from django.db.models import Count, F, QuerySet

from juries.models import Delivery
from referentiel.models import Certification, Referentiel


def deliveries() -> QuerySet[Certification]:
    """Every certification with what its délivrance says, None before it is filled in, and how much it has delivered."""
    said = {name: F(f"delivery__{name}") for name in ("legal_name", "place", "signatory", "signatory_title")}
    return Certification.objects.annotate(delivered=Count("certificates"), **said).order_by("title", "rncp_code")


def missing_to_deliver(referentiel: Referentiel) -> list[str]:
    """What a parchemin of this version must say and that nobody has written yet, each as a sentence; two queries."""
    missing = []
    if not Delivery.objects.filter(certification=referentiel.certification_id).exists():
        missing.append(
            "La délivrance n’est pas remplie : un administrateur indique le certificateur, le lieu et le signataire "
            "à la page « Délivrance »."
        )
    if referentiel.registration_dates is None:
        missing.append(
            "La date de la décision d’enregistrement au RNCP n’est pas notée : un administrateur l’ajoute à la page "
            "de cette version du référentiel."
        )
    if not referentiel.certification.nsf:
        missing.append(
            "Les codes NSF de la certification ne sont pas notés : un administrateur les ajoute à la page "
            "« Enregistrement » de cette version du référentiel."
        )
    return missing
