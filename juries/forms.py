"""What people type to organise a jury and to record its decisions."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from candidates.models import Enrolment
from core.forms import OnceForm
from juries.enums import Capacity, Outcome
from juries.models import Decision, JurySession
from referentiel.models import Referentiel

FARTHEST = timedelta(days=731)  # from now, either way


class SessionForm(OnceForm):
    """A new session."""

    name = forms.CharField(label="Intitulé", max_length=150, help_text="Par exemple « Jury de décembre 2026 ».")
    referentiel = forms.ModelChoiceField(label="Référentiel", queryset=Referentiel.objects.none())
    held_at = forms.DateTimeField(
        label="Date et heure",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.CharField(label="Lieu ou lien de visioconférence", max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        published = Referentiel.objects.published().select_related("certification")
        self.fields["referentiel"].queryset = published  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_held_at(self) -> datetime:
        held_at: datetime = self.cleaned_data["held_at"]
        if abs(held_at - timezone.now()) > FARTHEST:
            raise forms.ValidationError("Cette date est trop éloignée : vérifiez l’année.")
        return held_at


class MemberForm(forms.Form):
    """A seat to give."""

    user = forms.ModelChoiceField(label="Personne", queryset=User.objects.none())
    capacity = forms.ChoiceField(label="Qualité", choices=Capacity.choices)
    is_president = forms.BooleanField(label="Préside la session", required=False)

    def __init__(self, *args: Any, session: JurySession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = User.objects.filter(is_active=True, candidate=None).exclude(jury_memberships__session=session)
        self.fields["user"].queryset = free  # type: ignore[attr-defined]  # a ModelChoiceField


class CandidacyForm(forms.Form):
    """A candidate to present."""

    enrolment = forms.ModelChoiceField(label="Candidat", queryset=Enrolment.objects.none())

    def __init__(self, *args: Any, session: JurySession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        presentable = (
            Enrolment.objects.filter(referentiel=session.referentiel_id)
            .exclude(candidacies__session=session)
            .exclude(decisions__in=Decision.objects.certifying())
            .select_related("candidate")
        )
        self.fields["enrolment"].queryset = presentable  # type: ignore[attr-defined]  # a ModelChoiceField


class DecisionForm(forms.Form):
    """The jury's decision about one candidate."""

    outcome = forms.ChoiceField(label="Décision du jury", choices=Outcome.choices, widget=forms.RadioSelect)
    blocs = forms.TypedMultipleChoiceField(
        label="Blocs reconnus",
        help_text="Pour une validation partielle seulement.",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    motive = forms.CharField(
        label="Motif",
        help_text="Obligatoire quand la décision s’écarte de la proposition.",
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, acquired: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["blocs"].choices = [  # type: ignore[attr-defined]  # a choice field
            (number, f"Bloc {number} – {title}") for number, title in acquired.items()
        ]
