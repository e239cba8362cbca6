"""A candidate on one version of a référentiel."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from candidates.enums import VoieAcces
from candidates.models.candidate import Candidate
from referentiel.models import Bloc, Referentiel

if TYPE_CHECKING:
    from accounts.models import User


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, user: "User") -> "EnrolmentQuerySet":
        """A candidate sees their own file only (R-CAN-4); those who manage candidates see all."""
        return self if user.has_perm("candidates.view_all") else self.filter(candidate__user=user)


class Enrolment(models.Model):
    """One candidate, one référentiel version for good (R-CAN-1), one voie d'accès, some blocs or all of them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("numéro de dossier", max_length=30, unique=True)
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="enrolments", verbose_name="candidat")
    referentiel = models.ForeignKey(Referentiel, models.PROTECT, related_name="enrolments", verbose_name="référentiel")
    voie_acces = models.CharField("voie d’accès", max_length=20, choices=VoieAcces)
    enrolled_on = models.DateField("inscrit le")
    blocs = models.ManyToManyField(Bloc, related_name="enrolments", verbose_name="blocs visés")

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["candidate__family_name", "candidate__given_names"]
        verbose_name = "inscription"
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "referentiel"],
                name="one_enrolment_per_version",
                violation_error_message="Ce candidat est déjà inscrit sur cette version du référentiel.",
            ),
            models.CheckConstraint(name="enrolment_voie_known", condition=Q(voie_acces__in=VoieAcces.values)),
        ]

    def __str__(self) -> str:
        return f"{self.candidate} ({self.number})"
