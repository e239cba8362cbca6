"""The tree as a flat table, one line per CE: what a person edits in a spreadsheet, and what both XLSX and CSV hold."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from referentiel.content import Content, told_equivalence
from referentiel.exchange.faults import Fault, Unreadable, refuse

MAX_LINES = 20_000
BULLET = "• "


@dataclass(frozen=True)
class Column:
    """``level`` is that of the node the cell belongs to (0 bloc … 3 critère); ``meaning`` is for the instructions."""

    name: str
    level: int
    title: str
    meaning: str
    needed: bool = False


COLUMNS = (
    Column("number", 0, "Bloc", "Numéro du bloc. Vide : le même que la ligne au-dessus.", True),
    Column("title", 0, "Intitulé du bloc", "Une fois suffit, sur la première ligne du bloc.", True),
    Column("code", 1, "Activité", "Son code, par exemple A1.1. Vide : la même que la ligne au-dessus.", True),
    Column("title", 1, "Intitulé de l’activité", "Une fois suffit.", True),
    Column("code", 2, "Compétence", "Son code, par exemple C1.2.1. Vide : la même que la ligne au-dessus.", True),
    Column("statement", 2, "Énoncé de la compétence", "Une fois suffit.", True),
    Column("mise_en_situation", 2, "Mise en situation", "La mise en situation de la compétence."),
    Column("travail_demande", 2, "Travail demandé", "Ce que le candidat doit réaliser."),
    Column("soutenance", 2, "Soutenance", "Comment le travail est présenté."),
    Column("number", 3, "CE", "Numéro du critère dans sa compétence : 1 pour CE1.", True),
    Column("rubrique", 3, "Rubrique", "Titre au-dessus d’un groupe de critères."),
    Column("text", 3, "Critère d’évaluation", "Le texte du critère.", True),
    Column("is_oral", 3, "Oral", "oui pour le critère de présentation orale."),
    Column("mandatory", 3, "Obligatoire", "oui si la compétence ne peut pas être acquise sans lui."),
    Column("threshold", 3, "Seuil", "Ce qu’il y a à compter : 3 pour « au minimum trois »."),
    Column("sous_elements", 3, "Sous-éléments", "Un par ligne dans la cellule, précédé de « • »."),
    Column("lineage", 0, "Identifiant du bloc", "Vide pour un nouveau bloc ; sinon, à laisser tel quel."),
    Column("lineage", 1, "Identifiant de l’activité", "Vide pour une nouvelle activité."),
    Column("lineage", 2, "Identifiant de la compétence", "Vide pour une nouvelle compétence."),
    Column("lineage", 3, "Identifiant du critère", "Vide pour un nouveau critère."),
)
EQUIVALENCES = Column(
    "equivalences", 0, "Équivalences du bloc", "Facultative. Une par ligne : « RNCP37431, version 1, bloc 2 »."
)
_CHILDREN = ("activites", "competences", "criteres")
_CITED = re.compile(r"(\S{1,20}), version ([0-9]{1,3}), bloc ([0-9]{1,3})")
_OWN = ("number", "code", "code", "number")
_YES, _NO = {"oui", "vrai", "true", "x", "1"}, {"", "non", "faux", "false", "0"}


def columns_of(content: Content) -> tuple[Column, ...]:
    """That of the equivalences only where some are declared."""
    return (*COLUMNS, EQUIVALENCES) if any("equivalences" in bloc for bloc in content["blocs"]) else COLUMNS


def rows_of(content: Content) -> Iterator[list[Any]]:
    """A line per CE, and one for each node that has nothing under it; what is the same as above is not repeated."""
    columns = columns_of(content)
    for bloc in content["blocs"]:
        for nodes in _lines(bloc, 0, {}):
            yield [_cell(column, nodes) for column in columns]


def _lines(
    node: Mapping[str, Any], level: int, above: Mapping[int, Mapping[str, Any]]
) -> Iterator[Mapping[int, Mapping[str, Any]]]:
    """The nodes each line tells, by level."""
    here = {**above, level: node}
    if level == 3 or not node[_CHILDREN[level]]:
        yield here
        return
    for rank, child in enumerate(node[_CHILDREN[level]]):
        repeated = {} if rank else here
        own = {at: {_OWN[at]: found[_OWN[at]]} for at, found in here.items()} if rank else {}
        yield from _lines(child, level + 1, repeated or own)


def _cell(column: Column, nodes: Mapping[int, Mapping[str, Any]]) -> Any:
    value = nodes.get(column.level, {}).get(column.name)
    if isinstance(value, bool):
        return "oui" if value else ""
    if column is EQUIVALENCES:
        return "\n".join(map(told_equivalence, value or []))
    if isinstance(value, list):
        return "\n".join(BULLET + item for item in value)
    return "" if value is None else value


class TreeReader:
    """Lines one after the other into the tree; remembers which line each node comes from."""

    def __init__(self, header: Sequence[Any], *, place: str) -> None:
        self.place = place
        self.columns = _columns(header, place)
        self.blocs: list[dict[str, Any]] = []
        self.faults: list[Fault] = []
        self.lines: dict[tuple[int, ...], int] = {}
        self._open: list[dict[str, Any]] = []
        self._path: tuple[int, ...] = ()

    def read(self, number: int, cells: Sequence[Any]) -> None:
        """Take the line ``number`` of the sheet; raises Unreadable past :data:`MAX_LINES`."""
        if number > MAX_LINES:
            raise refuse(f"plus de {MAX_LINES} lignes : ce fichier n’est pas un référentiel.", self.place)
        values: dict[int, dict[str, Any]] = {0: {}, 1: {}, 2: {}, 3: {}}
        for at, column in self.columns.items():
            value = cells[at] if at < len(cells) else None
            if value not in (None, ""):
                values[column.level][column.name] = value
        if not any(values.values()):
            return
        for level in range(4):
            self._node(level, values[level], number)

    def _node(self, level: int, values: dict[str, Any], line: int) -> None:
        own = _own_of(level, values.get(_OWN[level]))
        same = len(self._open) > level and (own is None or own == self._open[level][_OWN[level]])
        if same and (level < 3 or not values):
            self._repeat(level, values, line)
        elif values:
            self._start(level, own, values, line)

    def _repeat(self, level: int, values: dict[str, Any], line: int) -> None:
        """What a repeated node says again must be what it said first."""
        node = self._open[level]
        for name, value in values.items():
            if name != _OWN[level] and _read(name, value) != node.get(name, ""):
                first = self.lines[self._path[: level + 1]]
                self.faults.append(
                    Fault(f"{self.place}, ligne {line}", f"ne dit pas la même chose que la ligne {first}.")
                )

    def _start(self, level: int, own: Any, values: dict[str, Any], line: int) -> None:
        if len(self._open) < level:
            self.faults.append(
                Fault(f"{self.place}, ligne {line}", "il manque le bloc, l’activité ou la compétence au-dessus.")
            )
            return
        node = {_OWN[level]: own, **{name: _read(name, value) for name, value in values.items() if name != _OWN[level]}}
        siblings = self._open[level - 1][_CHILDREN[level - 1]] if level else self.blocs
        if level < 3:
            node[_CHILDREN[level]] = []
        siblings.append(node)
        self._open = [*self._open[:level], node]
        self._path = (*self._path[:level], len(siblings) - 1)
        self.lines[self._path] = line

    def where(self, path: tuple[int, ...]) -> str:
        return f"{self.place}, ligne {self.lines[path]}"


def _columns(header: Sequence[Any], place: str) -> dict[int, Column]:
    """Which cell of a line holds what, from the titles; raises Unreadable when a needed one is missing."""
    by_title = {_folded(column.title): column for column in (*COLUMNS, EQUIVALENCES)}
    found = {at: by_title[_folded(str(title))] for at, title in enumerate(header) if _folded(str(title)) in by_title}
    twice = {column.title for column in found.values() if list(found.values()).count(column) > 1}
    unknown = [str(title) for title in header if title not in (None, "") and _folded(str(title)) not in by_title]
    missing = [column.title for column in COLUMNS if column.needed and column not in found.values()]
    faults = [Fault(f"{place}, ligne 1", f"la colonne « {title} » manque.") for title in missing]
    faults += [Fault(f"{place}, ligne 1", f"la colonne « {title} » est inconnue.") for title in unknown]
    faults += [Fault(f"{place}, ligne 1", f"la colonne « {title} » y est deux fois.") for title in sorted(twice)]
    if faults:
        raise Unreadable(faults)
    return found


def _folded(title: str) -> str:
    return " ".join(title.replace("'", "’").split()).lower()


def _own_of(level: int, value: Any) -> Any:
    """A number as a number and a code as a text, however the spreadsheet holds them."""
    if value is None or level in (1, 2):
        return None if value is None else _text(value).strip()
    number = _number(value)
    return value if number is None else number


def _read(name: str, value: Any) -> Any:
    if name in ("is_oral", "mandatory"):
        word = _text(value).strip().lower()
        return True if word in _YES else False if word in _NO else value
    if name == "threshold":
        number = _number(value)
        return value if number is None else number
    if name == "sous_elements":
        return _items(_text(value))
    if name == "equivalences":
        return [_cited(line) for line in _text(value).splitlines() if line.strip()]
    return _text(value)


def _items(cell: str) -> list[str]:
    lines = cell.replace("\r\n", "\n").split("\n")
    if not any(line.startswith(BULLET) for line in lines):
        return [line for line in lines if line.strip()]
    items: list[str] = []
    for line in lines:
        if line.startswith(BULLET) or not items:
            items.append(line.removeprefix(BULLET))
        else:
            items[-1] += f"\n{line}"
    return items


def _cited(line: str) -> Any:
    """An equivalence, or the words as they are when they cite none."""
    found = _CITED.fullmatch(" ".join(line.split()))
    return {"rncp_code": found[1], "version": int(found[2]), "bloc": int(found[3])} if found else line


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value) if value == value and abs(value) < 10**6 and value == int(value) else None  # noqa: PLR0124
    text = str(value).strip().removeprefix("CE")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 7 else None


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else str(value)


def blank(cells: Iterable[Any]) -> bool:
    return all(cell in (None, "") for cell in cells)
