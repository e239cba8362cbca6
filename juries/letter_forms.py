"""What people type to a candidate."""

from django import forms

from juries.letters import LIMIT


class LetterForm(forms.Form):
    """The text of a letter; ``version`` is the one on screen (R-SCO-4)."""

    body = forms.CharField(
        label="Texte de la lettre",
        max_length=LIMIT,
        help_text="En début de ligne : # pour un titre, ## pour un sous-titre, - pour une liste, > pour une citation.",
        widget=forms.Textarea(attrs={"rows": 30}),
    )
    version = forms.IntegerField(min_value=1, max_value=1_000_000, widget=forms.HiddenInput)
