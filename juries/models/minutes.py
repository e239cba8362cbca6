"""The procès-verbal of a session: the legal act (R-JUR-5)."""

import json
import uuid
from typing import TYPE_CHECKING, cast

from django.db import models

from core.models import StoredFile
from juries.minutes_content import MinutesContent
from juries.models.session import JuryMember, JurySession

if TYPE_CHECKING:
    from accounts.models import User


class MinutesQuerySet(models.QuerySet["Minutes"]):
    def visible_to(self, user: "User") -> "MinutesQuerySet":
        """Organisers and auditeurs read all; a member, those of the sessions they sat on."""
        return self if user.has_perm("juries.view_all") else self.filter(session__members__user=user)


class Minutes(models.Model):
    """What the session decided, frozen: canonical JSON, its SHA-256, and the PDF rendered from it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.OneToOneField(JurySession, models.PROTECT, related_name="minutes")
    content_json = models.TextField("contenu")
    fingerprint = models.CharField("empreinte", max_length=64)
    pdf = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    drawn_up_at = models.DateTimeField("dressé le")

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = "procès-verbal"
        verbose_name_plural = "procès-verbaux"

    def __str__(self) -> str:
        return f"Procès-verbal de {self.session}"

    @property
    def content(self) -> MinutesContent:
        return cast("MinutesContent", json.loads(self.content_json))


class MinutesSignature(models.Model):
    """A member signed the procès-verbal, having proved who they are; ``pdf`` is the file with the signatures so far."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="signatures")
    member = models.ForeignKey(JuryMember, models.PROTECT, related_name="signatures")
    rank = models.PositiveSmallIntegerField("rang")
    signed_at = models.DateTimeField("signé le")
    pdf = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["minutes", "rank"]
        verbose_name = "signature"
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "member"],
                name="signed_once_by_each",
                violation_error_message="Vous avez déjà signé ce procès-verbal.",
            ),
            models.UniqueConstraint(fields=["minutes", "rank"], name="one_signature_per_rank"),
        ]

    def __str__(self) -> str:
        return f"Signature de {self.member}"
