"""A projet: the mise en situation in which several compétences are presented together."""

import uuid

from django.db import models

from referentiel.models.tree import Competence, filled


class Projet(models.Model):
    """How a version is assessed, not what it says: outside its text and fingerprint, it still changes once published.

    A soutenance planned from it keeps its own list of compétences, whatever happens here later.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referentiel = models.ForeignKey("referentiel.Referentiel", models.CASCADE, related_name="projets")
    position = models.PositiveSmallIntegerField("rang")
    name = models.CharField("nom", max_length=200)
    brief = models.TextField("mise en situation", blank=True)
    competences = models.ManyToManyField(Competence, related_name="projets", verbose_name="compétences présentées")

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "projet"
        constraints = [
            models.UniqueConstraint(
                fields=["referentiel", "name"],
                name="one_projet_per_name",
                violation_error_message="Un autre projet de ce référentiel porte déjà ce nom.",
            ),
            filled("projet_has_name", "name"),
        ]

    def __str__(self) -> str:
        return self.name
