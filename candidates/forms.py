"""What managers, the référent handicap and candidates type."""

import re
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from candidates.civil_status import NAME_LIMIT, CivilStatus, InvalidCivilStatus
from candidates.enums import ConsentScope, LinkKind, VoieAcces
from candidates.models import Candidate
from candidates.queries import BY_NAME, NEWEST_FIRST, people_who_judge
from candidates.services.accommodating import DEFAULT_TIERS_TEMPS, MEASURE_LIMIT
from candidates.services.disclosure import MENTION_LIMIT
from core.forms import OnceForm
from referentiel.models import Bloc, Certification, Referentiel

_FRACTION = re.compile(r"(\d{1,2})\s*/\s*(\d{1,2})")


class DayInput(forms.DateInput):
    """A day chosen in the browser's own calendar."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class CandidateFilter(forms.Form):
    """How the list is narrowed; its names are those of the address."""

    q = forms.CharField(label="Nom, adresse ou numéro de dossier", max_length=200, required=False)
    certification = forms.ModelChoiceField(
        label="Certification", queryset=Certification.objects.all(), required=False, empty_label="Toutes"
    )
    voie = forms.ChoiceField(label="Voie d’accès", choices=[("", "Toutes"), *VoieAcces.choices], required=False)
    tri = forms.ChoiceField(
        label="Trier par", choices=[(BY_NAME, "Nom"), (NEWEST_FIRST, "Inscription la plus récente")], required=False
    )


class CivilStatusForm(forms.Form):
    """As the identity document says it: this is what the parchemin will bear."""

    family_name = forms.CharField(label="Nom de naissance", max_length=NAME_LIMIT)
    usage_name = forms.CharField(label="Nom d’usage", max_length=NAME_LIMIT, required=False)
    given_names = forms.CharField(
        label="Prénoms", max_length=NAME_LIMIT, help_text="Tous, dans l’ordre de la pièce d’identité."
    )
    birth_date = forms.DateField(label="Date de naissance", widget=DayInput)
    birth_place = forms.CharField(
        label="Lieu de naissance", max_length=NAME_LIMIT, help_text="La commune, et le pays hors de France."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("family_name", "usage_name", "given_names", "birth_date", "birth_place"):
            self.fields[name].widget.attrs["autocomplete"] = "off"  # somebody else's, not the manager's own

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self.status_of(cleaned).checked(on=timezone.localdate())
            except InvalidCivilStatus as refusal:
                for field, sentence in refusal.problems.items():
                    self.add_error(field, sentence)
        return cleaned

    @property
    def status(self) -> CivilStatus:
        return self.status_of(self.cleaned_data)

    @staticmethod
    def status_of(cleaned: dict[str, Any]) -> CivilStatus:
        return CivilStatus(**{name: cleaned[name] for name in CivilStatusForm.base_fields})


class OpenFileForm(CivilStatusForm, OnceForm):
    email = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        help_text="Celle avec laquelle le candidat se connectera. Il choisira lui-même son mot de passe.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    another_person = forms.BooleanField(
        label="C’est une autre personne : ouvrir ce dossier", required=False, widget=forms.HiddenInput
    )

    def ask_to_confirm(self, namesake: Candidate) -> None:
        """Show the box to tick: somebody has the same names and the same birth date."""
        self.fields["another_person"].widget = forms.CheckboxInput()
        self.add_error(
            "another_person",
            f"{namesake} a déjà un dossier, avec ces noms et cette date de naissance, sous une autre adresse. "
            "Ouvrez ce dossier, ou confirmez qu’il s’agit d’une autre personne.",
        )


class EnrolForm(OnceForm):
    """On one published version, for all its blocs unless some are named."""

    referentiel = forms.ModelChoiceField(label="Référentiel", queryset=Referentiel.objects.none(), empty_label=None)
    voie_acces = forms.ChoiceField(label="Voie d’accès", choices=VoieAcces.choices)
    enrolled_on = forms.DateField(label="Date d’inscription", widget=DayInput, initial=timezone.localdate)
    blocs = forms.ModelMultipleChoiceField(
        label="Blocs visés",
        queryset=Bloc.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ne cochez rien pour viser tous les blocs, donc la certification entière.",
    )

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        published = Referentiel.objects.published().select_related("certification")
        offered = published.exclude(enrolments__candidate=candidate).order_by("certification__title", "-version")
        self.versions = list(offered)
        blocs = Bloc.objects.filter(referentiel__in=self.versions).order_by("number")
        # Accepted beyond what is offered: a form sent twice names the version it has just enrolled on.
        self.fields["referentiel"].queryset = published  # type: ignore[attr-defined]
        self.fields["referentiel"].choices = [(one.pk, str(one)) for one in self.versions]  # type: ignore[attr-defined]
        self.fields["blocs"].queryset = Bloc.objects.filter(referentiel__in=published)  # type: ignore[attr-defined]
        self.fields["blocs"].choices = self._by_version(list(blocs))  # type: ignore[attr-defined]

    def clean_voie_acces(self) -> VoieAcces:
        return VoieAcces(self.cleaned_data["voie_acces"])

    def _by_version(self, blocs: list[Bloc]) -> list[Any]:
        grouped = [
            (str(version), [(b.pk, f"Bloc {b.number} – {b.title}") for b in blocs if b.referentiel_id == version.pk])
            for version in self.versions
        ]
        return grouped if len(grouped) > 1 else [choice for _, choices in grouped for choice in choices]


class LinkForm(forms.Form):
    """Who may not judge this candidate, and why."""

    user = forms.ModelChoiceField(label="Personne", queryset=people_who_judge(), empty_label="Choisissez")
    kind = forms.ChoiceField(label="Lien", choices=LinkKind.choices, widget=forms.RadioSelect)

    def clean_kind(self) -> LinkKind:
        return LinkKind(self.cleaned_data["kind"])


class EnrolmentSearch(forms.Form):
    q = forms.CharField(label="Nom du candidat ou numéro de dossier", max_length=200, required=False)


class TiersTempsForm(OnceForm):
    extra_time = forms.CharField(
        label="Temps ajouté à chaque phase",
        max_length=7,
        initial=str(DEFAULT_TIERS_TEMPS),
        help_text="Une fraction : 1/3 pour un tiers de temps en plus, arrondi à la minute supérieure. "
        "C’est le maximum par défaut ; au-delà, la décision doit le prévoir.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "fraction"}),
    )

    def clean_extra_time(self) -> Fraction:
        match = _FRACTION.fullmatch(self.cleaned_data["extra_time"])
        if match is None or not 0 < int(match[1]) <= int(match[2]):
            raise ValidationError("Écrivez une fraction entre 0 et 1, par exemple 1/3 ou 1/2.")
        return Fraction(int(match[1]), int(match[2]))


class MeasureForm(OnceForm):
    measure = forms.CharField(
        label="Mesure",
        max_length=MEASURE_LIMIT,
        help_text="Par exemple « Interprète en langue des signes » ou « Pause de 10 minutes à la demande ». "
        "Les évaluateurs et les convocations la montrent telle quelle : n’écrivez jamais sa raison.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ConsentForm(forms.Form):
    """The candidate's choice; without script, the mention stays in view and is ignored when the jury is not chosen."""

    scope = forms.ChoiceField(
        label="Ce que vous autorisez", choices=ConsentScope.choices, widget=forms.RadioSelect(attrs={"class": "scopes"})
    )
    mention = forms.CharField(
        label="Ce que le jury pourra lire",
        max_length=MENTION_LIMIT,
        required=False,
        help_text="Seulement si vous autorisez la mention au jury. Vous n’avez pas à nommer un diagnostic : "
        "dites ce qu’il est utile que le jury sache. Elle n’est pas gardée si vous choisissez les aménagements seuls.",
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
    )

    def clean_scope(self) -> ConsentScope:
        return ConsentScope(self.cleaned_data["scope"])
