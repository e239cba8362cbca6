"""The dossier as its pages read it: words, tallies and anchors, computed from the frozen content alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import shorten

from core.printable import printable
from juries.content import (
    ActiviteContent,
    BlocContent,
    CompetenceContent,
    CritereContent,
    DossierContent,
    OutcomeValue,
    VerdictValue,
)

OUTCOMES: dict[OutcomeValue, str] = {
    "certified": "Certification proposée",
    "partial": "Validation partielle",
    "refused": "Refus",
    "adjourned": "Ajournement",
}
LONG_TEXT = 900  # Characters above which a CE may be cut between two pages: unbroken it would leave half of one empty.
COVER_REASONS = 4
SPELLED_OUT = 24  # CE non acquis above which the summary gives their numbers only; their text is a page away.
RUNNING_NAME, RUNNING_TITLE = 48, 84
NO_BREAK = "\u00a0"
FIGURE_SPACE = "\u2007"
NUMBER_PLACES = 6
LABEL_GAP = FIGURE_SPACE * 4 + "\u00a0\u202f"  # All adds up to the 90 pt of the stylesheet's gutter.


@dataclass(frozen=True, slots=True)
class Word:
    """A state as it is printed: a sign and a word, so that colour is never alone."""

    css: str
    sign: str
    word: str


VERDICTS: dict[VerdictValue | None, Word] = {
    "acquis": Word("ok", "✓", "Acquis"),
    "non_acquis": Word("ko", "×", "Non acquis"),
    None: Word("na", "–", "Non évalué"),
}
RECOGNISED = Word("ok", "✓", "Reconnu")
COMPETENCE_WORDS = {
    "ok": Word("ok", "✓", "Acquise"),
    "ko": Word("ko", "×", "Non acquise"),
    "na": Word("na", "–", "Non évaluée"),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many CE were judged which way."""

    acquis: int
    non_acquis: int
    unjudged: int

    @classmethod
    def of(cls, criteres: list[CritereContent]) -> "Tally":
        """Count the verdicts of ``criteres``."""
        verdicts = [critere["verdict"] for critere in criteres]
        return cls(verdicts.count("acquis"), verdicts.count("non_acquis"), verdicts.count(None))

    @property
    def total(self) -> int:
        return self.acquis + self.non_acquis + self.unjudged

    @property
    def sentence(self) -> str:
        """Say « 51 CE acquis, 6 non acquis, 1 non évalué », without the zeros."""
        parts = [f"{self.acquis} CE acquis sur {self.total}"]
        if self.non_acquis:
            parts.append(f"{self.non_acquis} non acquis")
        if self.unjudged:
            parts.append(f"{self.unjudged} non évalué{plural(self.unjudged)}")
        return ", ".join(part.replace(" ", NO_BREAK) for part in parts)


@dataclass(frozen=True, slots=True)
class CritereView:
    """A CE, its verdict, and the rubrique it opens if any. ``is_long``: it may be cut between two pages."""

    content: CritereContent
    verdict: Word
    rubrique: str
    is_long: bool

    @property
    def label(self) -> str:
        """Say « CE4   ✓ Acquis   » at a constant width: figure spaces are as wide as digits.

        In one text with the CE, it costs a tenth of a dossier less than in an element of its own.
        """
        number = f"CE{self.content['number']}".ljust(NUMBER_PLACES, FIGURE_SPACE)
        return f"{number}{self.verdict.sign} {self.verdict.word}{LABEL_GAP}"


@dataclass(frozen=True, slots=True)
class CompetenceView:
    content: CompetenceContent
    anchor: str
    state: Word
    tally: Tally
    criteres: list[CritereView]

    @property
    def points(self) -> list[CritereView]:
        """The CE the jury is asked to look at: judged non acquis."""
        return [critere for critere in self.criteres if critere.content["verdict"] == "non_acquis"]

    @property
    def unjudged(self) -> str:
        """Say which CE were never judged: « CE4, CE5 »."""
        return ", ".join(f"CE{c.content['number']}" for c in self.criteres if c.content["verdict"] is None)


@dataclass(frozen=True, slots=True)
class ActiviteView:
    content: ActiviteContent
    anchor: str
    competences: list[CompetenceView]


@dataclass(frozen=True, slots=True)
class BlocView:
    content: BlocContent
    anchor: str
    state: Word
    tally: Tally
    running_title: str
    activites: list[ActiviteView]

    @property
    def competences(self) -> list[CompetenceView]:
        return [competence for activite in self.activites for competence in activite.competences]

    @property
    def is_recognised(self) -> bool:
        return "recognised" in self.content

    @property
    def said(self) -> str:
        """Say how its CE were judged, or that it was recognised: then none was, here."""
        return "reconnu par équivalence" if self.is_recognised else self.tally.sentence


