"""Where a node stands in a draft: its parent and its rank, changed by buttons, by keys or by dragging (R-REF-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models, transaction

from accounts.models import User
from core.exceptions import InvalidInput
from core.models import JournalEntry
from core.operations import already_told, already_used
from referentiel.models import Referentiel
from referentiel.nodes import CRITERE, Kind, Node, kind_above, kind_of, name_of, parent_of, referentiel_of
from referentiel.services.changes import reread, tell
from referentiel.services.drafts import locked_draft

_ASIDE = 20_000
"""Ranks no sibling has: where they wait while the others take their places."""


@dataclass(frozen=True)
class Place:
    """The key of the parent, and the rank among its children, from 1."""

    parent: int
    rank: int


def place_node(
    node: Node, *, parent: models.Model | None = None, rank: int | None = None, by: User, operation: UUID | None = None
) -> bool:
    """Put a node at a rank (the last without one), under another parent if asked; whether it moved.

    A CE whose number is taken where it arrives takes the next one there. The same ``operation`` sent twice acts once.
    """
    kind = kind_of(node)
    with transaction.atomic():
        referentiel = locked_draft(referentiel_of(node))
        known = already_told(Referentiel, operation=operation, by=by)
        if known:
            return moved_then(known, node, asked={"parent": parent and parent.pk, "rank": rank})
        current = reread(node)
        target = _accepting(kind, reread(parent) if parent is not None else parent_of(current), referentiel)
        before, name, number = place_of(current), name_of(current), getattr(current, "number", None)
        if not put(current, target, rank or len(kind.siblings(target)) + 1):
            return False
        data = {
            "was": name,
            "number_before": number,
            "asked": {"parent": parent and parent.pk, "rank": rank},
            "from": vars(before),
            "to": vars(place_of(current)),
        }
        tell("moved", current, referentiel, by=by, data=data, operation=operation)
    return True


def place_of(node: Any) -> Place:
    kind = kind_of(node)
    parent = parent_of(node)
    keys = list(kind.siblings(parent).values_list("pk", flat=True))
    return Place(parent.pk, keys.index(node.pk) + 1)


def put(node: Any, parent: models.Model, rank: int) -> bool:
    """Write a node's place, bounds included; False when it is there already. Journals nothing."""
    kind = kind_of(node)
    siblings = list(kind.siblings(parent))
    others = [sibling for sibling in siblings if sibling.pk != node.pk]
    at = max(rank - 1, 0)
    wanted = [*others[:at], node, *others[at:]]
    if [row.pk for row in wanted] == [row.pk for row in siblings] and len(siblings) == len(others) + 1:
        return False
    if len(siblings) == len(others):
        _adopt(kind, node, parent, siblings)
    _write_ranks(kind, wanted)
    return True


def last_rank(kind: Kind, parent: models.Model) -> int:
    return kind.siblings(parent).aggregate(last=models.Max(kind.order))["last"] or 0


def _adopt(kind: Kind, node: Any, parent: Any, siblings: Sequence[Any]) -> None:
    """Give a node its new parent, at a rank and, for a CE, under a number that nobody has there."""
    setattr(node, kind.parent, parent)
    changed = [kind.parent, kind.order]
    setattr(node, kind.order, _ASIDE - 1)
    if kind is CRITERE and node.number in {sibling.number for sibling in siblings}:
        node.number = max(sibling.number for sibling in siblings) + 1
        changed.append("number")
    node.save(update_fields=changed)


def _write_ranks(kind: Kind, rows: Sequence[Any]) -> None:
    """The rows in this order: blocs share out the numbers they have, the others count from 1."""
    held = sorted(getattr(row, kind.order) for row in rows)
    ranks = held if kind.order == kind.own else list(range(1, len(rows) + 1))
    moved = [(row, rank) for row, rank in zip(rows, ranks, strict=True) if getattr(row, kind.order) != rank]
    for aside in (True, False):
        for row, rank in moved:
            setattr(row, kind.order, _ASIDE + rank if aside else rank)
        kind.model._default_manager.bulk_update([row for row, _ in moved], [kind.order])


def _accepting(kind: Kind, parent: Any, referentiel: Referentiel) -> Any:
    """The parent, if a node of this kind can be under it; raises InvalidInput otherwise."""
    above = kind_above(kind)
    fits = isinstance(parent, above.model) if above else parent == referentiel
    if not fits or referentiel_of(parent) != referentiel:
        raise InvalidInput(f"On ne peut pas placer {kind.this} à cet endroit.")
    return parent


def moved_then(entry: JournalEntry, node: Node, **expected: Any) -> bool:
    """True when ``entry`` tells this very move; raises Refusal when the operation served for another."""
    told = {name: entry.data.get(name) for name in expected}
    if entry.verb != f"referentiel.{kind_of(node).name}_moved" or entry.data.get("row") != node.pk or told != expected:
        raise already_used()
    return True
