"""A node copied after its siblings, with what is under it, each under a code of its own (R-REF-2)."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.db import models, transaction

from accounts.models import User
from core.operations import already_told, already_used
from referentiel.models import Referentiel
from referentiel.nodes import Kind, Node, kind_of, name_of, parent_of, referentiel_of, validate
from referentiel.recoding import next_code, under
from referentiel.services.changes import reread, tell
from referentiel.services.drafts import locked_draft
from referentiel.services.placing import last_rank
from referentiel.services.subtrees import plant, renewed, subtree_of, taken_codes


def copy_node(node: Node, *, by: User, operation: UUID | None = None) -> Node:
    """The copy, last among its siblings; it has no past, so its lineage is new. The same ``operation`` makes one."""
    kind = kind_of(node)
    with transaction.atomic():
        referentiel = locked_draft(referentiel_of(node))
        known = already_told(Referentiel, operation=operation, by=by)
        if known:
            if (known.verb, known.data.get("of")) != (f"referentiel.{kind.name}_copied", node.pk):
                raise already_used()
            return cast("Node", reread(kind.model(pk=known.data["row"])))
        original = reread(node)
        parent: Any = parent_of(original)
        tree = renewed(subtree_of(original), _Recoder(kind, original, parent, referentiel))
        copy = plant(tree, parent=parent, rank=last_rank(kind, parent) + 1, referentiel=referentiel)
        validate(copy)
        data = {"of": node.pk, "original": name_of(original), "tree": subtree_of(copy)}
        tell("copied", copy, referentiel, by=by, data=data, operation=operation)
    return cast("Node", reread(copy))


class _Recoder:
    """Gives each copied node its own number or code: the first free one at the top, its parent's beginning below."""

    def __init__(self, kind: Kind, original: Any, parent: Any, referentiel: Referentiel) -> None:
        self.top = kind.name
        self.taken = taken_codes(referentiel)
        self.old: dict[str, str] = {}
        self.new: dict[str, str] = {}
        self.number = 0
        if kind.own == "number":
            self.number = (kind.siblings(parent).aggregate(last=models.Max("number"))["last"] or 0) + 1

    def __call__(self, kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
        changed = dict(values)
        if kind == self.top and self.number:
            changed["number"] = self.number
        if "code" in values:
            changed["code"] = self._code(kind, values["code"])
            self.taken.add(changed["code"])
        self._remember(kind, values, changed)
        return changed

    def _code(self, kind: str, code: str) -> str:
        above = {"activite": "bloc", "competence": "activite"}[kind]
        if kind == self.top or above not in self.old:
            return next_code(code, self.taken)
        return under(code, self.old[above], self.new[above], self.taken)

    def _remember(self, kind: str, values: Mapping[str, Any], changed: Mapping[str, Any]) -> None:
        own = "number" if kind == "bloc" else "code"
        if own in values and kind in ("bloc", "activite"):
            self.old[kind], self.new[kind] = str(values[own]), str(changed[own])
