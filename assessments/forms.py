"""What managers type to plan soutenances."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from assessments.enums import SoutenanceState, Verdict
from assessments.models import Soutenance
from assessments.services.snippets import SNIPPET_LIMIT
from candidates.models import Enrolment
from referentiel.forms.competences import CompetencesField
from referentiel.models import Competence
from referentiel.queries.projets import DOCUMENT_ORDER

LATEST = timedelta(days=731)  # from now


class PlanForm(forms.Form):
    """A slot for one enrolment: who evaluates, what, when and where; ``changing`` a planned one, or a new one."""

    title = forms.CharField(label="Projet présenté", max_length=200, required=False)
    evaluateur = forms.ModelChoiceField(label="Évaluateur", queryset=User.objects.none())
    second_evaluateur = forms.ModelChoiceField(
        label="Second évaluateur",
        queryset=User.objects.none(),
        required=False,
        empty_label="Aucun",
        help_text="Chacun évalue de son côté, sans voir l’autre ; ils concilient ensuite leurs différences.",
    )
    starts_at = forms.DateTimeField(
        label="Début",
        help_text="La fin se calcule d’elle-même, tiers-temps compris.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.CharField(label="Lieu ou lien de visioconférence", max_length=300, required=False)
    competences = CompetencesField(label="Compétences présentées", queryset=Competence.objects.none())
    replaces = forms.ModelChoiceField(
        label="Remplace", queryset=Soutenance.objects.none(), required=False, empty_label="Aucune autre soutenance"
    )

    def __init__(self, *args: Any, enrolment: Enrolment, changing: Soutenance | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changing = changing
        missed = Soutenance.objects.replaceable(enrolment).select_related("enrolment__candidate")
        replaces: Any = self.fields["replaces"]
        replaces.queryset, replaces.label_from_instance = missed, _missed
        if changing or not missed:
            del self.fields["replaces"]
        for name in ("evaluateur", "second_evaluateur"):
            self.fields[name].queryset = User.objects.with_role(Role.EVALUATEUR)  # type: ignore[attr-defined]
        self._offer(enrolment)

    def _offer(self, enrolment: Enrolment) -> None:
        competences: Any = self.fields["competences"]
        competences.queryset = (
            Competence.objects.filter(activite__bloc__enrolments=enrolment)
            .select_related("activite__bloc")
            .order_by(*DOCUMENT_ORDER)
        )
        standing = enrolment.competence_acquisitions.standing()
        competences.widget.acquired = frozenset(standing.values_list("competence", flat=True))

    def clean_starts_at(self) -> Any:
        starts_at = self.cleaned_data["starts_at"]
        if self.changing and _to_the_minute(starts_at) == _to_the_minute(self.changing.starts_at):
            return self.changing.starts_at
        if starts_at < timezone.now():
            raise forms.ValidationError("Cette date est passée : choisissez un début à venir.")
        if starts_at > timezone.now() + LATEST:
            raise forms.ValidationError("Cette date est trop lointaine : vérifiez l’année.")
        return starts_at


def _to_the_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _missed(soutenance: Soutenance) -> str:
    day = timezone.localdate(soutenance.starts_at)
    return f"Soutenance du {day:%d/%m/%Y} ({soutenance.get_state_display().lower()})"


class LeaveForm(forms.Form):
    """Why a soutenance does not take place; its évaluateur can only tell what they saw (R-SCO-1)."""

    to = forms.ChoiceField(label="Ce qui s’est passé", choices=[])
    reason = forms.CharField(label="Motif", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, soutenance: Soutenance, plans: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = [SoutenanceState.INTERRUPTED]
        if soutenance.state == SoutenanceState.PLANNED:
            others = [SoutenanceState.CANCELLED, SoutenanceState.EXCUSED] if plans else []
            allowed = [SoutenanceState.ABSENT, *others]
        self.fields["to"].choices = [(state.value, state.label) for state in allowed]  # type: ignore[attr-defined]
        if len(allowed) == 1:
            self.fields["to"].widget = forms.HiddenInput()
            self.initial.setdefault("to", allowed[0])


class ReopenForm(forms.Form):
    """Why a grille is given back; ``submission`` is the one the manager saw."""

    submission = forms.DateTimeField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Motif",
        max_length=1000,
        help_text="L’évaluateur le lit sur sa grille ; il reste au journal.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SettleForm(forms.Form):
    """What two évaluateurs agree on for one CE (R-SCO-9); ``version`` is the one on screen (R-SCO-4)."""

    verdict = forms.ChoiceField(label="Verdict retenu", choices=Verdict.choices)
    comment = forms.CharField(
        label="Commentaire pour le candidat", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    reason = forms.CharField(label="Pourquoi ce verdict", widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(min_value=0, max_value=1_000_000, widget=forms.HiddenInput)


class SnippetForm(forms.Form):
    """A ready sentence, and who may use it."""

    text = forms.CharField(label="Phrase", max_length=SNIPPET_LIMIT, widget=forms.Textarea(attrs={"rows": 3}))
    is_shared = forms.BooleanField(label="Partagée avec tous les évaluateurs", required=False)
