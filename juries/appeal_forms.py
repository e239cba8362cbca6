"""What people type about an appeal (R-JUR-8)."""

from typing import Any

from django import forms

from accounts.models import User
from core.forms import OnceForm
from juries.enums import AppealKind, AppealState
from juries.exhibits import ACCEPTED
from juries.hearing import HeardAtField, not_on_the_day
from juries.models import Appeal, Decision, JurySession
from juries.queries.appeals import lawful_instructors
from juries.queries.reexaminations import sessions_to_reexamine
from juries.services.appealing import MOST_FILES, STATEMENT_LIMIT
from juries.services.instructing import ANSWER_LIMIT, CONCLUSIONS


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """As many files as were chosen; what they are is checked by the service."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(ManyFilesField, self).clean(one, initial) for one in data or []]


class AppealForm(OnceForm):
    """What is contested, why, and what proves it."""

    kind = forms.ChoiceField(
        label="Votre recours porte sur",
        choices=AppealKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce sur quoi porte votre recours."},
    )
    statement = forms.CharField(
        label="Votre exposé",
        max_length=STATEMENT_LIMIT,
        help_text="Dites ce que vous contestez, et pourquoi. Il sera lu par la personne qui instruit votre recours.",
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": "Exposez ce que vous contestez et pourquoi."},
    )
    exhibits = ManyFilesField(
        label="Pièces jointes",
        required=False,
        allow_empty_file=True,  # refused by the service, with the others
        max_length=1000,
        help_text=f"PDF ou images (PNG, JPEG), {MOST_FILES} fichiers au plus.",
        widget=ManyFilesInput(attrs={"accept": ",".join(ACCEPTED)}),
    )


class AssignForm(forms.Form):
    """Who instructs it: only people who judged nothing in it are offered."""

    owner = forms.ModelChoiceField(
        label="Confier à",
        queryset=User.objects.none(),
        empty_label="Choisissez une personne",
        error_messages={"required": "Choisissez une personne dans la liste."},
        help_text="Ne sont proposées que des personnes qui n’ont rien jugé de ce dossier et n’ont pas de lien avec le "
        "candidat.",
    )

    def __init__(self, *args: Any, appeal: Appeal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lawful = lawful_instructors(appeal.decision)
        self.fields["owner"].queryset = lawful  # type: ignore[attr-defined]  # a ModelChoiceField


class ConclusionForm(forms.Form):
    """The answer, and what it concludes."""

    conclusion = forms.ChoiceField(
        label="Conclusion",
        choices=[(state.value, state.label) for state in CONCLUSIONS],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la conclusion : accueilli, rejeté ou irrecevable."},
    )
    answer = forms.CharField(
        label="Réponse motivée",
        max_length=ANSWER_LIMIT,
        help_text="Le candidat la lira telle quelle. Elle ne changera plus.",
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": "Motivez la réponse : le candidat la lira."},
    )

    def clean_conclusion(self) -> AppealState:
        return AppealState(self.cleaned_data["conclusion"])


class AnswerDraftForm(forms.Form):
    """The answer as it is being written: nothing in it is required; ``seen`` is the version it started from."""

    conclusion = forms.CharField(max_length=12, required=False)
    answer = forms.CharField(max_length=ANSWER_LIMIT, required=False, strip=False)
    seen = forms.IntegerField(min_value=0, max_value=1_000_000)


class ReexaminationForm(forms.Form):
    """The session that will decide again, why, and whether it hears the candidate."""

    session = forms.ModelChoiceField(
        label="Session",
        queryset=JurySession.objects.none(),
        empty_label="Choisissez une session",
        error_messages={"required": "Choisissez la session qui réexaminera la décision."},
        help_text="Les sessions en préparation sur la même version du référentiel.",
    )
    reason = forms.CharField(
        label="Motif du réexamen",
        max_length=2000,
        help_text="Le jury le lira, il reste au journal, et sans recours accueilli la lettre au candidat le reprend. "
        "N’y écrivez rien de ce que le candidat a confié.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Indiquez le motif : le recours accueilli, ou l’erreur constatée."},
    )

    heard_at = HeardAtField()

    def __init__(self, *args: Any, decision: Decision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = sessions_to_reexamine(decision)  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        """The candidate is heard on the day of the session chosen."""
        cleaned: dict[str, Any] = super().clean() or {}
        session, heard_at = cleaned.get("session"), cleaned.get("heard_at")
        if session and heard_at and (problem := not_on_the_day(heard_at, session)):
            self.add_error("heard_at", problem)
        return cleaned
