"""How the candidates of a session are narrowed, and what its president writes down."""

from django import forms

from core.forms import OnceForm
from juries.queries.sessions import STATES


class CandidateFilter(forms.Form):
    """Its names are those of the address."""

    q = forms.CharField(label="Nom ou numéro d’inscription", max_length=200, required=False)
    etat = forms.ChoiceField(label="À traiter", choices=STATES, required=False)


class IncidentForm(OnceForm):
    text = forms.CharField(
        label="Incident à consigner",
        max_length=2000,
        help_text="Par exemple « Coupure de la visioconférence pendant douze minutes ». L’heure est notée. Il figurera "
        "au procès-verbal et ne se reprend pas\u00a0: n’y écrivez rien de la santé de quiconque.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
