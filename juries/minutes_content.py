"""The frozen content of a procès-verbal (R-JUR-5): what one session decided, as plain JSON, and how it is said.

Written once when the session closes, hashed, stored and never recomputed; the PDF is rendered from it alone. No health
data: a measure is a label, a recusal is a person and a kind of link.
"""

from dataclasses import dataclass
from typing import NotRequired, TypedDict

from juries.content import AccommodationContent, CertificationContent, ReferentielContent

SCHEMA = "parchemin.minutes/5"


class SittingContent(TypedDict):
    """The session: its name, its place and its hours (ISO 8601, Europe/Paris)."""

    name: str
    place: str
    held_at: str
    opened_at: str
    closed_at: str


class MemberContent(TypedDict):
    """Who sat: ``present`` when the session closed; ``movements`` tell at what hour they came or left meanwhile."""

    full_name: str
    capacity: str
    presides: bool
    substitute: bool
    present: bool
    movements: list[str]


class RecusalContent(TypedDict):
    """A member who stood back for this candidate, and why (R-JUR-2); the rounds they had voted in before, set aside."""

    member: str
    reason: str
    rounds: list[int]


class BallotContent(TypedDict):
    """One round of voting: its count in words, who voted what unless it was secret, what it decided ("" nothing).

    ``settled`` says that the votes were equal and that of who presided for this candidate decided; False in a content
    older than schema 4, which lacks it.
    """

    number: int
    secret: bool
    tally: str
    votes: list[str]
    result: str
    settled: NotRequired[bool]


class NotedContent(TypedDict):
    """An incident of the session, in the words of who presided (R-JUR-5); ``about`` is the candidate then before it."""

    at: str
    about: str
    text: str


class DecidedBlocContent(TypedDict):
    number: int
    title: str
    acknowledged: bool


class DecidedContent(TypedDict):
    """One candidate: what the jury judged on, what was proposed, what it decided.

    ``presided_by`` is who presided in the place of a president recused, "" when the president did; ``referred`` says
    that nobody present could judge. ``incidents`` are those of the soutenances, as sentences. ``ballots`` is empty when
    the jury decided by consensus; ``supersedes`` says which decision this one replaces and why, "" for a first one.
    ``postpones`` says which one stays in force because its re-examination is adjourned; contents older than schema 5
    lack it.
    ``hearing`` says at what hour the candidate was to be heard and whether they were, "" when the jury deliberated on
    the dossier alone; in schema 4 it says the hour alone, and an older content lacks it.
    """

    full_name: str
    birth_date: str
    number: str
    voie_acces: str
    dossier_revision: int
    dossier_fingerprint: str
    accommodations: list[AccommodationContent]
    proposed: str
    outcome: str
    outcome_label: str
    motive: str
    blocs: list[DecidedBlocContent]
    incidents: list[str]
    presided_by: str
    referred: bool
    recusals: list[RecusalContent]
    ballots: list[BallotContent]
    supersedes: str
    postpones: NotRequired[str]
    hearing: NotRequired[str]


class AnchorContent(TypedDict):
    """The journal entry that closed the session: its number and its hash."""

    sequence: int
    hash: str


class MinutesContent(TypedDict):
    schema: str
    certification: CertificationContent
    referentiel: ReferentielContent
    reglement: list[str]
    session: SittingContent
    members: list[MemberContent]
    incidents: list[NotedContent]
    candidates: list[DecidedContent]
    journal: AnchorContent


@dataclass(frozen=True)
class OutcomeCount:
    """How many candidates received each outcome, for the first page."""

    label: str
    count: int


def outcome_counts(content: MinutesContent) -> list[OutcomeCount]:
    """In the order they first occur; their sum is the number of candidates."""
    counts: dict[str, int] = {}
    for candidate in content["candidates"]:
        counts[candidate["outcome_label"]] = counts.get(candidate["outcome_label"], 0) + 1
    return [OutcomeCount(label, count) for label, count in counts.items()]
