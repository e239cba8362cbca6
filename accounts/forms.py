"""What a person may say about their own account, and an administrateur about the others'."""

from django import forms

from accounts.enums import Role
from accounts.people import GIVEN_HERE
from core.forms import OnceForm


class ShortcutsForm(forms.Form):
    enabled = forms.BooleanField(
        label="Utiliser les raccourcis clavier à une touche",
        help_text="Sur la grille, une seule touche juge un critère ou passe au suivant. "
        "Désactivez-les si vous dictez au clavier ou si vous utilisez une commande vocale.",
        required=False,
    )


class PeopleFilter(forms.Form):
    """How the list is narrowed; its names are those of the address."""

    q = forms.CharField(label="Nom ou adresse électronique", max_length=200, required=False)
    role = forms.ChoiceField(label="Rôle", choices=[("", "Tous"), *Role.choices], required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Motif",
        max_length=2000,
        help_text="Il est conservé au journal, avec votre nom.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RolesForm(ReasonForm):
    roles = forms.MultipleChoiceField(
        label="Rôles",
        choices=[(role.value, role.label) for role in GIVEN_HERE],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["roles", "reason"]


class OpenAccountForm(RolesForm, OnceForm):
    first_name = forms.CharField(label="Prénom", max_length=100)
    last_name = forms.CharField(label="Nom", max_length=100)
    email = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        help_text="Celle avec laquelle cette personne se connectera. Elle choisira elle-même son mot de passe.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["first_name", "last_name", "email", "roles", "reason"]


class AccessForm(ReasonForm):
    """``active`` is what the account is to become."""

    active = forms.BooleanField(widget=forms.HiddenInput, required=False)
