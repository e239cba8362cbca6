"""Whatever the format, the same questions are asked of what was read before it becomes a content."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast
from uuid import UUID

from referentiel.content import Content, EquivalenceContent, equivalence_order
from referentiel.exchange.faults import Fault, raise_if_any
from referentiel.nodes import MAX_NUMBER, MAX_TEXT
from referentiel.validation import INVISIBLE

MAX_NODES = 20_000
Path = tuple[int, ...]
Place = Callable[[Path], str]
"""Names a node of the file from its ranks: ``(0,)`` the first bloc, ``(0, 2)`` its third activité…"""

_CODE = re.compile(r"\S{1,20}")
_CHILDREN = ("activites", "competences", "criteres")
_TEXTS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("title",), ()),
    (("title",), ()),
    (("statement",), ("mise_en_situation", "travail_demande", "soutenance")),
    (("text",), ("rubrique",)),
)
_KINDS = ("bloc", "activité", "compétence", "critère")
_ANOTHER = ("un autre bloc", "une autre activité", "une autre compétence", "un autre CE")


def checked(raw: Any, *, place: Place | None = None) -> Content:
    """The content, lineages empty where the file has none; raises Unreadable with every fault.

    ``raw`` has the shape of :class:`~referentiel.content.Content`, from any hand: nothing in it is trusted.
    """
    check = _Check(place or _ranks)
    raise_if_any(check.head(raw))
    content = {
        "certification": {
            name: raw["certification"].get(name) for name in ("rncp_code", "title", "level", "certifier")
        },
        "version": raw["version"],
        "predecessor": raw.get("predecessor"),
        "sections": [{"title": s["title"], "text": s["text"]} for s in raw["sections"]],
        "reglement": raw.get("reglement"),
        "blocs": [check.node(bloc, (rank,)) for rank, bloc in enumerate(raw["blocs"])],
    }
    raise_if_any(check.faults)
    return cast("Content", content)


def _ranks(path: Path) -> str:
    return ", ".join(f"{kind} n° {rank + 1}" for kind, rank in zip(_KINDS, path, strict=False))


class _Check:
    """One reading: the faults met, and what must not be met twice."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.faults: list[Fault] = []
        self.seen: dict[tuple[str, object], str] = {}
        self.nodes = 0

    def head(self, raw: Any) -> Iterator[Fault]:
        """What must hold before the tree is even looked at."""
        if not isinstance(raw, Mapping):
            yield Fault("", "Ce fichier ne décrit pas un référentiel.")
            return
        yield from _certification(raw.get("certification"))
        if not _is_count(raw.get("version"), MAX_NUMBER):
            yield Fault("Version", "un numéro à partir de 1 est attendu.")
        if raw.get("predecessor") is not None and not _is_count(raw["predecessor"], MAX_NUMBER):
            yield Fault("Version précédente", "un numéro à partir de 1, ou rien, est attendu.")
        if not isinstance(raw.get("reglement"), Mapping | None) or not _is_plain(raw.get("reglement")):
            yield Fault("Règlement", "les réglages sont attendus, chacun avec sa valeur.")
        yield from _sections(raw.get("sections"))
        if not isinstance(raw.get("blocs"), list) or not raw["blocs"]:
            yield Fault("Blocs", "il faut au moins un bloc.")

    def node(self, raw: Any, path: Path) -> dict[str, Any]:
        """A node and all that hangs from it, in the shape of the content."""
        level = len(path) - 1
        self.nodes += 1
        if self.nodes == MAX_NODES + 1:
            self.faults.append(Fault("", f"Plus de {MAX_NODES} éléments : ce fichier n’est pas un référentiel."))
        if self.nodes > MAX_NODES:
            return {}
        if not isinstance(raw, Mapping):
            self._fault(path, f"un objet est attendu pour cet élément ({_KINDS[level]}).")
            return {}
        node: dict[str, Any] = {}
        self._own(raw, path, node)
        needed, optional = _TEXTS[level]
        for name in (*needed, *optional):
            node[name] = self._text(raw.get(name, ""), path, name, needed=name in needed)
        if level == len(_CHILDREN):
            self._critere(raw, path, node)
        else:
            children = raw.get(_CHILDREN[level], [])
            if not isinstance(children, list):
                self._fault(path, f"une liste est attendue sous cet élément ({_KINDS[level]}).")
                children = []
            node[_CHILDREN[level]] = [self.node(child, (*path, rank)) for rank, child in enumerate(children)]
        node["lineage"] = self._lineage(raw.get("lineage"), path)
        if level == 0 and (equivalences := self._equivalences(raw.get("equivalences"), path)):
            node["equivalences"] = equivalences
        return node

    def _equivalences(self, raw: Any, path: Path) -> list[EquivalenceContent]:
        """The blocs of other versions this one is declared equivalent to, in their only order."""
        if raw is not None and not isinstance(raw, list):
            self._fault(path, "les équivalences sont une liste.")
            return []
        found = []
        for one in raw or []:
            code = one.get("rncp_code") if isinstance(one, Mapping) else None
            if (
                not (isinstance(code, str) and _CODE.fullmatch(code) and not INVISIBLE.search(code))
                or not _is_count(one.get("version"), MAX_NUMBER)
                or not _is_count(one.get("bloc"), MAX_NUMBER)
            ):
                self._fault(path, "une équivalence s’écrit « RNCP37431, version 1, bloc 2 », une par ligne.")
                return []
            found.append(EquivalenceContent(rncp_code=code, version=one["version"], bloc=one["bloc"]))
        if len(set(map(equivalence_order, found))) < len(found):
            self._fault(path, "la même équivalence y est deux fois.")
        return sorted(found, key=equivalence_order)

    def _own(self, raw: Mapping[str, Any], path: Path, node: dict[str, Any]) -> None:
        """The number of a bloc or of a CE, the code of an activité or of a compétence; each once."""
        level = len(path) - 1
        name = "code" if level in (1, 2) else "number"
        value = raw.get(name)
        if name == "number" and not _is_count(value, MAX_NUMBER):
            self._fault(path, f"le numéro du {_KINDS[level]} va de 1 à {MAX_NUMBER}.")
        elif name == "code" and not (isinstance(value, str) and _CODE.fullmatch(value) and not INVISIBLE.search(value)):
            self._fault(path, f"le code de l’élément ({_KINDS[level]}) a de 1 à 20 caractères, sans espace.")
        else:
            scope = path[:-1] if level == 3 else ()
            taken = f"« {value} » est déjà pris par {_ANOTHER[level]}"
            self._once((f"{_KINDS[level]} {scope}", value), path, taken)
        node[name] = value

    def _critere(self, raw: Mapping[str, Any], path: Path, node: dict[str, Any]) -> None:
        for name in ("is_oral", "mandatory"):
            node[name] = raw.get(name, False)
            if not isinstance(node[name], bool):
                self._fault(path, "« oral » et « obligatoire » valent oui ou non.")
        node["threshold"] = raw.get("threshold")
        if node["threshold"] is not None and not _is_count(node["threshold"], MAX_NUMBER):
            self._fault(path, f"le seuil à compter va de 1 à {MAX_NUMBER}, ou reste vide.")
        items = raw.get("sous_elements", [])
        if not isinstance(items, list):
            self._fault(path, "les sous-éléments sont une liste de textes.")
            items = []
        node["sous_elements"] = [self._text(item, path, "sous-élément", needed=True) for item in items]

    def _text(self, value: Any, path: Path, name: str, *, needed: bool) -> str:
        if not isinstance(value, str):
            self._fault(path, f"un texte est attendu ({_WORDS.get(name, name)}).")
            return ""
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        if needed and not text.strip():
            self._fault(path, f"ce texte ne peut pas rester vide ({_WORDS.get(name, name)}).")
        if len(text) > MAX_TEXT:
            self._fault(path, f"ce texte compte {len(text)} caractères ; le maximum est {MAX_TEXT}.")
        if INVISIBLE.search(text):
            self._fault(path, f"ce texte contient des caractères invisibles ({_WORDS.get(name, name)}).")
        return text

    def _lineage(self, value: Any, path: Path) -> str:
        if value in (None, ""):
            return ""
        try:
            lineage = str(UUID(value))
        except (TypeError, ValueError, AttributeError):
            self._fault(path, "l’identifiant n’en est pas un : laissez-le tel qu’exporté, ou videz-le.")
            return ""
        self._once(("lineage", lineage), path, "cet identifiant sert déjà plus haut : videz-le pour un nouvel élément")
        return lineage

    def _once(self, key: tuple[str, object], path: Path, message: str) -> None:
        if key in self.seen:
            self._fault(path, f"{message} (voir {self.seen[key]}).")
        else:
            self.seen[key] = self.place(path)

    def _fault(self, path: Path, message: str) -> None:
        self.faults.append(Fault(self.place(path), message))


