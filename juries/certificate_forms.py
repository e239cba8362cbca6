"""What people type about what is delivered."""

from django import forms


class DeliveryForm(forms.Form):
    """What every parchemin of a certification bears beside the decision."""

    legal_name = forms.CharField(
        label="Dénomination légale du certificateur",
        max_length=200,
        help_text="Telle qu’elle figure sur la décision d’enregistrement au RNCP.",
    )
    place = forms.CharField(label="Lieu de délivrance", max_length=100, help_text="La commune : « Fait à Paris ».")
    signatory = forms.CharField(label="Signataire", max_length=150, help_text="Prénom et nom.")
    signatory_title = forms.CharField(
        label="Qualité du signataire", max_length=150, help_text="Par exemple « Directrice de la certification »."
    )
