"""The form a référentiel is sent with."""

from typing import Any

from django import forms
from django.conf import settings

from referentiel.models import Certification


class ImportForm(forms.Form):
    """A file, and what some formats do not say themselves."""

    file = forms.FileField(
        label="Fichier",
        max_length=200,
        help_text="XLSX, CSV, JSON de Parchemin, paquet CASE 1.0, ou fiche RNCP en XML.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.json,.xml"}),
        error_messages={"empty": "Ce fichier est vide."},
    )
    certification = forms.ModelChoiceField(
        Certification.objects.all(),
        label="Certification d’un fichier CSV",
        required=False,
        empty_label="Aucune : le fichier la donne",
        help_text="Un CSV ne contient que l’arbre ; les autres formats disent eux-mêmes de quoi il s’agit.",
    )
    fiche = forms.CharField(
        label="Numéro de la fiche RNCP",
        required=False,
        max_length=20,
        help_text="Si le XML en contient plusieurs, par exemple RNCP37431. Vide : vous choisirez dans la liste.",
    )

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > settings.IMPORT_LIMIT:
            raise forms.ValidationError(too_large())
        return sent


def too_large() -> str:
    return f"Ce fichier dépasse {settings.IMPORT_LIMIT >> 20} Mio : il n’est pas lu."
