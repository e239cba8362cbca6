"""What every form of the product shares: how it looks, what it takes for a text, and how it acts once."""

import unicodedata
from uuid import uuid4

from django import forms
from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


def refuse_invisible(text: str) -> None:
    """Raise ValidationError for a text of spaces and characters that nothing shows: a record would seem empty.

    Every ``CharField`` of the product refuses them (``core.apps``).
    """
    if text and all(unicodedata.category(character)[0] in "CZ" for character in text):
        raise forms.ValidationError("Ce texte ne contient aucun caractère visible\u00a0: écrivez-le à nouveau.")


class OnceForm(forms.Form):
    """A form that has one effect even when it is sent twice."""

    operation = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
