"""One évaluateur's marks for one soutenance."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.enums import Verdict
from assessments.models.soutenance import Soutenance
from referentiel.models import Critere


class Grille(models.Model):
    """The sheet one évaluateur fills for one soutenance; submitted, it is locked everywhere (R-SCO-8)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    soutenance = models.ForeignKey(Soutenance, models.CASCADE, related_name="grilles")
    evaluateur = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="grilles")
    submitted_at = models.DateTimeField("soumise le", null=True)

    class Meta:
        verbose_name = "grille"
        constraints = [models.UniqueConstraint(fields=["soutenance", "evaluateur"], name="one_grille_per_evaluateur")]

    def __str__(self) -> str:
        return f"Grille de {self.evaluateur}"

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None


class Mark(models.Model):
    """What one évaluateur says of one CE in one soutenance (R-SCO-2), on the exact row of the frozen référentiel.

    ``version`` counts the changes from 1; a change names the version it started from (R-SCO-4).
    ``ticks`` holds the positions of the ticked sub-items, in order; with ``counted`` they only propose (R-REF-4).
    """

    grille = models.ForeignKey(Grille, models.CASCADE, related_name="marks")
    critere = models.ForeignKey(Critere, models.PROTECT, related_name="marks")
    verdict = models.CharField("verdict", max_length=10, choices=Verdict, blank=True)
    comment = models.TextField("commentaire pour le candidat", blank=True)
    private_note = models.TextField("note pour le jury", blank=True)
    questions = models.TextField("questions posées et réponses", blank=True)
    ticks = models.JSONField("sous-éléments cochés", default=list)
    counted = models.PositiveSmallIntegerField("compté", null=True)
    to_ask = models.BooleanField("pas vu, à demander", default=False)
    version = models.PositiveIntegerField("version")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("enregistré le")

    class Meta:
        verbose_name = "appréciation"
        constraints = [
            models.UniqueConstraint(fields=["grille", "critere"], name="one_mark_per_critere"),
            models.CheckConstraint(name="mark_verdict_known", condition=Q(verdict__in=["", *Verdict.values])),
            models.CheckConstraint(name="mark_version_from_1", condition=Q(version__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.critere.label} : {self.get_verdict_display() or 'non évalué'}"


class Reopening(models.Model):
    """A submitted grille given back to its évaluateur, by whom and why; the row itself lifts the lock (R-SCO-8).

    ``submitted_at`` is the submission it undoes: a later submission locks the grille again.
    """

    grille = models.ForeignKey(Grille, models.PROTECT, related_name="reopenings")
    submitted_at = models.DateTimeField("soumise le")
    reopened_at = models.DateTimeField("rouverte le")
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField("motif")

    class Meta:
        verbose_name = "réouverture"
        constraints = [
            models.UniqueConstraint(fields=["grille", "submitted_at"], name="one_reopening_per_submission"),
            models.CheckConstraint(name="reopening_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"Réouverture de {self.grille}"


class Settlement(models.Model):
    """What the two évaluateurs agreed on for a CE they had judged differently, and why (R-SCO-9)."""

    soutenance = models.ForeignKey(Soutenance, models.PROTECT, related_name="settlements")
    critere = models.ForeignKey(Critere, models.PROTECT, related_name="+")
    verdict = models.CharField("verdict", max_length=10, choices=Verdict)
    comment = models.TextField("commentaire pour le candidat", blank=True)
    reason = models.TextField("motif")
    version = models.PositiveIntegerField("version", default=1)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField("convenu le")

    class Meta:
        verbose_name = "conciliation"
        constraints = [
            models.UniqueConstraint(fields=["soutenance", "critere"], name="one_settlement_per_critere"),
            models.CheckConstraint(name="settlement_verdict_known", condition=Q(verdict__in=Verdict.values)),
            models.CheckConstraint(name="settlement_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.critere.label} : {self.get_verdict_display()}"


class Presence(models.Model):
    """When the page of a grille last spoke to the server, and what it then said was still to be sent."""

    grille = models.OneToOneField(Grille, models.CASCADE, related_name="presence")
    seen_at = models.DateTimeField("vue le")
    pending = models.PositiveSmallIntegerField("saisies en attente", default=0)

    class Meta:
        verbose_name = "présence"

    def __str__(self) -> str:
        return f"{self.grille}, {self.seen_at:%H:%M:%S}"
