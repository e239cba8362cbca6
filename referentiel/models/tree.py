"""The tree of a référentiel: bloc → activité → compétence → CE → sub-item, and its front matter.

Each node names its référentiel, so that codes are unique in a version and one query reads a whole level; the database
refuses a node whose parent belongs to another version. ``lineage`` follows a node across versions (R-REF-2).
"""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q


def filled(name: str, field: str) -> models.CheckConstraint:
    """``field`` is never empty."""
    return models.CheckConstraint(
        name=name, condition=~Q(**{field: ""}), violation_error_message="Ce texte ne peut pas rester vide."
    )


class TreeManager(models.Manager):  # type: ignore[type-arg]  # one manager for four models
    """Finds a node by its référentiel's key followed by its own number or code."""

    key = "code"

    def get_by_natural_key(self, rncp_code: str, version: int, own: str | int) -> Any:
        return self.get(
            referentiel__certification__rncp_code=rncp_code, referentiel__version=version, **{self.key: own}
        )


class NumberedManager(TreeManager):
    key = "number"


class PositionedManager(TreeManager):
    key = "position"


class Section(models.Model):
    """A part of the document's front matter: article, handicap, conditions d'octroi."""

    referentiel = models.ForeignKey("referentiel.Referentiel", models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField("rang")
    title = models.TextField("titre")
    text = models.TextField("texte")

    objects = PositionedManager()

    class Meta:
        ordering = ["position"]
        verbose_name = "préambule"
        constraints = [
            models.UniqueConstraint(fields=["referentiel", "position"], name="one_section_per_position"),
            filled("section_has_title", "title"),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str, int, int]:
        return (*self.referentiel.natural_key(), self.position)

    natural_key.dependencies = ["referentiel.referentiel"]  # type: ignore[attr-defined]  # Django's own protocol


class Bloc(models.Model):
    """A bloc de compétences, acquired and delivered on its own."""

    referentiel = models.ForeignKey("referentiel.Referentiel", models.CASCADE, related_name="blocs")
    number = models.PositiveSmallIntegerField("numéro")
    title = models.TextField("intitulé")
    lineage = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = NumberedManager()

    class Meta:
        ordering = ["number"]
        verbose_name = "bloc"
        constraints = [
            models.UniqueConstraint(
                fields=["referentiel", "number"],
                name="one_bloc_per_number",
                violation_error_message="Ce numéro de bloc est déjà pris dans ce référentiel.",
            ),
            models.CheckConstraint(name="bloc_number_from_1", condition=Q(number__gte=1)),
            filled("bloc_has_title", "title"),
        ]

    def __str__(self) -> str:
        return f"Bloc {self.number} – {self.title}"

    def natural_key(self) -> tuple[str, int, int]:
        return (*self.referentiel.natural_key(), self.number)

    natural_key.dependencies = ["referentiel.referentiel"]  # type: ignore[attr-defined]  # Django's own protocol


class Activite(models.Model):
    """An activité of a bloc: A1.1 …"""

    referentiel = models.ForeignKey("referentiel.Referentiel", models.CASCADE, related_name="activites")
    bloc = models.ForeignKey(Bloc, models.CASCADE, related_name="activites")
    position = models.PositiveSmallIntegerField("rang")
    code = models.CharField("code", max_length=20)
    title = models.TextField("intitulé")
    lineage = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = TreeManager()

    class Meta:
        ordering = ["bloc__number", "position"]
        verbose_name = "activité"
        constraints = [
            models.UniqueConstraint(
                fields=["referentiel", "code"],
                name="one_activite_per_code",
                violation_error_message="Ce code d’activité est déjà pris dans ce référentiel.",
            ),
            filled("activite_has_code", "code"),
            filled("activite_has_title", "title"),
        ]

    def __str__(self) -> str:
        return f"{self.code} – {self.title}"

    def natural_key(self) -> tuple[str, int, str]:
        return (*self.referentiel.natural_key(), self.code)

    natural_key.dependencies = ["referentiel.bloc"]  # type: ignore[attr-defined]  # Django's own protocol


class Competence(models.Model):
    """A compétence: its statement, and the three parts of its modalité d'évaluation."""

    referentiel = models.ForeignKey("referentiel.Referentiel", models.CASCADE, related_name="competences")
    activite = models.ForeignKey(Activite, models.CASCADE, related_name="competences")
    position = models.PositiveSmallIntegerField("rang")
    code = models.CharField("code", max_length=20)
    statement = models.TextField("énoncé")
    mise_en_situation = models.TextField("mise en situation", blank=True)
    travail_demande = models.TextField("travail demandé", blank=True)
    soutenance = models.TextField("soutenance", blank=True)
    lineage = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = TreeManager()

    class Meta:
        ordering = ["activite__bloc__number", "activite__position", "position"]
        verbose_name = "compétence"
        constraints = [
            models.UniqueConstraint(
                fields=["referentiel", "code"],
                name="one_competence_per_code",
                violation_error_message="Ce code de compétence est déjà pris dans ce référentiel.",
            ),
            filled("competence_has_code", "code"),
            filled("competence_has_statement", "statement"),
        ]

    def __str__(self) -> str:
        return f"{self.code} – {self.statement}"

    def natural_key(self) -> tuple[str, int, str]:
        return (*self.referentiel.natural_key(), self.code)

    natural_key.dependencies = ["referentiel.activite"]  # type: ignore[attr-defined]  # Django's own protocol


class CritereManager(models.Manager["Critere"]):
    def get_by_natural_key(self, rncp_code: str, version: int, competence: str, number: int) -> "Critere":
        return self.get(
            referentiel__certification__rncp_code=rncp_code,
            referentiel__version=version,
            competence__code=competence,
            number=number,
        )


class Critere(models.Model):
    """A critère d’évaluation (CE): the words a candidate is judged on.

    ``number`` is the source's, holes included (R-REF-3); ``threshold`` and sub-items only propose (R-REF-4).
    """

    referentiel = models.ForeignKey("referentiel.Referentiel", models.CASCADE, related_name="criteres")
    competence = models.ForeignKey(Competence, models.CASCADE, related_name="criteres")
    position = models.PositiveSmallIntegerField("rang")
    number = models.PositiveSmallIntegerField("numéro")
    rubrique = models.TextField("rubrique", blank=True)
    text = models.TextField("texte")
    is_oral = models.BooleanField("critère de présentation orale", default=False)
    mandatory = models.BooleanField("obligatoire pour acquérir la compétence", default=False)
    threshold = models.PositiveSmallIntegerField("seuil à compter", null=True, blank=True)
    lineage = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = CritereManager()

    class Meta:
        ordering = ["competence", "position"]
        verbose_name = "critère d’évaluation"
        verbose_name_plural = "critères d’évaluation"
        constraints = [
            models.UniqueConstraint(
                fields=["competence", "number"],
                name="one_critere_per_number",
                violation_error_message="Ce numéro de CE est déjà pris dans cette compétence.",
            ),
            models.CheckConstraint(name="critere_number_from_1", condition=Q(number__gte=1)),
            filled("critere_has_text", "text"),
        ]

    def __str__(self) -> str:
        return f"{self.label} – {self.text}"

    @property
    def label(self) -> str:
        return f"CE{self.number}"

    def natural_key(self) -> tuple[str, int, str, int]:
        return (*self.competence.natural_key(), self.number)

    natural_key.dependencies = ["referentiel.competence"]  # type: ignore[attr-defined]  # Django's own protocol


class SousElementManager(models.Manager["SousElement"]):
    def get_by_natural_key(
        self, rncp_code: str, version: int, competence: str, number: int, position: int
    ) -> "SousElement":
        critere = Critere.objects.get_by_natural_key(rncp_code, version, competence, number)
        return self.get(critere=critere, position=position)


class SousElement(models.Model):
    """A sub-item of a CE, to be ticked; ticks propose a verdict, they never decide it (R-REF-4)."""

    critere = models.ForeignKey(Critere, models.CASCADE, related_name="sous_elements")
    position = models.PositiveSmallIntegerField("rang")
    text = models.TextField("texte")

    objects = SousElementManager()

    class Meta:
        ordering = ["critere", "position"]
        verbose_name = "sous-élément"
        verbose_name_plural = "sous-éléments"
        constraints = [
            models.UniqueConstraint(fields=["critere", "position"], name="one_sous_element_per_position"),
            filled("sous_element_has_text", "text"),
        ]

    def __str__(self) -> str:
        return self.text

    def natural_key(self) -> tuple[str, int, str, int, int]:
        return (*self.critere.natural_key(), self.position)

    natural_key.dependencies = ["referentiel.critere"]  # type: ignore[attr-defined]  # Django's own protocol
