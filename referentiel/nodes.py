"""What the six kinds of node of a draft have in common, so that one service serves them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any, cast

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Count

from core.exceptions import InvalidInput
from core.fingerprints import canonical_json, sha256_hex
from referentiel.content import anchor
from referentiel.models import Activite, Bloc, Competence, Critere, Equivalence, Referentiel, Section, SousElement
from referentiel.validation import invisible_in

Node = Section | Bloc | Activite | Competence | Critere | SousElement
MAX_TEXT = 20_000
"""Characters in one text: four times the longest of the real référentiel, and no more than a person reads."""

MAX_NUMBER = 999


@dataclass(frozen=True)
class Kind:
    """One level of the tree. ``order`` is the column that ranks siblings, ``own`` the one a person numbers with."""

    name: str
    model: type[models.Model]
    parent: str
    order: str
    own: str
    fields: tuple[str, ...]
    label: str
    new: str
    this: str
    plural: str
    child: str = ""
    counted: tuple[tuple[str, str], ...] = field(default=())

    def siblings(self, parent: models.Model) -> models.QuerySet[Any]:
        return self.model._default_manager.filter(**{self.parent: parent}).order_by(self.order, "pk")


SECTION = Kind(
    "section",
    Section,
    "referentiel",
    "position",
    "",
    ("title", "text"),
    "Préambule",
    "un préambule",
    "ce préambule",
    "Préambules",
)
BLOC = Kind(
    "bloc",
    Bloc,
    "referentiel",
    "number",
    "number",
    ("number", "title"),
    "Bloc",
    "un bloc",
    "ce bloc",
    "Blocs",
    "activite",
    (
        ("activites", "activité"),
        ("activites__competences", "compétence"),
        ("activites__competences__criteres", "CE"),
        ("activites__competences__criteres__sous_elements", "sous-élément"),
    ),
)
ACTIVITE = Kind(
    "activite",
    Activite,
    "bloc",
    "position",
    "code",
    ("code", "title"),
    "Activité",
    "une activité",
    "cette activité",
    "Activités",
    "competence",
    (
        ("competences", "compétence"),
        ("competences__criteres", "CE"),
        ("competences__criteres__sous_elements", "sous-élément"),
    ),
)
COMPETENCE = Kind(
    "competence",
    Competence,
    "activite",
    "position",
    "code",
    ("code", "statement", "mise_en_situation", "travail_demande", "soutenance"),
    "Compétence",
    "une compétence",
    "cette compétence",
    "Compétences",
    "critere",
    (("criteres", "CE"), ("criteres__sous_elements", "sous-élément")),
)
CRITERE = Kind(
    "critere",
    Critere,
    "competence",
    "position",
    "number",
    ("number", "rubrique", "text", "is_oral", "mandatory", "threshold"),
    "Critère d’évaluation",
    "un critère d’évaluation",
    "ce critère d’évaluation",
    "Critères d’évaluation",
    "sous-element",
    (("sous_elements", "sous-élément"),),
)
SOUS_ELEMENT = Kind(
    "sous-element",
    SousElement,
    "critere",
    "position",
    "",
    ("text",),
    "Sous-élément",
    "un sous-élément",
    "ce sous-élément",
    "Sous-éléments",
)
KINDS = {kind.name: kind for kind in (SECTION, BLOC, ACTIVITE, COMPETENCE, CRITERE, SOUS_ELEMENT)}


class InvalidNode(InvalidInput):
    """Values that a node cannot take; ``errors`` tells which field, in French."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        self.errors = errors
        super().__init__(" ".join(message for messages in errors.values() for message in messages))


def kind_of(node: models.Model) -> Kind:
    return next(kind for kind in KINDS.values() if kind.model is type(node))


def kind_above(kind: Kind) -> Kind | None:
    """The level a node's parent is of; None when its parent is the version itself."""
    return next((found for found in KINDS.values() if found.child == kind.name), None)


def parent_of(node: Node) -> models.Model:
    return cast("models.Model", getattr(node, kind_of(node).parent))


