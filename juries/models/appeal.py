"""A candidate contests a published decision (R-JUR-8)."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import StoredFile
from juries.enums import APPEAL_ENDS, AppealKind, AppealState
from juries.models.decision import Decision

if TYPE_CHECKING:
    from accounts.models import User


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, user: "User") -> "AppealQuerySet":
        """Organisers see all, a candidate their own, the person who instructs it the one they are given."""
        if user.has_perm("juries.view_all"):
            return self
        return self.filter(Q(decision__enrolment__candidate__user=user) | Q(owner=user))

    def pending(self) -> "AppealQuerySet":
        return self.exclude(state__in=APPEAL_ENDS)


class Appeal(models.Model):
    """What the candidate says, who instructs it (somebody who judged nothing in it), and what is answered.

    ``due_on`` is the last day it could be filed, as the règlement counted it that day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="appeals")
    kind = models.CharField("objet du recours", max_length=12, choices=AppealKind)
    statement = models.TextField("exposé", max_length=20_000)
    state = models.CharField("état", max_length=12, choices=AppealState, default=AppealState.FILED)
    due_on = models.DateField("recevable jusqu’au")
    filed_at = models.DateTimeField("déposé le")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="appeals", verbose_name="instruit par"
    )
    answer = models.TextField("réponse motivée", max_length=20_000, blank=True)
    concluded_at = models.DateTimeField("conclu le", null=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-filed_at"]
        verbose_name = "recours"
        verbose_name_plural = "recours"
        constraints = [
            models.UniqueConstraint(
                fields=["decision"],
                condition=~Q(state__in=sorted(APPEAL_ENDS)),
                name="one_pending_appeal_per_decision",
                violation_error_message="Un recours est déjà en cours sur cette décision.",
            ),
            models.CheckConstraint(
                name="appeal_concluded_iff_ended",
                condition=Q(state__in=sorted(APPEAL_ENDS), concluded_at__isnull=False)
                | (~Q(state__in=sorted(APPEAL_ENDS)) & Q(concluded_at=None)),
            ),
            models.CheckConstraint(
                name="appeal_instructed_by_somebody",
                condition=Q(state__in=[AppealState.FILED, AppealState.WITHDRAWN]) | Q(owner__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Recours du {self.filed_at:%d/%m/%Y}"


class AnswerDraft(models.Model):
    """The answer that a person is writing to an appeal given to them: theirs alone, and gone once it is concluded."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="écrit par")
    conclusion = models.CharField("conclusion envisagée", max_length=12, choices=AppealState, blank=True)
    text = models.TextField("réponse en cours", max_length=20_000, blank=True)
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField("écrite le")

    class Meta:
        verbose_name = "réponse en cours à un recours"
        verbose_name_plural = "réponses en cours à des recours"
        constraints = [models.UniqueConstraint(fields=["appeal", "author"], name="one_draft_per_appeal_and_author")]

    def __str__(self) -> str:
        return f"Réponse en cours : {self.appeal}"


class AppealFile(models.Model):
    """What the candidate joined to their appeal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="files")
    name = models.CharField("nom du fichier", max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name"]
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"

    def __str__(self) -> str:
        return self.name
