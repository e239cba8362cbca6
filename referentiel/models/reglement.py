"""The règlement de certification: what is a setting is data on the version, never a constant (R-REF-6)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from referentiel.validation import invisible_in

MAX_PHASES = 8
MAX_PHASE_NAME = 100


def default_phases() -> list[dict[str, Any]]:
    return [{"name": "Présentation", "minutes": 20}, {"name": "Questions", "minutes": 10}]


def validate_phases(phases: Any) -> None:
    """A soutenance has at least one phase and no more than its page can show; each has a name and whole minutes."""
    if not isinstance(phases, list) or not phases:
        raise ValidationError("Indiquez au moins une phase de soutenance.")
    if len(phases) > MAX_PHASES:
        raise ValidationError(f"Une soutenance a au plus {MAX_PHASES} phases.")
    for phase in phases:
        named = isinstance(phase, dict) and isinstance(phase.get("name"), str) and phase["name"].strip()
        minutes = phase.get("minutes") if isinstance(phase, dict) else None
        is_lasting = isinstance(minutes, int) and not isinstance(minutes, bool) and 1 <= minutes <= 600
        if not named or not is_lasting or set(phase) != {"name", "minutes"}:
            raise ValidationError("Chaque phase a un nom et une durée de 1 à 600 minutes.")
        if len(phase["name"]) > MAX_PHASE_NAME:
            raise ValidationError(f"Le nom d’une phase compte au plus {MAX_PHASE_NAME} caractères.")
        if problem := invisible_in(phase["name"]):
            raise ValidationError(problem)


class ReglementManager(models.Manager["Reglement"]):
    def get_by_natural_key(self, rncp_code: str, version: int) -> "Reglement":
        return self.get(referentiel__certification__rncp_code=rncp_code, referentiel__version=version)


class Reglement(models.Model):
    """The settings one version is assessed with. That every bloc is needed is the source's rule, not a setting."""

    referentiel = models.OneToOneField("referentiel.Referentiel", models.CASCADE, related_name="reglement")
    criteres_percent = models.PositiveSmallIntegerField("part des CE acquis pour une compétence (%)", default=100)
    competences_percent = models.PositiveSmallIntegerField(
        "part des compétences acquises pour un bloc (%)", default=100
    )
    motive_required = models.BooleanField("commentaire obligatoire sur « non acquis »", default=True)
    phases = models.JSONField("phases d’une soutenance", default=default_phases, validators=[validate_phases])
    attempts_allowed = models.PositiveSmallIntegerField("présentations permises par compétence", null=True, blank=True)
    appeal_months = models.PositiveSmallIntegerField("délai de recours (mois)", default=2)
    retention_years = models.PositiveSmallIntegerField(
        "conservation des dossiers (années)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    jury_minimum = models.PositiveSmallIntegerField("membres de jury, au moins", default=2)
    jury_external_percent = models.PositiveSmallIntegerField("part de membres extérieurs (%)", default=50)
    jury_quorum_percent = models.PositiveSmallIntegerField("quorum (%)", default=50)
    jury_vae_minimum = models.PositiveSmallIntegerField("membres de jury en VAE, au moins", null=True, blank=True)
    jury_vae_external_percent = models.PositiveSmallIntegerField(
        "part de membres extérieurs en VAE (%)", null=True, blank=True
    )
    vote_secret = models.BooleanField("votes secrets", null=True, blank=True)

    objects = ReglementManager()

    class Meta:
        verbose_name = "règlement"
        constraints = [
            models.CheckConstraint(
                name=f"reglement_{name}_is_a_share",
                condition=Q(**{f"{name}__gte": low, f"{name}__lte": 100}),
                violation_error_message=f"La part va de {low} à 100 %%.",
            )
            for name, low in (
                ("criteres_percent", 1),
                ("competences_percent", 1),
                ("jury_external_percent", 0),
                ("jury_quorum_percent", 1),
                ("jury_vae_external_percent", 0),
            )
        ]

    def __str__(self) -> str:
        return f"Règlement de {self.referentiel}"

    def natural_key(self) -> tuple[str, int]:
        return self.referentiel.natural_key()

    natural_key.dependencies = ["referentiel.referentiel"]  # type: ignore[attr-defined]  # Django's own protocol
