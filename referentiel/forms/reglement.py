"""The règlement's form: each setting with its default and its effect in plain words (R-REF-6)."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import BaseFormSet, formset_factory

from referentiel.forms.nodes import VerbatimForm
from referentiel.models import Reglement
from referentiel.models.reglement import MAX_PHASE_NAME, MAX_PHASES

_SHARES = {
    "criteres_percent": 1,
    "competences_percent": 1,
    "jury_external_percent": 0,
    "jury_quorum_percent": 1,
    "jury_vae_external_percent": 0,
}
"""The lowest value of each share; the highest is 100."""


class ReglementForm(VerbatimForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, low in _SHARES.items():
            self.fields[name].validators += [MinValueValidator(low), MaxValueValidator(100)]

    class Meta:
        model = Reglement
        fields = [
            "criteres_percent",
            "competences_percent",
            "motive_required",
            "attempts_allowed",
            "appeal_months",
            "retention_years",
            "jury_minimum",
            "jury_external_percent",
            "jury_quorum_percent",
            "jury_vae_minimum",
            "jury_vae_external_percent",
            "vote_secret",
        ]
        labels = {
            "criteres_percent": "CE acquis pour une compétence, en %",
            "competences_percent": "Compétences acquises pour un bloc, en %",
            "motive_required": "Un « non acquis » demande un commentaire",
            "attempts_allowed": "Présentations permises par compétence",
            "appeal_months": "Délai de recours, en mois",
            "retention_years": "Conservation des dossiers, en années",
            "jury_minimum": "Membres du jury, au moins",
            "jury_external_percent": "Membres extérieurs, en %",
            "jury_quorum_percent": "Quorum, en %",
            "jury_vae_minimum": "Membres du jury en VAE, au moins",
            "jury_vae_external_percent": "Membres extérieurs en VAE, en %",
            "vote_secret": "Votes du jury",
        }
        widgets = {"vote_secret": forms.Select(choices=[("", "À main levée"), ("True", "Secrets")])}
        help_texts = {
            "criteres_percent": "Par défaut 100 : tous les CE. À 80, une compétence de cinq CE est acquise avec quatre "
            "d’entre eux, CE obligatoires compris.",
            "competences_percent": "Par défaut 100 : toutes les compétences du bloc.",
            "motive_required": "Par défaut oui : une grille ne peut être soumise tant qu’un « non acquis » est sans "
            "explication pour le candidat.",
            "attempts_allowed": "Par défaut sans limite : laissez vide. Sinon, au-delà de ce nombre, une compétence "
            "ne peut plus être présentée.",
            "appeal_months": "Par défaut 2 : le temps qu’a un candidat pour contester après la publication.",
            "retention_years": "Par défaut non précisée : laissez vide. Sinon, le temps pendant lequel dossiers et "
            "décisions sont gardés, dit au candidat et imprimé aux documents ; rien ne s’efface de soi-même.",
            "jury_minimum": "Par défaut 2 : une session qui en réunit moins ne peut pas s’ouvrir.",
            "jury_external_percent": "Par défaut 50 : la part de membres extérieurs au certificateur et à l’organisme "
            "de formation.",
            "jury_quorum_percent": "Par défaut 50 : la part de membres présents, président compris, pour délibérer.",
            "jury_vae_minimum": "Par défaut comme pour les autres candidats : laissez vide. Sinon, exigé dès qu’un "
            "candidat de la session vient par la VAE.",
            "jury_vae_external_percent": "Par défaut comme pour les autres candidats : laissez vide.",
            "vote_secret": "Par défaut à main levée : le procès-verbal dit qui a voté quoi. Secrets, il ne dit que le "
            "décompte ; la voix du président départage dans les deux cas.",
        }


class PhaseForm(forms.Form):
    """One phase of a soutenance; a row left empty counts for nothing."""

    name = forms.CharField(label="Phase", max_length=MAX_PHASE_NAME, required=False)
    minutes = forms.IntegerField(label="Minutes", min_value=1, max_value=600, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        name, minutes = cleaned.get("name"), cleaned.get("minutes")
        if name and minutes is None and "minutes" not in self.errors:
            self.add_error("minutes", "Indiquez la durée de cette phase.")
        if minutes is not None and not name:
            self.add_error("name", "Nommez cette phase, ou videz sa durée.")
        return cleaned


class BasePhaseFormSet(BaseFormSet):  # type: ignore[type-arg]  # generic only in the stubs
    def clean(self) -> None:
        if not any(self.errors) and not self.phases():
            raise forms.ValidationError("Indiquez au moins une phase de soutenance.")

    def phases(self) -> list[dict[str, Any]]:
        """The rows that say something, in order, as the règlement stores them."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("name")]
        return [{"name": row["name"], "minutes": row["minutes"]} for row in rows]


PhaseFormSet: Any = formset_factory(
    PhaseForm, formset=BasePhaseFormSet, extra=2, max_num=MAX_PHASES, absolute_max=MAX_PHASES
)
