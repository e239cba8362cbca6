"""Measures without reasons, and the consent that lets a reason be known to a jury."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from candidates.enums import AccommodationKind, ConsentScope
from candidates.models.candidate import Candidate
from candidates.models.enrolment import Enrolment
from core.fields import EncryptedTextField, FractionField


class AccommodationQuerySet(models.QuerySet["Accommodation"]):
    def standing(self) -> "AccommodationQuerySet":
        return self.filter(ended_on=None)


class Accommodation(models.Model):
    """A measure granted for an enrolment; évaluateurs see the measure, nobody finds its reason here (R-CAN-3)."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="accommodations")
    kind = models.CharField("mesure", max_length=20, choices=AccommodationKind)
    extra_time = FractionField("temps ajouté à chaque phase", null=True, blank=True)
    measure = models.CharField("en clair", max_length=300, blank=True)
    granted_on = models.DateField("accordé le")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="accordé par"
    )
    ended_on = models.DateField("retiré le", null=True, blank=True)

    objects = AccommodationQuerySet.as_manager()

    class Meta:
        ordering = ["granted_on", "pk"]
        verbose_name = "aménagement"
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(kind=AccommodationKind.TIERS_TEMPS, ended_on=None),
                name="one_standing_tiers_temps",
                violation_error_message="Un tiers-temps est déjà accordé pour cette inscription.",
            ),
            models.CheckConstraint(
                name="extra_time_iff_tiers_temps",
                condition=Q(kind=AccommodationKind.TIERS_TEMPS, extra_time__isnull=False)
                | (~Q(kind=AccommodationKind.TIERS_TEMPS) & Q(extra_time=None) & ~Q(measure="")),
                violation_error_message="Le tiers-temps porte une fraction, une autre mesure se décrit en clair.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The measure in words, as évaluateurs and documents show it."""
        if self.kind == AccommodationKind.TIERS_TEMPS:
            return f"Tiers-temps : {self.extra_time} de temps en plus à chaque phase"
        return self.measure


class HandicapDisclosureQuerySet(models.QuerySet["HandicapDisclosure"]):
    def standing(self) -> "HandicapDisclosureQuerySet":
        return self.filter(withdrawn_at=None)

    def without_mention(self) -> "HandicapDisclosureQuerySet":
        """For whoever needs the consent only: the mention is neither fetched nor deciphered (R-CAN-2)."""
        return self.defer("mention")


class HandicapDisclosure(models.Model):
    """A consent (RGPD art. 9): which text, when, for what, until when; and what the candidate lets the jury know.

    The mention is encrypted at rest and erased when the consent is withdrawn (R-CAN-2).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="handicap_disclosures")
    text_version = models.CharField("version du texte accepté", max_length=20)
    scope = models.CharField("portée", max_length=20, choices=ConsentScope)
    mention = EncryptedTextField("mention au jury", blank=True)
    given_at = models.DateTimeField("donné le")
    withdrawn_at = models.DateTimeField("retiré le", null=True)

    objects = HandicapDisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at"]
        verbose_name = "consentement"
        constraints = [
            models.UniqueConstraint(
                fields=["candidate"], condition=Q(withdrawn_at=None), name="one_standing_consent_per_candidate"
            ),
            models.CheckConstraint(
                name="mention_only_for_the_jury_while_consent_stands",
                condition=Q(mention="") | Q(scope=ConsentScope.JURY, withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"Consentement du {self.given_at:%d/%m/%Y}"
