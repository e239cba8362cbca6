"""A node and what is under it as plain data: what a removal leaves in the journal, what a copy is made from."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from uuid import uuid4

from core.exceptions import Refusal
from referentiel.models import Activite, Competence, Equivalence, Projet, Referentiel
from referentiel.nodes import BLOC, COMPETENCE, KINDS, SOUS_ELEMENT, Kind, kind_of, values_of

Subtree = dict[str, Any]
"""``kind``, ``pk``, ``values``, ``lineage`` (empty where there is none), ``beside`` and ``children``.

``beside`` a compétence are the projets that present it, beside a bloc the earlier blocs declared equivalent to it.

A node put back where it was takes its key again: what the journal tells of it before still names it.
"""


_BESIDE: dict[Kind, tuple[Any, str, str]] = {
    COMPETENCE: (Projet.competences.through, "competence", "projet"),
    BLOC: (Equivalence, "bloc", "earlier"),
}
"""The rows that tie a node to what stands outside the tree, and their two columns."""


def subtree_of(node: Any) -> Subtree:
    """A node with everything under it; one query per level."""
    kind = kind_of(node)
    found = _said(node)
    level, rows = {node.pk: found}, kind
    _say_beside(kind, level)
    while rows.child and level:
        rows = KINDS[rows.child]
        below: dict[int, Subtree] = {}
        for child in _children(rows, level):
            below[child.pk] = _said(child)
            level[getattr(child, f"{rows.parent}_id")]["children"].append(below[child.pk])
        level = below
        _say_beside(rows, level)
    return found


def plant(tree: Subtree, *, parent: Any, rank: int, referentiel: Referentiel) -> Any:
    """The rows of a subtree under a parent, its first node at this position; one insertion per level."""
    kind = KINDS[tree["kind"]]
    (node,) = made = _insert(kind, [(tree, parent, rank)], referentiel)
    trees = [tree]
    while kind.child:
        kind = KINDS[kind.child]
        wanted = [
            (child, above, at)
            for above, grown in zip(made, trees, strict=True)
            for at, child in enumerate(grown["children"], start=1)
        ]
        made, trees = _insert(kind, wanted, referentiel), [child for child, _, _ in wanted]
    return node


def renewed(tree: Subtree, change: Callable[[str, Mapping[str, Any]], dict[str, Any]]) -> Subtree:
    """The same with a lineage of its own, and for each node the values that ``change`` gives."""
    return {
        **tree,
        "pk": None,
        "beside": [],
        "lineage": tree["lineage"] and str(uuid4()),
        "values": change(tree["kind"], tree["values"]),
        "children": [renewed(child, change) for child in tree["children"]],
    }


def codes_in(tree: Subtree) -> Iterator[str]:
    """Every code of a subtree; CE are numbered inside their compétence."""
    if "code" in tree["values"]:
        yield tree["values"]["code"]
    for child in tree["children"]:
        yield from codes_in(child)


def taken_codes(referentiel: Referentiel) -> set[str]:
    return {
        code
        for model in (Activite, Competence)
        for code in model._default_manager.filter(referentiel=referentiel).order_by().values_list("code", flat=True)
    }


def refuse_taken_codes(tree: Subtree, referentiel: Referentiel) -> None:
    """Raise Refusal when a code of the subtree is used in the version by now."""
    taken = sorted(set(codes_in(tree)) & taken_codes(referentiel))
    if taken:
        raise Refusal(f"Le code {taken[0]} est maintenant utilisé ailleurs : changez-le d’abord, puis recommencez.")


def _said(node: Any) -> Subtree:
    kind = kind_of(node)
    lineage = str(getattr(node, "lineage", ""))
    return bare(kind, node.pk, values_of(node), lineage)


def bare(kind: Kind, pk: int, values: Mapping[str, Any], lineage: str) -> Subtree:
    """A node alone: nothing under it, nothing beside it."""
    return {"kind": kind.name, "pk": pk, "values": dict(values), "lineage": lineage, "beside": [], "children": []}


def _say_beside(kind: Kind, level: Mapping[int, Subtree]) -> None:
    if kind in _BESIDE:
        link, own, other = _BESIDE[kind]
        rows = link.objects.filter(**{f"{own}__in": list(level)}).order_by(f"{other}_id")
        for pk, beside in rows.values_list(f"{own}_id", f"{other}_id"):
            level[pk]["beside"].append(str(beside))


def _children(kind: Kind, above: Iterable[int]) -> Iterable[Any]:
    rows = kind.model._default_manager.filter(**{f"{kind.parent}__in": list(above)})
    return rows.order_by(kind.order, "pk")


def _insert(kind: Kind, wanted: list[tuple[Subtree, Any, int]], referentiel: Referentiel) -> list[Any]:
    rows = []
    for tree, parent, rank in wanted:
        row: Any = kind.model(pk=tree["pk"], **{kind.parent: parent}, **tree["values"])
        if kind is not SOUS_ELEMENT:
            row.referentiel = referentiel
        if kind.order not in kind.fields:
            setattr(row, kind.order, rank)
        if tree["lineage"]:
            row.lineage = tree["lineage"]
        rows.append(row)
    made = list(kind.model._default_manager.bulk_create(rows))
    if kind in _BESIDE:
        _tie_again(kind, [(row, tree.get("beside", [])) for row, (tree, _, _) in zip(made, wanted, strict=True)])
    return made


def _tie_again(kind: Kind, rows: list[tuple[Any, list[str]]]) -> None:
    """The nodes to what named them, as far as it is still there."""
    link, own, other = _BESIDE[kind]
    targets = link._meta.get_field(other).related_model._default_manager
    named = {one for _, beside in rows for one in beside}
    there = {str(pk): pk for pk in targets.filter(pk__in=named).values_list("pk", flat=True)}
    ties = ((row, there[one]) for row, beside in rows for one in beside if one in there)
    link.objects.bulk_create(link(**{own: row, f"{other}_id": target}) for row, target in ties)
