"""Editing the tree of a draft: add, change, remove, move (R-REF-1, R-REF-2)."""

from collections.abc import Mapping
from typing import Any, Literal, cast
from uuid import UUID

from django.db import models, transaction

from accounts.models import User
from core.exceptions import Stale
from core.models import JournalEntry
from core.operations import already_told, already_used
from referentiel.models import Referentiel
from referentiel.nodes import (
    SOUS_ELEMENT,
    Kind,
    Node,
    parent_of,
    referentiel_of,
    seen_as,
    taken_along_with,
    validate,
    values_of,
)
from referentiel.services.changes import reread, tell
from referentiel.services.drafts import delete_unless_used, locked_draft
from referentiel.services.placing import last_rank, moved_then, place_of, put
from referentiel.services.subtrees import subtree_of

Direction = Literal["up", "down"]


def add_node(
    kind: Kind, *, parent: models.Model, values: Mapping[str, Any], by: User, operation: UUID | None = None
) -> Node:
    """A new node at the end of its siblings; raises InvalidNode with the French problem of each field.

    The same ``operation`` sent twice adds one.
    """
    with transaction.atomic():
        referentiel = locked_draft(referentiel_of(parent))
        known = already_told(Referentiel, operation=operation, by=by)
        if known:
            return _added_then(kind, known, referentiel)
        parent = reread(parent)
        node: Any = kind.model(**{kind.parent: parent}, **values)
        if kind is not SOUS_ELEMENT:
            node.referentiel = referentiel
        if kind.order not in kind.fields:
            setattr(node, kind.order, last_rank(kind, parent) + 1)
        validate(node)
        node.save(force_insert=True)
        tell("added", node, referentiel, by=by, data={"values": values_of(node)}, operation=operation)
    return cast("Node", node)


def change_node(node: Node, *, values: Mapping[str, Any], by: User, seen: str | None = None) -> bool:
    """Whether anything changed. ``seen`` is the mark of what the form showed.

    Raises Stale if it has changed since (R-SCO-4), unless to these very values: the same form sent twice saves once.
    """
    with transaction.atomic():
        referentiel = locked_draft(referentiel_of(node))
        current = reread(node)
        before = values_of(current)
        if all(before[name] == value for name, value in values.items()):
            return False
        if seen is not None and seen != seen_as(before):
            raise Stale(
                "Quelqu’un a modifié cet élément depuis que vous l’avez ouvert. Votre saisie est ci-dessous ; "
                "comparez-la à la version actuelle avant d’enregistrer à nouveau."
            )
        for name, value in values.items():
            setattr(current, name, value)
        after = values_of(current)
        changed = sorted(name for name in after if after[name] != before[name])
        validate(current)
        current.save(update_fields=changed)
        data = {"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}}
        tell("changed", current, referentiel, by=by, data=data)
    return True


def remove_node(node: Node, *, by: User) -> None:
    """Take a node out of a draft, with everything under it; the journal keeps every word, and where it stood."""
    with transaction.atomic():
        referentiel = locked_draft(referentiel_of(node))
        current = reread(node)
        along = {word: count for count, word in taken_along_with(current)}
        data = {
            "values": values_of(current),
            "with": along,
            "from": vars(place_of(current)),
            "tree": subtree_of(current),
        }
        tell("removed", current, referentiel, by=by, data=data)
        delete_unless_used(current)


def move_node(node: Node, *, direction: Direction, by: User, operation: UUID | None = None) -> bool:
    """Swap a node with the sibling before or after it; False when there is none. A bloc takes the other's number.

    The same ``operation`` sent twice moves it once.
    """
    with transaction.atomic():
        referentiel = locked_draft(referentiel_of(node))
        known = already_told(Referentiel, operation=operation, by=by)
        if known:
            return moved_then(known, node, direction=direction)
        current = reread(node)
        before = place_of(current)
        rank = before.rank + (-1 if direction == "up" else 1)
        if not put(current, parent_of(current), rank):
            return False
        data = {"direction": direction, "from": vars(before), "to": vars(place_of(current))}
        tell("moved", current, referentiel, by=by, data=data, operation=operation)
    return True


def _added_then(kind: Kind, entry: JournalEntry, referentiel: Referentiel) -> Node:
    """The node that the operation told by ``entry`` added."""
    if (entry.verb, entry.subject_id) != (f"referentiel.{kind.name}_added", str(referentiel.pk)):
        raise already_used()
    return cast("Node", reread(kind.model(pk=entry.data["row"])))
