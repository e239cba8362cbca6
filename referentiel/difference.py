"""What changes between two versions, node by node and word by word (R-REF-2). Pure: two contents in, a list out.

Nodes are recognised by their lineage. One that keeps it and changes parent, or rank among the siblings it keeps, was
moved; one whose words change was reworded; one whose own code or number changes was renumbered. Sections have no
lineage: they are recognised by their title.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, cast

from referentiel.content import Content, told_equivalence
from referentiel.word_runs import Run, common_runs

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_FRONT = "front"


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    MOVED = "moved"
    RENUMBERED = "renumbered"


@dataclass(frozen=True)
class Piece:
    """A run of words of the older text, of the newer one, or of both."""

    text: str
    is_old: bool
    is_new: bool


@dataclass(frozen=True)
class TextChange:
    """``name`` is the field's in the content. The words are compared when they are read: a summary needs none."""

    name: str
    old: str
    new: str

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        return words_of(self.old, self.new)


@dataclass(frozen=True)
class Change:
    """One node that changed. ``level`` is bloc, activite, competence, critere, section, reglement or certification.

    ``before`` and ``after`` name it (« C1.2.1 CE3 »), empty where it does not exist. A move says from which parent to
    which, or from which rank to which among the same siblings. ``bloc`` is where the change is read: the lineage of the
    newer bloc, of the older one when the node is gone, empty outside the tree.
    """

    kinds: frozenset[Kind]
    level: str
    lineage: str
    before: str
    after: str
    texts: tuple[TextChange, ...] = ()
    moved_from: str = ""
    moved_to: str = ""
    bloc: str = ""

    @property
    def name(self) -> str:
        return self.after or self.before


@dataclass(slots=True)
class _Flat:
    level: str
    name: str
    own: str
    parent: str
    parent_name: str
    bloc: str
    rank: int
    node: Any

    @property
    def texts(self) -> dict[str, str]:
        """Its texts in words, by the name of their field."""
        return {name: _said(self.node, name) for name in _TEXTS[self.level]}

    def says_the_same_as(self, other: "_Flat") -> bool:
        return all(self.node.get(name) == other.node.get(name) for name in _TEXTS[self.level])


_CHILDREN = {
    "bloc": ("activites", "activite"),
    "activite": ("competences", "competence"),
    "competence": ("criteres", "critere"),
}
_TEXTS = {
    "section": ("text",),
    "bloc": ("title", "equivalences"),
    "activite": ("title",),
    "competence": ("statement", "mise_en_situation", "travail_demande", "soutenance"),
    "critere": ("rubrique", "text", "sous_elements", "threshold", "mandatory", "is_oral"),
}


def difference(old: Content, new: Content) -> list[Change]:
    """Every change from ``old`` to ``new``, in the order of the newer document, what was removed after its place."""
    same = _untouched(old, new)
    before, after = _flattened(old, same), _flattened(new, same)
    moved = set(_moved(before, after))
    changes = [*_heads(old, new)]
    for lineage, node in after.items():
        changes += _compared(lineage, before.get(lineage), node, lineage in moved)
    changes += [
        Change(frozenset({Kind.REMOVED}), node.level, lineage, node.name, "", _texts(node.texts, {}), bloc=node.bloc)
        for lineage, node in before.items()
        if lineage not in after
    ]
    return changes


def tally(changes: Iterable[Change]) -> dict[str, int]:
    """How many changes of each kind; a node moved and reworded counts in both."""
    found = [kind for change in changes for kind in change.kinds]
    return {kind.value: found.count(kind) for kind in Kind}


def words_of(old: str, new: str) -> tuple[Piece, ...]:
    """The two texts as one sequence of runs, word by word; two texts with little in common, one after the other."""
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    shared = [run for run in common_runs(a, b) if _says_something(a[run.old : run.old + run.size])]
    if sum(len(word) for run in shared for word in a[run.old : run.old + run.size]) * 4 < min(len(old), len(new)):
        shared = []
    pieces: list[Piece] = []
    at_a = at_b = 0
    for run in [*shared, Run(len(a), len(b), 0)]:
        pieces += [
            Piece("".join(words), is_old, is_new)
            for words, is_old, is_new in (
                (a[at_a : run.old], True, False),
                (b[at_b : run.new], False, True),
                (a[run.old : run.old + run.size], True, True),
            )
            if words
        ]
        at_a, at_b = run.old + run.size, run.new + run.size
    return tuple(pieces)


def _says_something(words: Sequence[str]) -> bool:
    """A lone space between two changed words is part of the change."""
    return any(not word.isspace() for word in words)


def _compared(lineage: str, old: _Flat | None, new: _Flat, is_moved: bool) -> Iterator[Change]:
    if old is None:
        yield Change(frozenset({Kind.ADDED}), new.level, lineage, "", new.name, _texts({}, new.texts), bloc=new.bloc)
        return
    texts = () if new.says_the_same_as(old) else _texts(old.texts, new.texts)
    kinds = {Kind.REWORDED} if texts else set()
    places = ("", "")
    if old.parent != new.parent:
        kinds.add(Kind.MOVED)
        places = (old.parent_name, new.parent_name)
    elif is_moved:
        kinds.add(Kind.MOVED)
        places = (f"rang {old.rank}", f"rang {new.rank}")
    if old.own != new.own:
        kinds.add(Kind.RENUMBERED)
    if kinds:
        yield Change(frozenset(kinds), new.level, lineage, old.name, new.name, texts, *places, bloc=new.bloc)


