"""A difference as people read it: by bloc, in words, with what did not change folded. Pure (R-REF-2)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from referentiel.content import Content
from referentiel.difference import Change, Kind, Piece, TextChange, difference, tally

CONTEXT = 12  # words of unchanged text kept on each side of a change
FOLDED = " […] "


@dataclass(frozen=True)
class KindWord:
    """How a kind of change is shown: ``tone`` and ``icon`` go with the word, never without it."""

    kind: str
    word: str
    plural: str
    tone: str
    icon: str


KIND_WORDS = {
    Kind.ADDED: KindWord("added", "Ajouté", "ajouts", "success", "plus"),
    Kind.REMOVED: KindWord("removed", "Supprimé", "suppressions", "danger", "trash"),
    Kind.REWORDED: KindWord("reworded", "Reformulé", "reformulations", "info", "edit"),
    Kind.MOVED: KindWord("moved", "Déplacé", "déplacements", "waiting", "move"),
    Kind.RENUMBERED: KindWord("renumbered", "Renuméroté", "renumérotations", "neutral", "list"),
}
LEVELS = {
    "certification": "Certification",
    "reglement": "Règlement",
    "section": "Préambule",
    "bloc": "Bloc",
    "activite": "Activité",
    "competence": "Compétence",
    "critere": "Critère d’évaluation",
}
FIELDS = {
    "title": "Intitulé",
    "equivalences": "Blocs équivalents déclarés",
    "text": "Texte",
    "statement": "Énoncé",
    "mise_en_situation": "Mise en situation",
    "travail_demande": "Travail demandé",
    "soutenance": "Soutenance",
    "rubrique": "Rubrique",
    "sous_elements": "Sous-éléments",
    "threshold": "Seuil à compter",
    "mandatory": "Obligatoire",
    "is_oral": "Présentation orale",
    "rncp_code": "Code RNCP",
    "level": "Niveau",
    "certifier": "Certificateur",
    "criteres_percent": "CE acquis pour une compétence (%)",
    "competences_percent": "Compétences acquises pour un bloc (%)",
    "motive_required": "Commentaire obligatoire sur « non acquis »",
    "phases": "Phases d’une soutenance (minutes)",
    "attempts_allowed": "Présentations permises par compétence",
    "appeal_months": "Délai de recours (mois)",
    "retention_years": "Conservation des dossiers (années)",
    "jury_minimum": "Membres de jury, au moins",
    "jury_external_percent": "Part de membres extérieurs (%)",
    "jury_quorum_percent": "Quorum (%)",
    "jury_vae_minimum": "Membres de jury en VAE, au moins",
    "jury_vae_external_percent": "Membres extérieurs en VAE (%)",
    "vote_secret": "Votes secrets",
}
_OWN_TEXT = {"title", "text", "statement"}
_HEAD, _FRONT = "head", "front"


@dataclass(frozen=True)
class Field:
    """One text that changed; ``label`` is empty when the node has only that one."""

    label: str
    change: TextChange

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(folded(self.change.pieces))


@dataclass(frozen=True)
class Line:
    """One node that changed, ready to read."""

    name: str
    level: str
    words: tuple[KindWord, ...]
    fields: tuple[Field, ...]
    before: str
    after: str
    moved_from: str
    moved_to: str

    @property
    def is_renamed(self) -> bool:
        return bool(self.before and self.after and self.before != self.after)

    @property
    def kinds(self) -> str:
        """For a filter: the kinds, separated by spaces."""
        return " ".join(word.kind for word in self.words)


@dataclass(frozen=True)
class Group:
    """What changed in one bloc, in the preambles, or in the identity and the règlement."""

    key: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Count:
    word: KindWord
    number: int


@dataclass(frozen=True)
class Comparison:
    groups: tuple[Group, ...]
    counts: tuple[Count, ...] = field(default=())

    @property
    def total(self) -> int:
        return sum(len(group.lines) for group in self.groups)


def compared(old: Content, new: Content) -> Comparison:
    """Every change from ``old`` to ``new``, grouped by bloc in the order of the newer document."""
    changes = difference(old, new)
    titles = _titles(old) | _titles(new)
    order = dict.fromkeys([_HEAD, _FRONT, *_titles(new), *_titles(old)])
    rank = {key: at for at, key in enumerate(order)}
    by_group = sorted(changes, key=lambda change: rank[_group_of(change)])
    groups = [Group(key, titles[key], tuple(map(_line, found))) for key, found in groupby(by_group, key=_group_of)]
    counted = tally(changes)
    counts = tuple(Count(word, counted[kind]) for kind, word in KIND_WORDS.items() if counted[kind])
    return Comparison(tuple(groups), counts)


def _titles(content: Content) -> dict[str, str]:
    blocs = {bloc["lineage"]: f"Bloc {bloc['number']} – {bloc['title']}" for bloc in content["blocs"]}
    return {_HEAD: "Certification et règlement", _FRONT: "Préambules", **blocs}


def _group_of(change: Change) -> str:
    if change.level in ("certification", "reglement"):
        return _HEAD
    return change.bloc or _FRONT


def _line(change: Change) -> Line:
    words = tuple(word for kind, word in KIND_WORDS.items() if kind in change.kinds)
    whole = bool(change.kinds & {Kind.ADDED, Kind.REMOVED})
    return Line(
        change.name,
        LEVELS[change.level],
        words,
        tuple(_fields(change.texts, whole=whole)),
        change.before,
        change.after,
        change.moved_from,
        change.moved_to,
    )


def _fields(texts: Iterable[TextChange], *, whole: bool) -> Iterator[Field]:
    """``whole`` when the node itself came or went: what it leaves at its default is not worth a line."""
    for text in texts:
        if whole and text.name in ("mandatory", "is_oral") and (text.old or text.new) == "non":
            continue
        label = "" if text.name in _OWN_TEXT else FIELDS.get(text.name, text.name)
        yield Field(label, text)


def folded(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces, long unchanged runs reduced to the words beside a change."""
    last = len(pieces) - 1
    for at, piece in enumerate(pieces):
        if not (piece.is_old and piece.is_new):
            yield piece
            continue
        words = piece.text.split(" ")
        if len(words) <= 3 * CONTEXT:
            yield piece
            continue
        head = " ".join(words[:CONTEXT]) if at else ""
        tail = " ".join(words[-CONTEXT:]) if at < last else ""
        yield Piece(f"{head}{FOLDED}{tail}", is_old=True, is_new=True)