def referentiel_of(node: models.Model) -> Referentiel:
    """The version a node, or the version itself, belongs to."""
    if isinstance(node, Referentiel):
        return node
    owner: Any = getattr(node, {SousElement: "critere", Equivalence: "bloc"}.get(type(node), ""), node)
    return cast("Referentiel", owner.referentiel)


def name_of(node: models.Model) -> str:
    """How people cite it: « Bloc 1 », « A1.1 », « C1.2.1 CE3 »."""
    return _NAMES[type(node)](node)


def anchor_of(node: models.Model) -> str:
    """Where a node stands in the reading page."""
    return _ANCHORS[type(node)](node)


def version_key_of(node: models.Model) -> int:
    """The key of the version a node belongs to, without reading the version."""
    owner: Any = node.critere if isinstance(node, SousElement) else node
    return int(owner.referentiel_id)


_NAMES: dict[type[models.Model], Callable[[Any], str]] = {
    Referentiel: str,
    Section: lambda section: f"Préambule « {shorten(section.title, 60, placeholder='…')} »",
    Bloc: lambda bloc: f"Bloc {bloc.number}",
    Activite: lambda activite: str(activite.code),
    Competence: lambda competence: str(competence.code),
    Critere: lambda critere: f"{critere.competence.code} {critere.label}",
    SousElement: lambda item: f"{name_of(item.critere)}, sous-élément {item.position}",
}
_ANCHORS: dict[type[models.Model], Callable[[Any], str]] = {
    Section: lambda section: anchor("section", section.position),
    Bloc: lambda bloc: anchor("bloc", bloc.number),
    Activite: lambda activite: anchor("activite", activite.code),
    Competence: lambda competence: anchor("competence", competence.code),
    Critere: lambda critere: anchor("critere", critere.competence.code, critere.number),
    SousElement: lambda item: anchor_of(item.critere),
}


def values_of(node: models.Model) -> dict[str, Any]:
    return {name: getattr(node, name) for name in kind_of(node).fields}


def seen_as(values: Mapping[str, Any]) -> str:
    """A mark of what a form showed, so that what somebody else wrote since is not overwritten."""
    return sha256_hex(canonical_json(dict(values)))[:16]


def taken_along_with(node: Node) -> list[tuple[int, str]]:
    """What would disappear with a node: how many of each kind, the nearest first; in one query."""
    kind = kind_of(node)
    if not kind.counted:
        return []
    counts = {f"under_{at}": Count(path, distinct=True) for at, (path, _) in enumerate(kind.counted)}
    found = kind.model._default_manager.filter(pk=node.pk).aggregate(**counts)
    return [(found[f"under_{at}"], word) for at, (_, word) in enumerate(kind.counted) if found[f"under_{at}"]]


def validate(node: models.Model) -> None:
    """Raise :class:`InvalidNode` for an empty or endless text, a number out of bounds, a code already taken.

    No text with an invisible character reaches the database, not even to be looked for.
    """
    kind = kind_of(node)
    told = {name: getattr(node, name) for name in kind.fields}
    if unseen := {name: [found] for name, it in told.items() if isinstance(it, str) and (found := invisible_in(it))}:
        raise InvalidNode(unseen)
    errors = {name: [problem] for name in kind.fields if (problem := _problem(node, name))}
    try:
        node.full_clean(exclude=[kind.order] if kind.order not in kind.fields else None)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            errors.setdefault(kind.own if name == NON_FIELD_ERRORS and kind.own else name, messages)
    if errors:
        raise InvalidNode(errors)


def _problem(node: models.Model, name: str) -> str:
    value, column = getattr(node, name), node._meta.get_field(name)
    if isinstance(value, int) and value > MAX_NUMBER:
        return f"Le plus grand nombre accepté est {MAX_NUMBER}."
    if not isinstance(value, str):
        return ""
    if not getattr(column, "blank", True) and not value.strip():
        return "Ce texte ne peut pas rester vide."
    if len(value) > MAX_TEXT:
        return f"Ce texte compte {len(value)} caractères ; le maximum est {MAX_TEXT}."
    if isinstance(column, models.CharField) and any(character.isspace() for character in value):
        return "Un code s’écrit sans espace."
    return ""