def _texts(old: dict[str, str], new: dict[str, str]) -> tuple[TextChange, ...]:
    names = [*new, *(name for name in old if name not in new)]
    return tuple(
        TextChange(name, old.get(name, ""), new.get(name, ""))
        for name in names
        if old.get(name, "") != new.get(name, "")
    )


def _untouched(old: Content, new: Content) -> frozenset[str]:
    """The nodes that are the same down to their last CE: nothing under them can have changed, come or gone."""
    before = dict(_by_lineage(old))
    return frozenset(lineage for lineage, found in _by_lineage(new) if before.get(lineage) == found)


def _by_lineage(content: Content) -> Iterator[tuple[str, Any]]:
    for bloc in content["blocs"]:
        yield bloc["lineage"], bloc
        for activite in bloc["activites"]:
            yield activite["lineage"], activite
            yield from ((competence["lineage"], competence) for competence in activite["competences"])


def _flattened(content: Content, same: frozenset[str]) -> dict[str, _Flat]:
    """Every node by its lineage, in the order of the document, but what is under the ``same`` ones."""
    flat: dict[str, _Flat] = {}
    for rank, section in enumerate(content["sections"], start=1):
        key = _section_key(section["title"], flat)
        flat[key] = _Flat("section", section["title"], "", _FRONT, "", "", rank, section)
    for rank, bloc in enumerate(content["blocs"], start=1):
        _flatten(bloc, "bloc", None, rank, flat, same)
    return flat


def _section_key(title: str, flat: Mapping[str, object]) -> str:
    """Two sections of one title are told apart by their order."""
    key = f"section {title}"
    while key in flat:
        key += "+"
    return key


def _flatten(
    node: Any, level: str, above: tuple[str, _Flat] | None, rank: int, flat: dict[str, _Flat], same: frozenset[str]
) -> None:
    parent, parent_name, bloc = (above[0], above[1].name, above[1].bloc) if above else ("", "", node["lineage"])
    found = _Flat(
        level,
        _name(node, level, parent_name),
        str(node.get("code") or node["number"]),
        parent,
        parent_name,
        bloc,
        rank,
        node,
    )
    flat[node["lineage"]] = found
    if level in _CHILDREN and node["lineage"] not in same:
        key, below = _CHILDREN[level]
        for at, child in enumerate(node[key], start=1):
            _flatten(child, below, (node["lineage"], found), at, flat, same)


def _name(node: Any, level: str, parent_name: str) -> str:
    if level == "bloc":
        return f"Bloc {node['number']}"
    return f"{parent_name} CE{node['number']}" if level == "critere" else str(node["code"])


def _said(node: Any, key: str) -> str:
    if key == "equivalences":
        return "\n".join(map(told_equivalence, node.get(key, [])))
    return _told(node[key])


def _told(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ", ".join(map(_told, value.values()))
    if isinstance(value, list):
        return "\n".join(map(_told, value))
    if isinstance(value, bool):
        return "oui" if value else "non"
    return "" if value is None else str(value)


def _moved(before: dict[str, _Flat], after: dict[str, _Flat]) -> Iterator[str]:
    """Those that changed rank among the siblings they keep: the fewest that explain the new order."""
    siblings: dict[str, list[str]] = {}  # by parent
    for lineage, node in after.items():
        if lineage in before and before[lineage].parent == node.parent:
            siblings.setdefault(node.parent, []).append(lineage)
    rank = {lineage: at for at, lineage in enumerate(before)}
    for family in siblings.values():
        kept = set(_longest_rise([rank[lineage] for lineage in family]))
        yield from (lineage for lineage in family if rank[lineage] not in kept)


def _longest_rise(ranks: Sequence[int]) -> list[int]:
    """The longest increasing subsequence, in n log n."""
    tails: list[int] = []
    previous: dict[int, int | None] = {}
    for value in ranks:
        at = bisect_left(tails, value)
        previous[value] = tails[at - 1] if at else None
        tails[at : at + 1] = [value]
    rise: list[int] = []
    value_or_none: int | None = tails[-1] if tails else None
    while value_or_none is not None:
        rise.append(value_or_none)
        value_or_none = previous[value_or_none]
    return rise


def _heads(old: Content, new: Content) -> Iterator[Change]:
    """The certification and the règlement, setting by setting."""
    for level, word in (("certification", "Certification"), ("reglement", "Règlement")):
        texts = _texts(_settings(old, level), _settings(new, level))
        if texts:
            yield Change(frozenset({Kind.REWORDED}), level, level, word, word, texts)


def _settings(content: Content, level: str) -> dict[str, str]:
    values = cast("dict[str, Any]", content).get(level) or {}
    return {name: _told(value) for name, value in values.items()}
