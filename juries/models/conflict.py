"""What a member declares before judging: the candidates they stand back for (R-JUR-2)."""

from django.db import models

from juries.models.session import Candidacy, JuryMember


class Recusal(models.Model):
    """A member who declared a conflict of interest with one candidate of the session, and its nature.

    Known links (evaluated, trained, related) recuse by themselves, declared or not: see ``queries.recusals``.
    """

    member = models.ForeignKey(JuryMember, models.CASCADE, related_name="recusals")
    candidacy = models.ForeignKey(Candidacy, models.CASCADE, related_name="recusals")
    reason = models.CharField("nature du lien", max_length=200)
    declared_at = models.DateTimeField("déclaré le")

    class Meta:
        ordering = ["declared_at"]
        verbose_name = "récusation"
        constraints = [models.UniqueConstraint(fields=["member", "candidacy"], name="recused_once_per_candidate")]

    def __str__(self) -> str:
        return f"{self.member} pour {self.candidacy}"
