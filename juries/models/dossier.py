"""The frozen evidence about one candidate, and its PDF."""

import json
import uuid
from typing import TYPE_CHECKING, cast

from django.db import models
from django.db.models import F, Q

from candidates.models import Enrolment
from core.models import StoredFile
from juries.content import DossierContent
from juries.enums import AppealState
from juries.models.recusal import barred_for

if TYPE_CHECKING:
    from accounts.models import User


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, user: "User") -> "DossierQuerySet":
        """Organisers see all; a member those of the candidates of their sessions whom they may judge (R-JUR-2).

        Who instructs an appeal sees the one it is about, until the appeal is concluded (R-JUR-8).
        """
        if user.has_perm("juries.view_all"):
            return self
        sitting = Q(enrolment__candidacies__session__members__user=user)
        instructing = Q(decisions__appeals__owner=user, decisions__appeals__state=AppealState.INSTRUCTED)
        return self.filter(sitting | instructing).distinct().exclude(enrolment__candidate__in=barred_for(user))

    def as_evidence_stands(self) -> "DossierQuerySet":
        """The revision to decide on first: one that is not stale, then the newest (R-JUR-3)."""
        return self.order_by(F("stale_since").desc(nulls_first=True), "-revision")


class Dossier(models.Model):
    """One revision of a candidate's dossier (R-JUR-3): canonical JSON, its SHA-256, and the PDF rendered from it.

    ``evidence`` identifies what it was made from; ``stale_since`` says when that evidence changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="dossiers")
    revision = models.PositiveSmallIntegerField("révision")
    evidence = models.CharField("preuve", max_length=64)
    content_json = models.TextField("contenu")
    fingerprint = models.CharField("empreinte", max_length=64)
    pdf = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    generated_at = models.DateTimeField("établi le")
    stale_since = models.DateTimeField("périmé depuis", null=True)

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = ["enrolment", "-revision"]
        verbose_name = "dossier de jury"
        verbose_name_plural = "dossiers de jury"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "revision"], name="one_dossier_per_revision"),
            models.UniqueConstraint(fields=["enrolment", "evidence"], name="one_dossier_per_evidence"),
            models.CheckConstraint(name="dossier_revision_from_1", condition=Q(revision__gte=1)),
        ]

    def __str__(self) -> str:
        return f"Dossier {self.enrolment.number}, révision {self.revision}"

    @property
    def content(self) -> DossierContent:
        return cast("DossierContent", json.loads(self.content_json))

    @property
    def is_stale(self) -> bool:
        return self.stale_since is not None