@dataclass(frozen=True, slots=True)
class DossierView:
    """Everything the templates need, already counted and worded."""

    content: DossierContent
    outcome: str
    tally: Tally
    blocs: list[BlocView]

    @property
    def competences(self) -> list[CompetenceView]:
        return [competence for bloc in self.blocs for competence in bloc.competences]

    @property
    def recognised(self) -> list[BlocView]:
        """The blocs acquired on another version (R-CAN-1)."""
        return [bloc for bloc in self.blocs if bloc.is_recognised]

    @property
    def running_name(self) -> str:
        """The candidate's name where a page's header has room for it."""
        return shorten(self.content["candidate"]["full_name"], RUNNING_NAME, placeholder="…")

    @property
    def cover_reasons(self) -> list[str]:
        """The reasons the cover has room for."""
        return self.content["proposal"]["reasons"][:COVER_REASONS]

    @property
    def other_reasons(self) -> int:
        """How many reasons are left to the summary."""
        return max(0, len(self.content["proposal"]["reasons"]) - COVER_REASONS)

    @property
    def to_examine(self) -> list[CompetenceView]:
        """The compétences with a CE non acquis or never judged."""
        return [c for c in self.competences if c.tally.acquis < c.tally.total]

    @property
    def spells_out(self) -> bool:
        """Whether the summary can afford the text of each CE non acquis."""
        return self.tally.non_acquis <= SPELLED_OUT


def plural(number: int) -> str:
    """Return the French mark of the plural."""
    return "s" if number > 1 else ""


def view_of(content: DossierContent) -> DossierView:
    """Return ``content`` as its pages read it."""
    clean: DossierContent = printable_content(content)  # type: ignore[assignment]
    blocs = [_bloc(bloc) for bloc in clean["blocs"]]
    tally = Tally.of([critere for bloc in clean["blocs"] for critere in _criteres(bloc)])
    return DossierView(clean, OUTCOMES[clean["proposal"]["outcome"]], tally, blocs)


def printable_content(value: object) -> object:
    """Return the same JSON value with every text made printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [printable_content(item) for item in value]
    if isinstance(value, dict):
        return {key: printable_content(item) for key, item in value.items()}
    return value


def _criteres(bloc: BlocContent) -> Iterator[CritereContent]:
    for activite in bloc["activites"]:
        for competence in activite["competences"]:
            yield from competence["criteres"]


def _bloc(bloc: BlocContent) -> BlocView:
    anchor = f"b{bloc['number']}"
    tally = Tally.of(list(_criteres(bloc)))
    state = VERDICTS["acquis" if bloc["acquired"] else "non_acquis"]
    if "recognised" in bloc:
        state = RECOGNISED
    if not bloc["acquired"] and tally.unjudged == tally.total:
        state = VERDICTS[None]
    running_title = shorten(f"Bloc {bloc['number']} – {bloc['title']}", RUNNING_TITLE, placeholder="…")
    activites = [_activite(activite, f"{anchor}a{index}") for index, activite in enumerate(bloc["activites"])]
    return BlocView(bloc, anchor, state, tally, running_title, activites)


def _activite(activite: ActiviteContent, anchor: str) -> ActiviteView:
    competences = [
        _competence(competence, f"{anchor}c{index}") for index, competence in enumerate(activite["competences"])
    ]
    return ActiviteView(activite, anchor, competences)


def _competence(competence: CompetenceContent, anchor: str) -> CompetenceView:
    tally = Tally.of(competence["criteres"])
    if competence["acquired"]:
        state = COMPETENCE_WORDS["ok"]
    else:
        state = COMPETENCE_WORDS["na" if tally.unjudged == tally.total else "ko"]
    criteres = list(_with_rubriques(competence["criteres"]))
    return CompetenceView(competence, anchor, state, tally, criteres)


def _with_rubriques(criteres: list[CritereContent]) -> Iterator[CritereView]:
    """Give each CE its rubrique only where a new one begins."""
    current = ""
    for critere in criteres:
        rubrique = critere["rubrique"] if critere["rubrique"] != current else ""
        current = critere["rubrique"]
        length = sum(
            len(str(critere.get(key, ""))) for key in ("text", "comment", "private_note", "questions", "settlement")
        )
        yield CritereView(critere, VERDICTS[critere["verdict"]], rubrique, length > LONG_TEXT)
