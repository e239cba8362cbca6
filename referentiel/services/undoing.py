"""Taking a change back: a change of its own, made from what the journal kept of the first (R-ALL-1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from accounts.models import User
from core import journal
from core.exceptions import Refusal
from core.models import JournalEntry
from referentiel.models import Referentiel, Reglement
from referentiel.nodes import KINDS, Kind, kind_above, name_of, validate, values_of
from referentiel.queries.undoing import REGLEMENT, UNDOABLE, UNDONE, entries_of, last_undoable
from referentiel.services.drafts import delete_unless_used, locked_draft
from referentiel.services.placing import Place, last_rank, place_of, put
from referentiel.services.settling import settings_of
from referentiel.services.subtrees import bare, plant, refuse_taken_codes, subtree_of

_CHANGED_SINCE = "Cet élément a changé depuis : annuler effacerait ce changement. Modifiez-le à la main."


@dataclass(frozen=True)
class Undone:
    """The node, or the règlement, a change was taken back from; it is gone when the change had made it."""

    name: str
    kind: str
    row: int
    is_gone: bool


def undo_change(referentiel: Referentiel, *, sequence: int, by: User) -> Undone:
    """Take back this person's last change in a draft, entry ``sequence`` of the journal.

    Raises Refusal when it is not the last one, or when what it touched has changed since. Asked twice, it acts once.
    """
    with transaction.atomic():
        draft = locked_draft(referentiel)
        done = entries_of(draft).filter(actor=by, verb=UNDONE, data__undoes=sequence).first()
        if done is not None:
            return _told(done.data)
        last = last_undoable(draft, by)
        if last is None or last.sequence != sequence:
            raise Refusal("Ce n’est plus votre dernière modification : rouvrez la page pour voir laquelle l’est.")
        entry = JournalEntry.objects.get(sequence=sequence)
        kind, verb = UNDOABLE[entry.verb]
        name, row = (
            _unsettle(draft, entry.data) if kind == REGLEMENT else _UNDOING[verb](draft, KINDS[kind], entry.data)
        )
        data = {"undoes": sequence, "what": entry.verb, "node": name, "row": row}
        journal.record(UNDONE, draft, by=by, data=data)
    return _told(data)


def _told(data: Mapping[str, Any]) -> Undone:
    kind, verb = UNDOABLE[data["what"]]
    return Undone(data["node"], kind, data["row"], verb in ("added", "copied"))


def _unchange(draft: Referentiel, kind: Kind, told: Mapping[str, Any]) -> tuple[str, int]:
    node = _found(draft, kind, told)
    _refuse_changed_since(values_of(node), told["after"])
    for name, value in told["before"].items():
        setattr(node, name, value)
    validate(node)
    node.save(update_fields=list(told["before"]))
    return name_of(node), node.pk


def _unsettle(draft: Referentiel, told: Mapping[str, Any]) -> tuple[str, int]:
    reglement = Reglement.objects.get(referentiel=draft)
    _refuse_changed_since(settings_of(reglement), told["after"])
    for name, value in told["before"].items():
        setattr(reglement, name, value)
    reglement.save(update_fields=list(told["before"]))
    return "Règlement", reglement.pk


def _refuse_changed_since(values: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    if any(values[name] != value for name, value in after.items()):
        raise Refusal(_CHANGED_SINCE)


def _unadd(draft: Referentiel, kind: Kind, told: Mapping[str, Any]) -> tuple[str, int]:
    """For a copy too: what was made goes if it is still as it was made."""
    node = _found(draft, kind, told)
    alone = bare(kind, node.pk, told.get("values", {}), told["lineage"])
    made = told.get("tree", alone)
    if subtree_of(node) != made:
        raise Refusal(_CHANGED_SINCE)
    name, row = name_of(node), node.pk
    delete_unless_used(node)
    return name, row


def _unmove(draft: Referentiel, kind: Kind, told: Mapping[str, Any]) -> tuple[str, int]:
    node = _found(draft, kind, told)
    if vars(place_of(node)) != told["to"]:
        raise Refusal(_CHANGED_SINCE)
    back = Place(**told["from"])
    before = told.get("number_before")
    put(node, _parent(draft, kind, back.parent), back.rank)
    if before is not None and node.number != before:
        node.number = before
        validate(node)
        node.save(update_fields=["number"])
    return name_of(node), node.pk


def _unremove(draft: Referentiel, kind: Kind, told: Mapping[str, Any]) -> tuple[str, int]:
    parent = _parent(draft, kind, told["from"]["parent"])
    refuse_taken_codes(told["tree"], draft)
    if kind.own == "number" and kind.siblings(parent).filter(number=told["tree"]["values"]["number"]).exists():
        raise Refusal("Ce numéro est maintenant utilisé ailleurs : changez-le d’abord, puis recommencez.")
    node = plant(told["tree"], parent=parent, rank=last_rank(kind, parent) + 1, referentiel=draft)
    validate(node)
    if kind.order != kind.own:
        put(node, parent, told["from"]["rank"])
    return name_of(node), node.pk


_UNDOING: dict[str, Callable[[Referentiel, Kind, Mapping[str, Any]], tuple[str, int]]] = {
    "added": _unadd,
    "copied": _unadd,
    "changed": _unchange,
    "moved": _unmove,
    "removed": _unremove,
}


def _found(draft: Referentiel, kind: Kind, told: Mapping[str, Any]) -> Any:
    owner = "referentiel" if kind.name != "sous-element" else "critere__referentiel"
    node = kind.model._default_manager.filter(**{owner: draft}, pk=told.get("row")).first()
    if node is None:
        raise Refusal("Cet élément n’existe plus : il n’y a rien à annuler.")
    return node


def _parent(draft: Referentiel, kind: Kind, pk: int) -> models.Model:
    above = kind_above(kind)
    if above is None:
        return draft
    found = above.model._default_manager.filter(referentiel=draft, pk=pk).first()
    if found is None:
        raise Refusal(f"Ce qui contenait {kind.this} n’existe plus : restaurez-le d’abord.")
    return found
