"""What people type to organise a jury and to record its decisions."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from candidates.models import Enrolment
from core.forms import OnceForm
from juries.enums import Capacity, Civility, Hearing, Outcome
from juries.hearing import HeardAtField, not_on_the_day
from juries.models import Candidacy, Decision, JuryMember, JurySession
from referentiel.models import Referentiel

FARTHEST = timedelta(days=731)  # from now, either way


class TermsForm(forms.Form):
    """When and where a session meets."""

    name = forms.CharField(label="Intitulé", max_length=150, help_text="Par exemple « Jury de décembre 2026 ».")
    held_at = forms.DateTimeField(
        label="Date et heure",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.CharField(label="Lieu ou lien de visioconférence", max_length=300)

    def clean_held_at(self) -> datetime:
        held_at: datetime = self.cleaned_data["held_at"]
        if abs(held_at - timezone.now()) > FARTHEST:
            raise forms.ValidationError("Cette date est trop éloignée : vérifiez l’année.")
        if timezone.localdate(held_at) < timezone.localdate():
            raise forms.ValidationError("Ce jour est passé : une session se tient aujourd’hui ou plus tard.")
        return held_at


class SessionForm(TermsForm, OnceForm):
    """A new session."""

    referentiel = forms.ModelChoiceField(
        label="Référentiel", queryset=Referentiel.objects.none(), empty_label="Choisissez un référentiel"
    )
    field_order = ("name", "referentiel", "held_at", "place")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        published = Referentiel.objects.published().select_related("certification")
        self.fields["referentiel"].queryset = published  # type: ignore[attr-defined]  # a ModelChoiceField


class MemberForm(forms.Form):
    """A seat to give."""

    user = forms.ModelChoiceField(label="Personne", queryset=User.objects.none(), empty_label="Choisissez une personne")
    capacity = forms.ChoiceField(label="Qualité", choices=Capacity.choices)
    civility = forms.ChoiceField(label="Civilité", choices=[("", "Non précisée"), *Civility.choices], required=False)
    is_president = forms.BooleanField(label="Préside la session", required=False)
    is_substitute = forms.BooleanField(
        label="Suppléant", help_text="Il ne siège que s’il remplace un membre absent.", required=False
    )

    def __init__(self, *args: Any, session: JurySession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = User.objects.filter(is_active=True, candidate=None).exclude(jury_memberships__session=session)
        self.fields["user"].queryset = free  # type: ignore[attr-defined]  # a ModelChoiceField


class RollForm(forms.Form):
    """Who is there when the session opens."""

    present = forms.ModelMultipleChoiceField(
        label="Membres présents",
        queryset=JuryMember.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez les membres présents."},
    )

    def __init__(self, *args: Any, session: JurySession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = session.members.select_related("user")
        field = self.fields["present"]
        field.queryset = members  # type: ignore[attr-defined]  # a ModelMultipleChoiceField
        field.label_from_instance = seat_in_words  # type: ignore[attr-defined]  # the same field
        self.initial.setdefault("present", [member.pk for member in members if not member.is_substitute])


def seat_in_words(member: JuryMember) -> str:
    """Name, then what matters to whoever calls the roll."""
    said = [member.get_capacity_display().lower()]
    said += ["préside"] if member.is_president else []
    said += ["suppléant"] if member.is_substitute else []
    said += [] if member.declared_at else ["déclaration de conflits d’intérêts manquante"]
    return f"{member.user} – {', '.join(said)}"


class ConflictsForm(forms.Form):
    """For each candidate of the session, the nature of the link that keeps a member from judging them; or nothing."""

    def __init__(self, *args: Any, candidacies: list[Candidacy], stated: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for candidacy in candidacies:
            self.fields[f"conflict_{candidacy.pk}"] = forms.CharField(
                label=str(candidacy.enrolment.candidate),
                max_length=200,
                required=False,
                initial=stated.get(candidacy.pk, ""),
            )
        self.fields["honour"] = forms.BooleanField(
            label="Je déclare n’avoir, avec les autres candidats de cette session, aucun lien familial, hiérarchique, "
            "commercial ou de formation qui nuirait à mon impartialité.",
            error_messages={"required": "Cochez cette déclaration : le jury ne s’ouvre pas sans elle."},
        )

    def conflicts(self) -> dict[int, str]:
        """Candidacy → nature of the link, of those that were filled in."""
        said = {name: value for name, value in self.cleaned_data.items() if name.startswith("conflict_")}
        return {int(name.removeprefix("conflict_")): value for name, value in said.items() if value.strip()}


def _told(enrolment: Enrolment) -> str:
    """A candidate, with the blocs that stand: whether the jury may certify them, or only hear them."""
    acquired: int = enrolment.acquired  # type: ignore[attr-defined]  # annotated by the form
    return f"{enrolment}, {acquired} bloc{'s' if acquired > 1 else ''} acquis"


class CandidacyForm(forms.Form):
    """A candidate to present; those with the most blocs come first."""

    enrolment = forms.ModelChoiceField(
        label="Candidat", queryset=Enrolment.objects.none(), empty_label="Choisissez un candidat"
    )
    heard_at = HeardAtField()

    def __init__(self, *args: Any, session: JurySession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        presentable = (
            Enrolment.objects.filter(referentiel=session.referentiel_id)
            .exclude(candidacies__session=session)
            .exclude(decisions__in=Decision.objects.certifying())
            .annotate(acquired=Count("bloc_acquisitions__bloc", Q(bloc_acquisitions__withdrawn_at=None), distinct=True))
            .select_related("candidate")
            .order_by("-acquired", "number")
        )
        self.fields["enrolment"].queryset = presentable  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["enrolment"].label_from_instance = _told  # type: ignore[attr-defined]  # the same
        self.session = session

    def clean_heard_at(self) -> datetime | None:
        heard_at: datetime | None = self.cleaned_data["heard_at"]
        if heard_at and (problem := not_on_the_day(heard_at, self.session)):
            raise forms.ValidationError(problem)
        return heard_at


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


class IncidentForm(OnceForm):
    """What happened, for the procès-verbal."""

    text = forms.CharField(
        label="Incident à porter au procès-verbal",
        max_length=2_000,
        help_text="Coupure, interruption, retard… L’heure et le candidat appelé sont notés avec. N’y écrivez rien de "
        "ce qu’un candidat a confié : ce texte ne s’efface pas.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites ce qui s’est passé : le procès-verbal le reprendra tel quel."},
    )


class HearingForm(forms.Form):
    """What was found of a candidate to be heard; the hour they were heard at, when it is not now."""

    found = forms.ChoiceField(
        choices=Hearing.choices,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Notez le candidat entendu ou absent, avec l’un des deux boutons."
        ),
    )
    at = forms.TimeField(
        label="Entendu(e) plus tôt, à",
        required=False,
        input_formats=["%H:%M"],
        widget=forms.TimeInput(attrs={"type": "time"}),
        error_messages={"invalid": "Écrivez l’heure ainsi : 14:30."},
    )


class RemarkForm(forms.Form):
    """A member's remarks about one candidate; ``seen`` is the version they started from, 0 for none."""

    text = forms.CharField(label="Mes remarques", max_length=10_000, required=False, strip=False)
    seen = forms.IntegerField(min_value=0)


class SignatureForm(forms.Form):
    """A signature asks again for the password: an open screen is not a person."""

    password = forms.CharField(
        label="Votre mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Il prouve que c’est vous qui signez.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("Ce mot de passe n’est pas le vôtre : rien n’a été signé.")
        return password
