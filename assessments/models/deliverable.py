"""What the candidate hands in, read beside the grille."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.enums import DeliverableKind
from assessments.models.soutenance import Soutenance
from core.models import StoredFile


class DeliverableQuerySet(models.QuerySet["Deliverable"]):
    def standing(self) -> "DeliverableQuerySet":
        return self.filter(removed_at=None)


class Deliverable(models.Model):
    """A livrable of a soutenance: a file whose content was checked, or a link."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    soutenance = models.ForeignKey(Soutenance, models.PROTECT, related_name="deliverables")
    kind = models.CharField("nature", max_length=10, choices=DeliverableKind)
    title = models.CharField("intitulé", max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="fichier")
    file_name = models.CharField("nom du fichier", max_length=200, blank=True)
    url = models.URLField("adresse", max_length=500, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("déposé le")
    removed_at = models.DateTimeField("retiré le", null=True)

    objects = DeliverableQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        verbose_name = "livrable"
        constraints = [
            models.CheckConstraint(name="deliverable_kind_known", condition=Q(kind__in=DeliverableKind.values)),
            models.CheckConstraint(
                name="deliverable_is_a_file_or_a_link",
                condition=Q(kind=DeliverableKind.LINK, file=None, file_name="") & ~Q(url="")
                | ~Q(kind=DeliverableKind.LINK) & Q(file__isnull=False, url="") & ~Q(file_name=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title
