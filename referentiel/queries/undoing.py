"""The last change a person made in a draft and may take back, as the journal tells it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from core.models import JournalEntry
from referentiel.models import Projet, Referentiel
from referentiel.nodes import KINDS

UNDONE = "referentiel.change_undone"
LOOKED_AT = 200
"""Entries: nobody takes back by one button what they did so long ago."""
REGLEMENT = "reglement"
"""What is changed beside the nodes, and taken back like them."""
_BESIDE = {"referentiel.registration_recorded", "referentiel.nsf_recorded"}
_WORDS = {
    "added": "ajout de",
    "changed": "modification de",
    "moved": "déplacement de",
    "removed": "suppression de",
    "copied": "duplication, qui a fait",
}
_SETTLED = f"referentiel.{REGLEMENT}_changed"
UNDOABLE = {f"referentiel.{kind}_{verb}": (kind, verb) for kind in KINDS for verb in _WORDS} | {
    _SETTLED: (REGLEMENT, "changed")
}


@dataclass(frozen=True)
class Undoable:
    """A change by its number in the journal; ``told`` says it in French."""

    sequence: int
    at: datetime
    told: str


def last_undoable(referentiel: Referentiel, by: User) -> Undoable | None:
    """The last change of this person in this draft that they have not undone; None past a clone or an import."""
    entries = entries_of(referentiel).filter(actor=by).order_by("-sequence")
    undone: set[int] = set()
    for sequence, at, verb, node, undoes in entries.values_list("sequence", "at", "verb", "data__node", "data__undoes")[
        :LOOKED_AT
    ]:
        if verb == UNDONE:
            undone.add(undoes)
        elif verb in _BESIDE:
            continue
        elif verb not in UNDOABLE:
            return None
        elif sequence not in undone:
            told = "modification du règlement" if verb == _SETTLED else f"{_WORDS[UNDOABLE[verb][1]]} {node}"
            return Undoable(sequence, at, told)
    return None


def last_change_of(referentiel: Referentiel, kind: str, row: int) -> JournalEntry | None:
    """The last time somebody wrote in a node."""
    verbs = [f"referentiel.{kind}_{verb}" for verb in ("changed", "added", "copied", "moved")]
    found = entries_of(referentiel).filter(verb__in=[*verbs, UNDONE], data__row=row)
    return found.select_related("actor").order_by("-sequence").first()


def last_change_of_reglement(referentiel: Referentiel) -> JournalEntry | None:
    found = entries_of(referentiel).filter(Q(verb=_SETTLED) | Q(verb=UNDONE, data__what=_SETTLED))
    return found.select_related("actor").order_by("-sequence").first()


def last_change_of_projet(projet: Projet) -> JournalEntry | None:
    found = JournalEntry.objects.filter(subject_type=Projet._meta.label_lower, subject_id=str(projet.pk))
    return found.select_related("actor").order_by("-sequence").first()


def entries_of(referentiel: Referentiel) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(subject_type=Referentiel._meta.label_lower, subject_id=str(referentiel.pk))
