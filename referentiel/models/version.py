"""A version of a référentiel, and the publication that freezes it."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from referentiel.enums import ReferentielState

if TYPE_CHECKING:
    from accounts.models import User
    from referentiel.models.certification import Registration


class ReferentielQuerySet(models.QuerySet["Referentiel"]):
    def published(self) -> "ReferentielQuerySet":
        """In force: published and not retired."""
        return self.filter(publication__isnull=False, publication__retired_at=None)

    def drafts(self) -> "ReferentielQuerySet":
        return self.filter(publication=None)

    def visible_to(self, user: "User") -> "ReferentielQuerySet":
        """Everybody reads what was published; drafts are the administrateurs' and auditeurs'."""
        return self if user.has_perm("referentiel.view_draft") else self.filter(publication__isnull=False)


class ReferentielManager(models.Manager["Referentiel"]):
    def get_by_natural_key(self, rncp_code: str, version: int) -> "Referentiel":
        return self.get(certification__rncp_code=rncp_code, version=version)


class Referentiel(models.Model):
    """One version of a certification's référentiel (R-REF-1, R-REF-2)."""

    certification = models.ForeignKey(
        "referentiel.Certification", models.PROTECT, related_name="referentiels", verbose_name="certification"
    )
    version = models.PositiveSmallIntegerField("version")
    predecessor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", verbose_name="version précédente"
    )
    created_at = models.DateTimeField("créé le", default=timezone.now)

    objects = ReferentielManager.from_queryset(ReferentielQuerySet)()

    class Meta:
        ordering = ["certification__title", "-version"]
        verbose_name = "référentiel"
        constraints = [
            models.UniqueConstraint(
                fields=["certification", "version"],
                name="one_referentiel_per_version",
                violation_error_message="Cette version existe déjà.",
            ),
            models.CheckConstraint(name="referentiel_version_from_1", condition=Q(version__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.certification} — version {self.version}"

    def natural_key(self) -> tuple[str, int]:
        return (*self.certification.natural_key(), self.version)

    natural_key.dependencies = ["referentiel.certification"]  # type: ignore[attr-defined]  # Django's own protocol

    @property
    def state(self) -> ReferentielState:
        publication = getattr(self, "publication", None)
        if publication is None:
            return ReferentielState.DRAFT
        return ReferentielState.RETIRED if publication.retired_at else ReferentielState.PUBLISHED

    @property
    def registration_dates(self) -> "Registration | None":
        """The registration recorded for this version, None while nobody has recorded it (R-REF-5)."""
        return getattr(self, "registration", None)

    @property
    def is_draft(self) -> bool:
        return self.state == ReferentielState.DRAFT


class PublicationManager(models.Manager["Publication"]):
    def get_by_natural_key(self, rncp_code: str, version: int) -> "Publication":
        return self.get(referentiel__certification__rncp_code=rncp_code, referentiel__version=version)


class Publication(models.Model):
    """The act of publishing: from this row on, the tree is frozen, in the database too (R-REF-1)."""

    referentiel = models.OneToOneField(Referentiel, models.PROTECT, related_name="publication")
    published_at = models.DateTimeField("publié le")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="publié par"
    )
    fingerprint = models.CharField("empreinte du contenu", max_length=64)
    retired_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = PublicationManager()

    class Meta:
        verbose_name = "publication"
        constraints = [
            models.CheckConstraint(name="publication_has_fingerprint", condition=~Q(fingerprint="")),
        ]

    def __str__(self) -> str:
        return f"Publication de {self.referentiel}"

    def natural_key(self) -> tuple[str, int]:
        return self.referentiel.natural_key()

    natural_key.dependencies = ["referentiel.referentiel"]  # type: ignore[attr-defined]  # Django's own protocol
