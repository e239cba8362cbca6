"""What every form of the product shares: how it looks, and how it acts once."""

from uuid import uuid4

from django import forms
from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


class OnceForm(forms.Form):
    """A form that has one effect even when it is sent twice."""

    operation = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
