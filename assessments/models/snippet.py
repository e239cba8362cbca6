"""Sentences an évaluateur writes once and uses often."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import User


class SnippetQuerySet(models.QuerySet["Snippet"]):
    def usable_by(self, user: "User") -> "SnippetQuerySet":
        """Their own, and those colleagues share."""
        return self.filter(Q(owner=user) | Q(is_shared=True))


class Snippet(models.Model):
    """A ready comment; shared, every évaluateur may use it, its owner alone changes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="snippets")
    text = models.TextField("texte", max_length=1000)
    is_shared = models.BooleanField("partagé avec tous les évaluateurs", default=False)

    objects = SnippetQuerySet.as_manager()

    class Meta:
        ordering = ["text"]
        verbose_name = "phrase type"
        verbose_name_plural = "phrases types"
        constraints = [
            models.UniqueConstraint(fields=["owner", "text"], name="one_snippet_per_text"),
            models.CheckConstraint(name="snippet_has_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text[:60]
