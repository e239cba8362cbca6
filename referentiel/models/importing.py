"""A file that was read, while a person looks at what it would do."""

import uuid

from django.conf import settings
from django.db import models


class PendingImport(models.Model):
    """The content of a file, not yet a draft; its key is the operation that makes it one, once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file_name = models.CharField("fichier", max_length=200)
    content = models.JSONField("contenu")
    registration = models.JSONField("enregistrement", default=dict)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    read_at = models.DateTimeField("lu le")

    class Meta:
        verbose_name = "import à confirmer"

    def __str__(self) -> str:
        return self.file_name
