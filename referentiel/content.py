"""The canonical content of a version: what publication freezes, as plain data, and its fingerprint (R-REF-1).

The order of a list is the order of the document. Nothing of the database shows: no key, no position, no date.
"""

from typing import Any, NotRequired, TypedDict

from core.fingerprints import canonical_json, sha256_hex


class CertificationContent(TypedDict):
    rncp_code: str
    title: str
    level: int
    certifier: str


class SectionContent(TypedDict):
    title: str
    text: str


class CritereContent(TypedDict):
    number: int
    rubrique: str
    text: str
    is_oral: bool
    mandatory: bool
    threshold: int | None
    sous_elements: list[str]
    lineage: str


class CompetenceContent(TypedDict):
    code: str
    statement: str
    mise_en_situation: str
    travail_demande: str
    soutenance: str
    criteres: list[CritereContent]
    lineage: str


class ActiviteContent(TypedDict):
    code: str
    title: str
    competences: list[CompetenceContent]
    lineage: str


class EquivalenceContent(TypedDict):
    """A bloc of another version, as people cite it."""

    rncp_code: str
    version: int
    bloc: int


class BlocContent(TypedDict):
    """``equivalences`` is absent when none is declared, so that a content of before them keeps its fingerprint."""

    number: int
    title: str
    activites: list[ActiviteContent]
    lineage: str
    equivalences: NotRequired[list[EquivalenceContent]]


class Content(TypedDict):
    certification: CertificationContent
    version: int
    predecessor: int | None
    sections: list[SectionContent]
    reglement: dict[str, Any] | None
    blocs: list[BlocContent]


def fingerprint_of(content: Content) -> str:
    """The SHA-256 of the content's only JSON text."""
    return sha256_hex(canonical_json(content))


def told_equivalence(equivalence: EquivalenceContent) -> str:
    """« RNCP37431, version 1, bloc 2 »: in a file, and for people."""
    return f"{equivalence['rncp_code']}, version {equivalence['version']}, bloc {equivalence['bloc']}"


def equivalence_order(equivalence: EquivalenceContent) -> tuple[str, int, int]:
    """The canonical order of the equivalences of a bloc."""
    return equivalence["rncp_code"], equivalence["version"], equivalence["bloc"]


def anchor(kind: str, key: object, number: int | None = None) -> str:
    """Where a node stands in a page: « bloc-1 », « activite-A1.1 », « C1.1 », « C1.1-CE3 »."""
    word = "-".join(str(key).split())
    if kind == "competence":
        return word
    return f"{word}-CE{number}" if kind == "critere" else f"{kind}-{word}"
