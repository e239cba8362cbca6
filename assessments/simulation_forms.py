"""The thresholds to try."""

from django import forms


class ThresholdsForm(forms.Form):
    """Percentages as in the règlement."""

    criteres = forms.IntegerField(
        label="CE acquis pour une compétence, en %",
        min_value=1,
        max_value=100,
        help_text="Les CE obligatoires le restent.",
    )
    competences = forms.IntegerField(label="Compétences acquises pour un bloc, en %", min_value=1, max_value=100)
