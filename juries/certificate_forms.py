"""What people type about what is delivered."""

from django import forms

from core.forms import OnceForm
from juries.queries.certificate_lists import STATES


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


class VerificationForm(forms.Form):
    """A code as it was read on paper. Any text will do: what is not a code is answered like a code of nothing."""

    code = forms.Field(
        label="Code de vérification",
        help_text="Douze lettres et chiffres, imprimés à côté du code QR. Majuscules, espaces et tirets sont sans "
        "importance.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": 60}
        ),
    )


class CertificateFilter(forms.Form):
    """How the list is narrowed; its names are those of the address."""

    q = forms.CharField(label="Numéro ou titulaire", max_length=200, required=False)
    etat = forms.ChoiceField(label="État", choices=STATES, required=False)


class RevocationForm(forms.Form):
    reason = forms.CharField(
        label="Motif de la révocation",
        max_length=2000,
        help_text="Il est conservé au journal, avec votre nom. La page de vérification ne le dit pas.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CopyForm(OnceForm):
    reason = forms.CharField(
        label="Motif de la demande",
        max_length=500,
        help_text="Par exemple « Original perdu dans un déménagement ». Il est conservé au journal, avec votre nom.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RectificationForm(OnceForm):
    reason = forms.CharField(
        label="Ce qui était inexact",
        max_length=500,
        help_text="Par exemple « Prénom mal orthographié, pièce d’identité présentée ». Il est conservé au journal, "
        "avec votre nom.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ErasureForm(forms.Form):
    reason = forms.CharField(
        label="Motif de l’effacement",
        max_length=500,
        help_text="Par exemple « Demande du titulaire, durée de conservation écoulée ». Le journal le garde pour "
        "toujours : n’y nommez personne.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
