"""What happens during a session and has to be in its procès-verbal (R-JUR-5)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from juries.models.session import Candidacy, JurySession


class Incident(models.Model):
    """An incident, in the words of who presided, at the minute it was noted; never altered nor removed.

    ``candidacy`` is the candidate who was before the jury then, None between two or before the first.
    """

    session = models.ForeignKey(JurySession, models.PROTECT, related_name="incidents")
    candidacy = models.ForeignKey(Candidacy, models.PROTECT, null=True, related_name="incidents")
    text = models.TextField("incident", max_length=2_000)
    noted_at = models.DateTimeField("noté le")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="noté par")

    class Meta:
        ordering = ["noted_at", "pk"]
        verbose_name = "incident de séance"
        verbose_name_plural = "incidents de séance"
        constraints = [models.CheckConstraint(name="an_incident_is_said", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"Incident de {self.session}"
