"""What the lists of the ground can be narrowed to."""

from django import forms

from core.enums import JobState


class JobFilter(forms.Form):
    etat = forms.ChoiceField(label="État", choices=[("", "Tous"), *JobState.choices], required=False)


class JournalFilter(forms.Form):
    action = forms.CharField(label="Action", required=False)
    objet = forms.CharField(label="Objet", required=False)
    auteur = forms.CharField(label="Auteur (adresse électronique)", required=False)
    jusqu_a = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
