"""The motivated letter that tells a candidate what was decided, why, and what comes next (R-JUR-6)."""

from django.conf import settings
from django.db import models

from juries.models.decision import Decision


class Letter(models.Model):
    """Drafted from the decision, edited by people until the results are published, then frozen.

    ``version`` is what an edit starts from (R-SCO-4 holds for whatever is typed).
    """

    decision = models.OneToOneField(Decision, models.CASCADE, related_name="letter")
    body = models.TextField("texte", max_length=20_000)
    version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="modifiée par"
    )
    edited_at = models.DateTimeField("modifiée le")

    class Meta:
        verbose_name = "lettre"

    def __str__(self) -> str:
        return f"Lettre sur {self.decision}"
