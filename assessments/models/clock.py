"""The time of a soutenance as it happened (R-SCO-7)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.enums import ClockMove
from assessments.models.soutenance import Soutenance


class ClockEvent(models.Model):
    """One move of the clock, at the server's time; its key is the client-made operation, so a replay adds nothing.

    ``minutes`` is what an EXTRA gives back; ``note`` says what happened in an INCIDENT.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    soutenance = models.ForeignKey(Soutenance, models.PROTECT, related_name="clock_events")
    number = models.PositiveSmallIntegerField("rang")
    move = models.CharField("mouvement", max_length=10, choices=ClockMove)
    at = models.DateTimeField("à")
    minutes = models.PositiveSmallIntegerField("minutes", null=True)
    note = models.CharField("note", max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        verbose_name = "mouvement du chronomètre"
        verbose_name_plural = "mouvements du chronomètre"
        constraints = [
            models.UniqueConstraint(fields=["soutenance", "number"], name="one_clock_event_per_number"),
            models.CheckConstraint(name="clock_move_known", condition=Q(move__in=ClockMove.values)),
            models.CheckConstraint(
                name="clock_minutes_iff_extra",
                condition=Q(move=ClockMove.EXTRA, minutes__gte=1) | (~Q(move=ClockMove.EXTRA) & Q(minutes=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_move_display()} à {self.at:%H:%M:%S}"
