"""Two people on one thing: what was typed beside what is stored, for a person to choose (R-SCO-4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core.models import JournalEntry
from referentiel.forms.nodes import VerbatimForm
from referentiel.models import Projet, Referentiel
from referentiel.nodes import Node, kind_of, name_of, seen_as, values_of, version_key_of
from referentiel.queries.undoing import last_change_of, last_change_of_projet, last_change_of_reglement
from referentiel.services import grouping, settling


@dataclass(frozen=True)
class Row:
    """A field that differs."""

    label: str
    mine: Any
    stored: Any


@dataclass(frozen=True)
class Conflict:
    """``name`` reads after « Deux versions »; ``address`` shows what is stored; ``seen`` is its mark."""

    name: str
    address: str
    seen: str
    last_change: JournalEntry | None
    rows: tuple[Row, ...]


def node_conflict(draft: Referentiel, node: Node, form: VerbatimForm) -> Conflict:
    stored, kind = values_of(node), kind_of(node).name
    return Conflict(
        name=f"de {name_of(node)}",
        address=reverse("referentiel:node", args=[version_key_of(node), kind, node.pk]),
        seen=seen_as(stored),
        last_change=last_change_of(draft, kind, node.pk),
        rows=_rows(form, form.cleaned_data, stored),
    )


def projet_conflict(projet: Projet, form: VerbatimForm) -> Conflict:
    stored = grouping.values_of(projet)
    mine = {**form.cleaned_data, "competences": sorted(one.code for one in form.cleaned_data["competences"])}
    return Conflict(
        name=f"du projet « {projet.name} »",
        address=reverse("referentiel:projet", args=[projet.pk]),
        seen=seen_as(stored),
        last_change=last_change_of_projet(projet),
        rows=_rows(form, mine, stored),
    )


def reglement_conflict(draft: Referentiel, form: VerbatimForm, values: Mapping[str, Any]) -> Conflict:
    """``values`` are those typed, the phases with them."""
    stored = settling.settings_of(draft.reglement)
    return Conflict(
        name="du règlement",
        address=reverse("referentiel:reglement", args=[draft.pk]),
        seen=seen_as(stored),
        last_change=last_change_of_reglement(draft),
        rows=_rows(form, values, stored),
    )


def _rows(form: VerbatimForm, mine: Mapping[str, Any], stored: Mapping[str, Any]) -> tuple[Row, ...]:
    differing = (name for name in stored if mine[name] != stored[name])
    return tuple(Row(_label(form, name), _told(mine[name]), _told(stored[name])) for name in differing)


def _label(form: VerbatimForm, name: str) -> str:
    return str(form.fields[name].label) if name in form.fields else "Phases de la soutenance"


def _told(value: Any) -> Any:
    """Codes and phases as a sentence; any other value is the template's to say."""
    return ", ".join(_words(value)) if isinstance(value, list) else value


def _words(items: Iterable[Any]) -> Iterable[str]:
    for item in items:
        yield f"{item['name']} {item['minutes']} min" if isinstance(item, dict) else str(item)
