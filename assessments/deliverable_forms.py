"""What a candidate hands in: a file or a link."""

from typing import Any

from django import forms

from assessments.inspection.files import ACCEPTED


class DeliverableForm(forms.Form):
    """A file or a link, and the words it is listed under."""

    title = forms.CharField(
        label="Intitulé",
        max_length=200,
        required=False,
        help_text="Ce que le jury lira dans la liste ; sans intitulé, c’est le nom du fichier.",
    )
    file = forms.FileField(
        label="Fichier",
        required=False,
        allow_empty_file=True,  # refused by the service, with the others
        max_length=1000,
        help_text="PDF, notebook (.ipynb) ou diaporama (.pptx, .odp), sans macro ni script.",
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPTED)}),
    )
    url = forms.CharField(
        label="Ou un lien",
        required=False,
        max_length=1000,
        help_text="Adresse https d’un dépôt ou d’une application en ligne ; elle doit s’ouvrir sans mot de passe.",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, url = cleaned.get("file"), cleaned.get("url")
        if file is None and not url and not self.errors:
            raise forms.ValidationError("Choisissez un fichier, ou écrivez un lien.")
        if file is not None and url:
            raise forms.ValidationError("Déposez le fichier et le lien l’un après l’autre.")
        return cleaned
