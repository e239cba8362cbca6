"""What a candidate has acquired: stored facts with their evidence, not query results (R-VAL-1, R-VAL-2)."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from assessments.models.grille import Grille
from candidates.models import Enrolment
from referentiel.models import Bloc, Competence, Equivalence

A = TypeVar("A", bound="Acquisition")


class AcquisitionQuerySet(models.QuerySet[A]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class BlocAcquisitionQuerySet(AcquisitionQuerySet["BlocAcquisition"]):
    def recognised(self) -> Self:
        """Those that come from another version (R-CAN-1)."""
        return self.filter(recognised_from__isnull=False)


class Acquisition(models.Model):
    """Acquired stays acquired, unless the grille it rests on was reopened and no longer supports it (R-VAL-3)."""

    grille = models.ForeignKey(Grille, models.PROTECT, related_name="+")
    acquired_at = models.DateTimeField("acquis le")
    withdrawn_at = models.DateTimeField("retiré le", null=True)
    withdrawal_reason = models.TextField("motif du retrait", blank=True)

    class Meta:
        abstract = True


class CompetenceAcquisition(Acquisition):
    """A compétence acquired in the soutenance of ``grille``."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="competence_acquisitions")
    competence = models.ForeignKey(Competence, models.PROTECT, related_name="acquisitions")

    objects = AcquisitionQuerySet["CompetenceAcquisition"].as_manager()

    class Meta:
        verbose_name = "compétence acquise"
        verbose_name_plural = "compétences acquises"
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "competence"], condition=Q(withdrawn_at=None), name="competence_acquired_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.competence.code} acquise"


class BlocAcquisition(Acquisition):
    """A bloc acquired by the submission of ``grille``, the one that completed it.

    ``evidence`` lists what it rests on: one entry per acquired compétence, with the grille that acquired it.
    A bloc recognised at the enrolment (R-CAN-1) names the acquisition it comes from, made in another enrolment of the
    same candidate, and the ``equivalence`` declared by the version: its grille, date and evidence are that one's.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="bloc_acquisitions")
    bloc = models.ForeignKey(Bloc, models.PROTECT, related_name="acquisitions")
    evidence = models.JSONField("preuves")
    evidence_fingerprint = models.CharField("empreinte des preuves", max_length=64)
    recognised_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="recognitions")
    equivalence = models.ForeignKey(Equivalence, models.PROTECT, null=True, related_name="+")
    recognised_at = models.DateTimeField("reconnu le", null=True)

    objects = BlocAcquisitionQuerySet.as_manager()

    class Meta:
        verbose_name = "bloc acquis"
        verbose_name_plural = "blocs acquis"
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "bloc"], condition=Q(withdrawn_at=None), name="bloc_acquired_once"
            ),
            models.CheckConstraint(
                name="bloc_recognised_with_its_evidence",
                condition=Q(recognised_from=None, equivalence=None, recognised_at=None)
                | Q(recognised_from__isnull=False, equivalence__isnull=False, recognised_at__isnull=False),
                violation_error_message="Un bloc reconnu nomme ce dont il vient et l’équivalence déclarée.",
            ),
        ]

    def __str__(self) -> str:
        return f"Bloc {self.bloc.number} acquis"
