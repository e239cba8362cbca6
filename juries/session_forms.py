"""How the candidates of a session are narrowed."""

from django import forms

from juries.queries.sessions import STATES


class CandidateFilter(forms.Form):
    """Its names are those of the address."""

    q = forms.CharField(label="Nom ou numéro d’inscription", max_length=200, required=False)
    etat = forms.ChoiceField(label="À traiter", choices=STATES, required=False)
