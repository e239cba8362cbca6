"""The registered title, and the dates of its registration."""

from django.db import models
from django.db.models import F, Q


class CertificationManager(models.Manager["Certification"]):
    def get_by_natural_key(self, rncp_code: str) -> "Certification":
        return self.get(rncp_code=rncp_code)


class Certification(models.Model):
    """A title registered at the RNCP, delivered by a certificateur."""

    rncp_code = models.CharField("code RNCP", max_length=20, unique=True)
    title = models.CharField("intitulé", max_length=300)
    level = models.PositiveSmallIntegerField("niveau")
    certifier = models.CharField("certificateur", max_length=200)
    nsf = models.CharField("codes NSF", max_length=100, blank=True)

    objects = CertificationManager()

    class Meta:
        ordering = ["title"]
        verbose_name = "certification"
        constraints = [
            models.CheckConstraint(
                name="certification_level_between_1_and_8",
                condition=Q(level__gte=1, level__lte=8),
                violation_error_message="Le niveau va de 1 à 8.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str]:
        return (self.rncp_code,)


class Registration(models.Model):
    """The registration a version is delivered under (R-REF-5).

    Kept beside the frozen tree: France compétences prolongs a registration without a word of the text changing.
    """

    referentiel = models.OneToOneField("referentiel.Referentiel", models.PROTECT, related_name="registration")
    decided_on = models.DateField("date de décision")
    ends_on = models.DateField("fin d’enregistrement")
    delivery_limit_on = models.DateField("date limite de délivrance")

    class Meta:
        verbose_name = "enregistrement"
        constraints = [
            models.CheckConstraint(
                name="registration_dates_in_order",
                condition=Q(decided_on__lt=F("ends_on"), ends_on__lte=F("delivery_limit_on")),
                violation_error_message=(
                    "Les dates se suivent : décision, puis fin d’enregistrement, puis limite de délivrance."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Enregistrement du {self.decided_on:%d/%m/%Y} au {self.ends_on:%d/%m/%Y}"
