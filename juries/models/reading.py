"""What members do with a dossier before the day: read it, and write what they will want to say."""

from django.db import models

from juries.models.dossier import Dossier
from juries.models.session import Candidacy, JuryMember


class Reading(models.Model):
    """A member told the others that they have read this revision."""

    member = models.ForeignKey(JuryMember, models.CASCADE, related_name="readings")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="readings")
    read_at = models.DateTimeField("lu le")

    class Meta:
        verbose_name = "lecture"
        constraints = [models.UniqueConstraint(fields=["member", "dossier"], name="reading_told_once")]

    def __str__(self) -> str:
        return f"{self.member} a lu {self.dossier}"


class Remark(models.Model):
    """A member's remarks about one candidate: theirs alone until they share them with the jury."""

    member = models.ForeignKey(JuryMember, models.CASCADE, related_name="remarks")
    candidacy = models.ForeignKey(Candidacy, models.CASCADE, related_name="remarks")
    text = models.TextField("remarques", max_length=10_000, blank=True)
    version = models.PositiveIntegerField(default=1)
    shared_at = models.DateTimeField("partagées le", null=True)
    written_at = models.DateTimeField("écrites le")

    class Meta:
        ordering = ["shared_at"]
        verbose_name = "remarque"
        constraints = [models.UniqueConstraint(fields=["member", "candidacy"], name="one_remark_per_candidate")]

    def __str__(self) -> str:
        return f"Remarques de {self.member}"
