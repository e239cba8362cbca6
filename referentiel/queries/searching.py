"""Words looked for in a draft, whatever their accents and capitals."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse

from referentiel.models import Referentiel
from referentiel.nodes import KINDS, SECTION, SOUS_ELEMENT, Kind

MOST_FOUND = 30
LONGEST = 200  # characters looked for
CONTEXT = 60  # characters kept on each side of the words


@dataclass(frozen=True)
class Found:
    """A node where the words are: where to open it, its name, and the words among their neighbours."""

    url: str
    name: str
    before: str
    words: str
    after: str


@dataclass(frozen=True)
class Findings:
    """``total`` counts them all, ``shown`` is the beginning, in the order of the levels."""

    wanted: str
    shown: tuple[Found, ...]
    total: int


_NUMBERS = re.compile(r"(\d+)")
_TEXTS = {
    "section": ("title", "text"),
    "bloc": ("title",),
    "activite": ("title",),
    "competence": ("statement", "mise_en_situation", "travail_demande", "soutenance"),
    "critere": ("rubrique", "text"),
    "sous-element": ("text",),
}
_NAMED_BY = {
    "section": ("position",),
    "bloc": ("number",),
    "activite": ("code",),
    "competence": ("code",),
    "critere": ("competence__code", "number"),
    "sous-element": ("critere__competence__code", "critere__number"),
}
_NAMES = {
    "section": "Préambule {}",
    "bloc": "Bloc {}",
    "activite": "{}",
    "competence": "{}",
    "critere": "{} CE{}",
    "sous-element": "{} CE{}, sous-élément",
}


def search_in(referentiel: Referentiel, wanted: str) -> Findings:
    """Every node whose name or text holds the words; one query per level."""
    pattern = pattern_of(wanted.strip()[:LONGEST])
    if not pattern.pattern:
        return Findings(wanted, (), 0)
    found = [node for kind in KINDS.values() for node in _in_level(referentiel, kind, pattern)]
    return Findings(wanted, tuple(found[:MOST_FOUND]), len(found))


def pattern_of(words: str) -> re.Pattern[str]:
    """What finds the words under any accent and capital, in the text as it is: nothing is transformed to be read."""
    bare = (letter for letter in unicodedata.normalize("NFD", words) if not unicodedata.combining(letter))
    return re.compile("".join(f"{_any_of(letter)}[\u0300-\u036f]*" for letter in bare))


@lru_cache(maxsize=256)
def _any_of(letter: str) -> str:
    """A letter in both cases with every accent Latin writes on it; anything else as it is, any space for a space."""
    if letter.isspace():
        return r"\s"
    if letter in "'’":
        return "['’]"
    if not letter.isalpha():
        return re.escape(letter)
    cases = {letter.lower(), letter.upper()}
    accented = (chr(code) for code in range(0xC0, 0x250))
    return f"[{''.join(sorted(cases.union(one for one in accented if unicodedata.normalize('NFD', one)[0] in cases)))}]"


def _in_level(referentiel: Referentiel, kind: Kind, pattern: re.Pattern[str]) -> list[Found]:
    owner = "critere__referentiel" if kind is SOUS_ELEMENT else "referentiel"
    rows = kind.model._default_manager.filter(**{owner: referentiel}).order_by()
    address = reverse("referentiel:node", args=[referentiel.pk, kind.name, 0])
    own = len(_NAMED_BY[kind.name])
    found = []
    for pk, *values in rows.values_list("pk", *_NAMED_BY[kind.name], *_TEXTS[kind.name]):
        around = _around(pattern, values[own:]) or _beside(pattern, kind, values)
        if around is not None:
            name = _NAMES[kind.name].format(*values[:own])
            found.append(Found(address.replace("/0/", f"/{pk}/"), name, *around))
    return sorted(found, key=_place)


def _place(found: Found) -> list[tuple[int, str]]:
    """C1.2 before C1.10: what people number, read as numbers; only what was found has to be put in order."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in _NUMBERS.split(found.name)]


def _around(pattern: re.Pattern[str], texts: list[Any]) -> tuple[str, str, str] | None:
    """The words among their neighbours, in the first text that holds them."""
    for text in texts:
        if text and (match := pattern.search(text)):
            start, end = max(match.start() - CONTEXT, 0), match.end() + CONTEXT
            before = ("…" if start else "") + text[start : match.start()]
            return before, match[0], text[match.end() : end] + ("…" if end < len(text) else "")
    return None


def _beside(pattern: re.Pattern[str], kind: Kind, values: list[Any]) -> tuple[str, str, str] | None:
    """The beginning of the first text, when it is the node's name that holds the words."""
    own = len(_NAMED_BY[kind.name])
    if kind is SECTION or not pattern.search(_NAMES[kind.name].format(*values[:own])):
        return None
    first = next((text for text in values[own:] if text), "")
    return first[: 2 * CONTEXT], "", "…" if len(first) > 2 * CONTEXT else ""
