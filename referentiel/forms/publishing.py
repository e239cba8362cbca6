"""What an administrateur types about a publication somebody else asked for."""

from django import forms

from referentiel.services.asking import REASON_LIMIT


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label="Motif du refus",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=REASON_LIMIT,
        help_text="La personne qui a demandé la publication le lira ; il reste au journal.",
    )
