"""The forms of certifications, of nodes and of registrations."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from core.forms import OnceForm
from referentiel.models import Activite, Bloc, Certification, Competence, Critere, Registration, Section, SousElement
from referentiel.nodes import MAX_TEXT


class VerbatimForm(forms.ModelForm):  # type: ignore[type-arg]  # one base for several models
    """Texts are kept as they were pasted, but for the ends of lines; the service validates the whole."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and isinstance(field.widget, forms.Textarea):
                field.strip = False
                field.widget.attrs.pop("cols", None)
                field.validators.append(MaxLengthValidator(MAX_TEXT))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return {name: _unix_lines(value) for name, value in cleaned.items()}

    def _post_clean(self) -> None:
        """Nothing is set on the instance: what the page shows of it stays what the database holds."""

    def take(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Show the refusals of a service, each on its field."""
        for name, messages in errors.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)


def _unix_lines(value: Any) -> Any:
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class SectionForm(VerbatimForm):
    class Meta:
        model = Section
        fields = ["title", "text"]
        widgets = {"title": _text(2), "text": _text(10)}
        help_texts = {"text": "Laissez une ligne vide entre deux paragraphes."}


class BlocForm(VerbatimForm):
    class Meta:
        model = Bloc
        fields = ["number", "title"]
        widgets = {"title": _text(3)}


class ActiviteForm(VerbatimForm):
    class Meta:
        model = Activite
        fields = ["code", "title"]
        widgets = {"title": _text(3)}
        help_texts = {"code": "Tel qu’il figure dans le document déposé, par exemple A1.1. Sans espace."}


class CompetenceForm(VerbatimForm):
    class Meta:
        model = Competence
        fields = ["code", "statement", "mise_en_situation", "travail_demande", "soutenance"]
        widgets = {
            "statement": _text(4),
            "mise_en_situation": _text(3),
            "travail_demande": _text(5),
            "soutenance": _text(3),
        }
        help_texts = {
            "code": "Tel qu’il figure dans le document déposé, par exemple C1.2.1. Sans espace.",
            "mise_en_situation": "Comment la compétence est observée.",
            "travail_demande": "Ce que le candidat doit produire.",
            "soutenance": "Devant qui, et sur quoi portent les questions.",
        }


class CritereForm(VerbatimForm):
    class Meta:
        model = Critere
        fields = ["number", "rubrique", "text", "is_oral", "mandatory", "threshold"]
        widgets = {"rubrique": _text(2), "text": _text(4)}
        help_texts = {
            "number": "Celui du document déposé : un numéro peut manquer dans la suite.",
            "rubrique": "Le titre sous lequel ce critère est imprimé, s’il y en a un.",
            "is_oral": "Une seule réponse par soutenance peut alors valoir pour toutes les compétences présentées.",
            "mandatory": "Sans lui la compétence n’est pas acquise, quelle que soit la part demandée.",
            "threshold": "Quand le texte demande un nombre (« au minimum trois graphiques ») : l’évaluateur compte, "
            "le seuil lui propose un verdict, il décide.",
        }


class SousElementForm(VerbatimForm):
    class Meta:
        model = SousElement
        fields = ["text"]
        widgets = {"text": _text(2)}
        help_texts = {"text": "L’évaluateur pourra le cocher ; les coches proposent un verdict, il décide."}


NSF_HELP = (
    "Séparés par des virgules, par exemple 326. Ils peuvent attendre, mais rien n’est délivré sans eux\u00a0: "
    "parchemins et attestations les portent."
)


class CertificationForm(VerbatimForm):
    class Meta:
        model = Certification
        fields = ["rncp_code", "title", "level", "certifier", "nsf"]
        help_texts = {
            "rncp_code": "Par exemple RNCP37431.",
            "level": "De 1 à 8.",
            "nsf": NSF_HELP,
        }


class RegistrationForm(VerbatimForm):
    """The dates of a version, and the NSF codes of its certification, which stay free after publication."""

    nsf = forms.CharField(
        label="Codes NSF",
        required=False,
        max_length=Certification._meta.get_field("nsf").max_length,
        help_text=NSF_HELP,
    )

    class Meta:
        model = Registration
        fields = ["decided_on", "ends_on", "delivery_limit_on"]
        widgets = {name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in fields}
        help_texts = {
            "decided_on": "Celle de la décision d’enregistrement de France compétences.",
            "ends_on": "Dernier jour où l’on peut entrer dans le parcours.",
            "delivery_limit_on": "Une certification décidée après cette date est refusée.",
        }


NODE_FORMS: dict[str, type[VerbatimForm]] = {
    "section": SectionForm,
    "bloc": BlocForm,
    "activite": ActiviteForm,
    "competence": CompetenceForm,
    "critere": CritereForm,
    "sous-element": SousElementForm,
}


def adding_form(kind: str, *args: Any, **kwargs: Any) -> VerbatimForm:
    """The form of a new node: sent twice, it adds one."""
    form = NODE_FORMS[kind](*args, **kwargs)
    form.fields["operation"] = deepcopy(OnceForm.base_fields["operation"])
    return form


class RetirementForm(forms.Form):
    reason = forms.CharField(
        label="Motif du retrait", widget=_text(3), max_length=2000, help_text="Il est conservé au journal."
    )
