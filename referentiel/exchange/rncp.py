"""One fiche of the France compétences open data (RNCP, XML format V4.1): title, blocs, dates, predecessor, successor.

A fiche lists the compétences of a bloc as free text, and no CE: they are kept, word for word, as the preambles from
which a person writes the tree.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from referentiel.content import Content
from referentiel.exchange.checking import checked
from referentiel.exchange.faults import Unreadable, refuse

MAX_FICHES = 10_000
_LEVEL = re.compile(r"NIV([1-8])")


@dataclass(frozen=True)
class Fiche:
    """``decided_on`` is the decision's date or, for an « enregistrement de droit », the date it takes effect."""

    content: Content
    nsf: str
    decided_on: date | None
    ends_on: date | None
    delivery_limit_on: date | None
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]


class SeveralFiches(Exception):  # noqa: N818  # not an error: a question
    """The file holds several fiches and none was named; ``codes`` are their numbers and titles."""

    def __init__(self, codes: list[tuple[str, str]]) -> None:
        super().__init__(f"{len(codes)} fiches")
        self.codes = codes


def read(data: bytes, *, code: str = "") -> Fiche:
    """The fiche ``code``, or the only one; raises Unreadable or SeveralFiches."""
    fiches = _fiches(data)
    if not code and len(fiches) > 1:
        raise SeveralFiches([(_text(fiche, "NUMERO_FICHE"), _text(fiche, "INTITULE")) for fiche in fiches])
    found = [fiche for fiche in fiches if not code or _text(fiche, "NUMERO_FICHE") == code]
    if not found:
        raise refuse(f"la fiche {code} n’est pas dans ce fichier.")
    return _fiche(found[0])


def read_each(data: bytes) -> Iterator[tuple[str, str, Fiche | Unreadable]]:
    """Number, title, and either the fiche or why it cannot be read, in the order of the file."""
    for found in _fiches(data):
        try:
            fiche: Fiche | Unreadable = _fiche(found)
        except Unreadable as unreadable:
            fiche = unreadable
        yield _text(found, "NUMERO_FICHE"), _line(_text(found, "INTITULE")), fiche


def _fiches(data: bytes) -> list[Element]:
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise refuse("ce XML déclare des entités ou un type de document : il n’est pas lu.") from error
    except (ParseError, ValueError, LookupError) as error:
        line, column = getattr(error, "position", (1, 0))
        raise refuse("le XML est mal formé.", f"Ligne {line}, colonne {column + 1}") from error
    fiches: list[Element] = [root] if root.tag == "FICHE" else root.findall("FICHE")
    if not fiches or len(fiches) > MAX_FICHES:
        raise refuse("ce fichier ne contient aucune fiche RNCP (élément FICHE).")
    return fiches


def _fiche(fiche: Element) -> Fiche:
    code = _text(fiche, "NUMERO_FICHE")
    level = _LEVEL.fullmatch(_text(fiche, "NOMENCLATURE_EUROPE/NIVEAU"))
    blocs = fiche.findall("BLOCS_COMPETENCES/BLOC_COMPETENCES")
    before, after = (
        tuple(dict.fromkeys(found.text or "" for found in fiche.iter(f"ID_FICHE_{which}_CERTIFICATION")))
        for which in ("ANCIENNE", "NOUVELLE")
    )
    raw = {
        "certification": {
            "rncp_code": code,
            "title": _line(_text(fiche, "INTITULE")),
            "level": int(level[1]) if level else None,
            "certifier": _certifiers(fiche),
        },
        "version": 1,
        "predecessor": None,
        "sections": [
            *_lineage_section(before, after),
            *(_bloc_section(rank, bloc) for rank, bloc in enumerate(blocs, 1)),
        ],
        "reglement": None,
        "blocs": [_bloc(rank, bloc) for rank, bloc in enumerate(blocs, start=1)],
    }
    content = checked(raw, place=lambda path: f"Fiche {code}, bloc {path[0] + 1}")
    dates = {name: _date(fiche, name, code) for name in _DATES}
    return Fiche(
        content,
        ", ".join(dict.fromkeys(found.findtext("CODE", "").strip() for found in fiche.findall("CODES_NSF/NSF")))[:100],
        dates["DATE_DECISION"] or dates["DATE_EFFET"],
        dates["DATE_FIN_ENREGISTREMENT"],
        dates["DATE_LIMITE_DELIVRANCE"],
        before,
        after,
    )


_DATES = ("DATE_DECISION", "DATE_EFFET", "DATE_FIN_ENREGISTREMENT", "DATE_LIMITE_DELIVRANCE")


def _certifiers(fiche: Element) -> str:
    """Every certificateur, as long as they fit on the documents; each once."""
    names = dict.fromkeys(_line(found.text or "") for found in fiche.iter("NOM_CERTIFICATEUR"))
    told = ", ".join(name for name in names if name)
    return told if len(told) <= 200 else f"{told[:199].rstrip(' ,')}…"


def _bloc(rank: int, bloc: Element) -> dict[str, Any]:
    return {"number": rank, "title": _line(_text(bloc, "LIBELLE")), "activites": [], "lineage": ""}


def _bloc_section(rank: int, bloc: Element) -> dict[str, str]:
    parts = (
        ("Compétences", _text(bloc, "LISTE_COMPETENCES")),
        ("Modalités d’évaluation", _text(bloc, "MODALITES_EVALUATION")),
    )
    text = "\n\n".join(f"{title}\n{words}" for title, words in parts if words)
    return {"title": f"Bloc {rank} ({_text(bloc, 'CODE')}), texte de la fiche", "text": text}


def _lineage_section(before: tuple[str, ...], after: tuple[str, ...]) -> list[dict[str, str]]:
    told = [f"Remplace : {', '.join(before)}."] if before else []
    told += [f"Remplacée par : {', '.join(after)}."] if after else []
    return [{"title": "Filiation de la certification", "text": "\n".join(told)}] if told else []


def _date(fiche: Element, name: str, code: str) -> date | None:
    text = _text(fiche, name)
    try:
        return datetime.strptime(text, "%d/%m/%Y").date() if text else None  # noqa: DTZ007  # a day, not an instant
    except ValueError as error:
        raise refuse(f"la date « {text[:40]} » n’est pas de la forme JJ/MM/AAAA.", f"Fiche {code}, {name}") from error


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _line(text: str) -> str:
    return " ".join(text.split())
