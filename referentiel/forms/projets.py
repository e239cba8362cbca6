"""The form of a projet."""

from typing import Any

from django import forms

from core.forms import OnceForm
from referentiel.forms.competences import CompetencesField
from referentiel.forms.nodes import VerbatimForm
from referentiel.models import Competence, Projet, Referentiel
from referentiel.queries.projets import DOCUMENT_ORDER


class ProjetForm(VerbatimForm, OnceForm):
    """The compétences offered are those of one version."""

    competences = CompetencesField(label="Compétences présentées", queryset=Competence.objects.none(), required=False)

    class Meta:
        model = Projet
        fields = ["name", "brief", "competences"]
        labels = {"name": "Nom du projet", "brief": "Mise en situation"}
        help_texts = {"brief": "Ce qui est demandé au candidat, tel que l’évaluateur et lui le liront. Facultatif."}
        widgets = {"brief": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, referentiel: Referentiel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        competences: Any = self.fields["competences"]
        offered = Competence.objects.filter(referentiel=referentiel).select_related("activite__bloc")
        competences.queryset = offered.order_by(*DOCUMENT_ORDER)

    def clean(self) -> dict[str, Any]:
        """The compétences stay a list of rows: the lines of texts are all that is tidied."""
        cleaned = super().clean()
        return {**cleaned, "competences": list(cleaned.get("competences") or [])}