_WORDS = {
    "title": "intitulé",
    "statement": "énoncé",
    "mise_en_situation": "mise en situation",
    "travail_demande": "travail demandé",
    "soutenance": "soutenance",
    "text": "texte",
    "rubrique": "rubrique",
}


def _is_count(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _is_plain(value: Any, depth: int = 0) -> bool:
    """What a database can hold as JSON: no endless number, no invisible character, no depth without end."""
    if isinstance(value, Mapping):
        return depth < 5 and all(_is_plain(each, depth + 1) for pair in value.items() for each in pair)
    if isinstance(value, list):
        return depth < 5 and all(_is_plain(each, depth + 1) for each in value)
    if isinstance(value, str):
        return len(value) <= MAX_TEXT and not INVISIBLE.search(value)
    return value is None or (isinstance(value, int | float) and abs(value) < 10**9)


def _certification(raw: Any) -> Iterator[Fault]:
    if not isinstance(raw, Mapping):
        yield Fault("Certification", "son code RNCP, son intitulé, son niveau et son certificateur sont attendus.")
        return
    for name, word, most in (
        ("rncp_code", "code RNCP", 20),
        ("title", "intitulé", 300),
        ("certifier", "certificateur", 200),
    ):
        value = raw.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > most or INVISIBLE.search(value):
            yield Fault("Certification", f"{word} : un texte de 1 à {most} caractères est attendu.")
    if not _is_count(raw.get("level"), 8):
        yield Fault("Certification", "le niveau va de 1 à 8.")


def _sections(raw: Any) -> Iterator[Fault]:
    if not isinstance(raw, list):
        yield Fault("Préambules", "une liste est attendue, vide s’il n’y en a pas.")
        return
    for rank, section in enumerate(raw, start=1):
        texts = [section.get(name) for name in ("title", "text")] if isinstance(section, Mapping) else [None]
        if not all(isinstance(text, str) and len(text) <= MAX_TEXT and not INVISIBLE.search(text) for text in texts):
            yield Fault(f"Préambule {rank}", f"un titre et un texte de {MAX_TEXT} caractères au plus sont attendus.")
        elif not str(texts[0]).strip():
            yield Fault(f"Préambule {rank}", "son titre est vide.")
