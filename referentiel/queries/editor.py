"""What the editor shows: the tree open where one works, a node with what is around it, however large the version."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Count, Max, Model

from referentiel.models import Activite, Bloc, Competence, Referentiel, SousElement
from referentiel.nodes import KINDS, Kind, Node, kind_of, parent_of

MOST_SHOWN = 40
"""Compétences of an open bloc; beyond, only those of the open activité are in the tree."""
_ABOVE = {
    "section": (),
    "bloc": (),
    "activite": ("bloc",),
    "competence": ("activite__bloc",),
    "critere": ("competence__activite__bloc",),
    "sous-element": ("critere__competence__activite__bloc",),
}
_CHILDREN = {"bloc": "activites", "activite": "competences", "competence": "criteres", "critere": "sous_elements"}


@dataclass(frozen=True)
class ActiviteLine:
    """An activité in the tree; ``hidden`` compétences are in it and not shown."""

    activite: Activite
    competences: Sequence[Competence]
    hidden: int


@dataclass(frozen=True)
class BlocLine:
    """A bloc in the tree: its activités when it is open, else how many compétences it has."""

    bloc: Bloc
    competences: int
    is_open: bool
    activites: Sequence[ActiviteLine]


@dataclass(frozen=True)
class Child:
    """A node among its siblings; ``is_first`` and ``is_last`` cannot go further, ``operation`` moves it once."""

    node: Node
    is_first: bool
    is_last: bool
    operation: UUID = field(default_factory=uuid4)


def node_with_path(referentiel: Referentiel, kind: Kind, pk: int) -> Node | None:
    """A node of this version with those above it, in one query; None when it is not there."""
    owner = "critere__referentiel" if kind.model is SousElement else "referentiel"
    rows = kind.model._default_manager.filter(**{owner: referentiel, "pk": pk})
    node: Any = rows.select_related(*_ABOVE[kind.name]).first() if _ABOVE[kind.name] else rows.first()
    if node is not None:
        top = path_to(node)[0]
        top.referentiel = referentiel
    return node  # type: ignore[no-any-return]  # one of the six


def outline_of(referentiel: Referentiel, path: Sequence[Node]) -> list[BlocLine]:
    """The tree beside a node: every bloc, the open one down to its compétences; three queries."""
    opened = path[0] if path and isinstance(path[0], Bloc) else None
    activite = path[1] if len(path) > 1 and isinstance(path[1], Activite) else None
    blocs = Bloc.objects.filter(referentiel=referentiel).order_by("number")
    counted = list(blocs.annotate(competence_count=Count("activites__competences")))
    inside = _activites_of(opened, activite) if opened else []
    return [BlocLine(bloc, bloc.competence_count, bloc == opened, inside if bloc == opened else ()) for bloc in counted]


def _activites_of(bloc: Bloc, opened: Activite | None) -> list[ActiviteLine]:
    rows = Competence.objects.filter(activite__bloc=bloc).order_by("position", "pk")
    by_activite: dict[int, list[Competence]] = {}
    for competence in rows.only("pk", "code", "statement", "activite_id", "referentiel_id"):
        by_activite.setdefault(competence.activite_id, []).append(competence)
    whole = sum(map(len, by_activite.values())) <= MOST_SHOWN
    lines = []
    for activite in Activite.objects.filter(bloc=bloc).order_by("position", "pk"):
        below = by_activite.get(activite.pk, [])
        shown = whole or activite == opened
        lines.append(ActiviteLine(activite, below if shown else (), 0 if shown else len(below)))
    return lines


def children_of(node: Model) -> list[Child]:
    """The nodes directly under a node, in order."""
    name = _CHILDREN.get(kind_of(node).name)
    return ranked(list(getattr(node, name).order_by(KINDS[kind_of(node).child].order, "pk"))) if name else []


def ranked(nodes: Sequence[Any]) -> list[Child]:
    last = len(nodes) - 1
    return [Child(node, at == 0, at == last) for at, node in enumerate(nodes)]


def path_to(node: Model) -> list[Any]:
    """From the top of the tree down to the node itself."""
    path: list[Any] = [node]
    while kind_of(path[0]).parent != "referentiel":
        path.insert(0, parent_of(path[0]))
    return path


def suggestion_for(kind: Kind, parent: Any) -> dict[str, Any]:
    """The number or code that would come next; only a suggestion, the document deposited decides."""
    if kind is KINDS["bloc"] or kind is KINDS["critere"]:
        return {"number": (kind.siblings(parent).aggregate(last=Max("number"))["last"] or 0) + 1}
    if kind is KINDS["activite"]:
        return {"code": f"A{parent.number}.{parent.activites.count() + 1}"}
    if kind is KINDS["competence"]:
        return {"code": f"C{re.sub(r'^A', '', parent.code)}.{parent.competences.count() + 1}"}
    return {}


def child_kind(node: Node) -> Kind | None:
    return KINDS.get(kind_of(node).child)
