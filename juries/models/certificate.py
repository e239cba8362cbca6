"""What is delivered: the parchemin, the attestations de bloc, and their duplicata (R-JUR-7)."""

import json
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import StoredFile
from juries.enums import CertificateKind
from juries.models.decision import Decision
from referentiel.models import Certification


class Delivery(models.Model):
    """Who delivers a certification, and where: what its parchemins bear beside the decision."""

    certification = models.OneToOneField(Certification, models.CASCADE, related_name="delivery")
    legal_name = models.CharField("dénomination légale du certificateur", max_length=200)
    place = models.CharField("lieu de délivrance", max_length=100)
    signatory = models.CharField("signataire", max_length=150)
    signatory_title = models.CharField("qualité du signataire", max_length=150)

    class Meta:
        verbose_name = "délivrance"

    def __str__(self) -> str:
        return f"Délivrance de {self.certification}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: Any) -> "CertificateQuerySet":
        """Organisers and auditeurs see all; a holder, their own."""
        return self if user.has_perm("juries.view_all") else self.filter(decision__enrolment__candidate__user=user)

    def valid(self) -> "CertificateQuerySet":
        return self.filter(revoked_at=None)


class Certificate(models.Model):
    """A document delivered once from a published decision, numbered without holes, verified by anyone (R-JUR-7).

    The row is the act: its number and codes are given in the transaction that orders its PDF, which follows and never
    changes. ``code`` is typed by hand (60 bits), ``token`` is in the QR (128 bits). ``bloc_number`` is the bloc of an
    attestation, None for a parchemin. A rectificatif ``replaces`` the document it corrects, which is then revoked;
    ``correction_reason`` says what was wrong. Once ``erased_at``, the content, the files and that reason are gone with
    the holder's data: number, codes, fingerprint and revocation stay.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("nature", max_length=12, choices=CertificateKind)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="certificates")
    bloc_number = models.PositiveSmallIntegerField("bloc", null=True)
    certification = models.ForeignKey(Certification, models.PROTECT, related_name="certificates")
    year = models.PositiveSmallIntegerField("année")
    sequence = models.PositiveIntegerField("rang dans l’année")
    number = models.CharField("numéro", max_length=40, unique=True)
    code = models.CharField("code de vérification", max_length=20, unique=True)
    token = models.CharField("jeton du QR", max_length=40, unique=True)
    content_json = models.TextField("contenu")
    fingerprint = models.CharField("empreinte", max_length=64)
    issued_at = models.DateTimeField("délivré le")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="délivré par"
    )
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField("révoqué le", null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revocation_reason = models.TextField("motif de révocation", blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name="annule et remplace"
    )
    correction_reason = models.TextField("motif de rectification", blank=True)
    erased_at = models.DateTimeField("effacé le", null=True)
    erased_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    erasure_reason = models.TextField("motif d’effacement", blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "number"]
        verbose_name = "certificat"
        constraints = [
            models.UniqueConstraint(
                fields=["decision"], condition=Q(bloc_number=None, replaces=None), name="one_parchemin_per_decision"
            ),
            models.UniqueConstraint(
                fields=["decision", "bloc_number"],
                condition=Q(bloc_number__isnull=False, replaces=None),
                name="one_attestation_per_decision_and_bloc",
            ),
            models.UniqueConstraint(fields=["certification", "year", "sequence"], name="certificate_numbered_once"),
            models.CheckConstraint(
                name="an_attestation_is_of_a_bloc",
                condition=Q(kind=CertificateKind.PARCHEMIN, bloc_number=None)
                | Q(kind=CertificateKind.ATTESTATION, bloc_number__isnull=False),
            ),
            models.CheckConstraint(
                name="revoked_iff_by_a_person_with_a_reason",
                condition=Q(revoked_at=None, revoked_by=None, revocation_reason="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revocation_reason="")),
            ),
            models.CheckConstraint(
                name="corrected_iff_with_a_reason",
                condition=Q(replaces=None, correction_reason="")
                | Q(replaces__isnull=False, erased_at__isnull=False, correction_reason="")
                | (Q(replaces__isnull=False, erased_at=None) & ~Q(correction_reason="")),
            ),
            models.CheckConstraint(
                name="erased_iff_nothing_of_the_holder_is_left",
                condition=(Q(erased_at=None, erased_by=None, erasure_reason="") & ~Q(content_json=""))
                | (
                    Q(erased_at__isnull=False, erased_by__isnull=False, content_json="", pdf=None)
                    & ~Q(erasure_reason="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def rectified_by(self) -> "Certificate | None":
        """The rectificatif that takes its place, if any."""
        found: Certificate | None = getattr(self, "replaced_by", None)
        return found

    @property
    def content(self) -> Any:
        return json.loads(self.content_json)


class CertificateCopy(models.Model):
    """A duplicata: the same act printed again and marked so, with who asked and why (R-JUR-7)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="copies")
    rank = models.PositiveSmallIntegerField("rang")
    reason = models.CharField("motif", max_length=500)
    issued_at = models.DateTimeField("délivré le")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["certificate", "rank"]
        verbose_name = "duplicata"
        verbose_name_plural = "duplicatas"
        constraints = [models.UniqueConstraint(fields=["certificate", "rank"], name="one_copy_per_rank")]

    def __str__(self) -> str:
        return f"Duplicata {self.rank} de {self.certificate}"
