"""Publication decided by two people: one asks, another confirms exactly what was asked (R-REF-1)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from referentiel.enums import AskState


class PublicationRequestQuerySet(models.QuerySet["PublicationRequest"]):
    def standing(self) -> "PublicationRequestQuerySet":
        return self.filter(state=AskState.ASKED)


class PublicationRequest(models.Model):
    """``fingerprint`` is that of the content to freeze: the request is worth nothing for any other text."""

    referentiel = models.ForeignKey(
        "referentiel.Referentiel", models.CASCADE, related_name="publication_requests", verbose_name="référentiel"
    )
    fingerprint = models.CharField("empreinte du contenu", max_length=64)
    asked_at = models.DateTimeField("demandée le")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="auteur")
    state = models.CharField("état", max_length=10, choices=AskState, default=AskState.ASKED)
    settled_at = models.DateTimeField("close le", null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="close par"
    )
    reason = models.TextField("motif", blank=True)

    objects = PublicationRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        verbose_name = "demande de publication"
        verbose_name_plural = "demandes de publication"
        constraints = [
            models.UniqueConstraint(
                fields=["referentiel"],
                condition=Q(state=AskState.ASKED),
                name="one_publication_request_at_a_time",
                violation_error_message="La publication de ce brouillon est déjà demandée.",
            ),
            models.CheckConstraint(
                name="publication_request_settled_iff_dated",
                condition=Q(state=AskState.ASKED, settled_at=None, settled_by=None)
                | (~Q(state=AskState.ASKED) & Q(settled_at__isnull=False, settled_by__isnull=False)),
                violation_error_message="Une demande close porte sa date et son auteur.",
            ),
            models.CheckConstraint(
                name="publication_confirmed_by_another",
                condition=~Q(state=AskState.CONFIRMED, settled_by=F("asked_by")),
                violation_error_message="Une publication est confirmée par quelqu’un d’autre que son auteur.",
            ),
            models.CheckConstraint(
                name="publication_declined_with_a_reason",
                condition=~Q(state=AskState.DECLINED, reason=""),
                violation_error_message="Indiquez pourquoi la publication est refusée.",
            ),
            models.CheckConstraint(name="publication_request_state_known", condition=Q(state__in=AskState.values)),
        ]

    def __str__(self) -> str:
        return f"Demande de publication de {self.referentiel}"
