"""One oral: one candidate, some compétences, a slot."""

import uuid
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from assessments.enums import MARKABLE, SoutenanceState
from candidates.models import Enrolment
from core.fields import FractionField
from referentiel.models import Competence

if TYPE_CHECKING:
    from accounts.models import User


class SoutenanceQuerySet(models.QuerySet["Soutenance"]):
    def visible_to(self, user: "User") -> "SoutenanceQuerySet":
        """An évaluateur sees those assigned to them, a candidate their own, the planners all (R-CAN-4)."""
        if user.has_perm("assessments.view_all"):
            return self
        return self.filter(Q(evaluateur=user) | Q(second_evaluateur=user) | Q(enrolment__candidate__user=user))

    def assigned_to(self, user: "User") -> "SoutenanceQuerySet":
        """Those ``user`` judges, first or second évaluateur (R-SCO-9)."""
        return self.filter(Q(evaluateur=user) | Q(second_evaluateur=user))

    def replaceable(self, enrolment: Enrolment) -> "SoutenanceQuerySet":
        """Those of ``enrolment`` that did not take place and have no replacement yet (R-SCO-1)."""
        return self.filter(enrolment=enrolment, replaced_by=None).exclude(
            state__in=[*MARKABLE, SoutenanceState.SUBMITTED]
        )

    def other_than(self, soutenance: "Soutenance | None") -> "SoutenanceQuerySet":
        return self.exclude(pk=soutenance.pk) if soutenance else self

    def to_be_held(self) -> "SoutenanceQuerySet":
        """Those a candidate is called to: planned, and nothing has happened to them."""
        return self.filter(state=SoutenanceState.PLANNED)

    def awaiting_marks(self) -> "SoutenanceQuerySet":
        return self.filter(state__in=MARKABLE)


class Soutenance(models.Model):
    """One candidate before one évaluateur, on one or more compétences of the enrolment's référentiel (R-SCO-1).

    ``extra_time`` is the one field that drives the slot, the convocation, the timer and the PV (R-CAN-3).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="soutenances", verbose_name="inscription")
    evaluateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="soutenances", verbose_name="évaluateur"
    )
    second_evaluateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="second_soutenances",
        verbose_name="second évaluateur",
    )
    competences = models.ManyToManyField(Competence, related_name="soutenances", verbose_name="compétences")
    title = models.CharField("projet présenté", max_length=200, blank=True)
    starts_at = models.DateTimeField("début")
    extra_time = FractionField("temps ajouté à chaque phase", default=Fraction(0))
    place = models.CharField("lieu ou lien de visioconférence", max_length=300, blank=True)
    state = models.CharField("état", max_length=12, choices=SoutenanceState, default=SoutenanceState.PLANNED)
    started_at = models.DateTimeField("commencée le", null=True, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="remplace"
    )

    objects = SoutenanceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        verbose_name = "soutenance"
        constraints = [
            models.CheckConstraint(name="soutenance_state_known", condition=Q(state__in=SoutenanceState.values)),
            models.CheckConstraint(
                name="second_evaluateur_is_another", condition=~Q(second_evaluateur=F("evaluateur"))
            ),
            models.CheckConstraint(
                name="soutenance_started_iff_it_ran",
                condition=Q(
                    state__in=[SoutenanceState.RUNNING, SoutenanceState.SUBMITTED, SoutenanceState.INTERRUPTED],
                    started_at__isnull=False,
                )
                | Q(
                    state__in=[
                        SoutenanceState.PLANNED,
                        SoutenanceState.CANCELLED,
                        SoutenanceState.ABSENT,
                        SoutenanceState.EXCUSED,
                    ],
                    started_at=None,
                ),
            ),
        ]
        indexes = [models.Index(fields=["evaluateur", "starts_at"], name="soutenance_by_evaluateur")]

    def __str__(self) -> str:
        return f"Soutenance de {self.enrolment.candidate}"

    @property
    def is_markable(self) -> bool:
        return self.state in MARKABLE

    @property
    def starts_on(self) -> date:
        """Its day, in Paris."""
        return timezone.localdate(self.starts_at)

    def is_of_a_later_day(self, at: datetime) -> bool:
        """Whether its day is yet to come: nothing is judged before it."""
        return self.starts_on > timezone.localdate(at)
