"""A file of any of the formats, told apart by what it begins with."""

from dataclasses import asdict, dataclass, field
from typing import Any

from referentiel.content import CertificationContent, Content
from referentiel.exchange import case_package, csv_file, json_file, rncp, workbook
from referentiel.exchange.faults import Unreadable, refuse
from referentiel.exchange.json_file import parsed


@dataclass(frozen=True)
class Reading:
    """What a file says. ``registration`` gives ``nsf`` and the three dates, as ISO days, when the format has them.

    ``tree_only`` when the format has no preamble and no règlement: those of the version it follows stay.
    """

    content: Content
    registration: dict[str, Any] = field(default_factory=dict)
    tree_only: bool = False


def read_file(data: bytes, *, name: str, certification: CertificationContent | None = None, fiche: str = "") -> Reading:
    """The content of the file ``name``; raises Unreadable, or SeveralFiches when ``fiche`` must be chosen."""
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if not start:
        raise refuse("ce fichier est vide.")
    if data.startswith(b"PK"):
        return Reading(workbook.read(data))
    if start == b"<" and not name.lower().endswith(".csv"):
        return reading_of(rncp.read(data, code=fiche))
    if start == b"{":
        return Reading(_json(data))
    if not name.lower().endswith((".csv", ".txt", ".tsv")):
        raise refuse("format non reconnu : XLSX, CSV, JSON, CASE ou XML du RNCP sont attendus.")
    if certification is None:
        raise refuse("un CSV ne contient que l’arbre : choisissez plus bas la certification à laquelle il appartient.")
    return Reading(csv_file.read(data, certification=certification), tree_only=True)


def reading_of(fiche: rncp.Fiche) -> Reading:
    told = asdict(fiche)
    dates = {name: told[name].isoformat() for name in ("decided_on", "ends_on", "delivery_limit_on") if told[name]}
    return Reading(fiche.content, {"nsf": fiche.nsf, **dates})


def fiches_of(data: bytes) -> list[dict[str, Any]]:
    """Each fiche of a file that holds several: its number, its title, and its reading or why it has none."""
    fiches: list[dict[str, Any]] = []
    for code, title, found in rncp.read_each(data):
        told: dict[str, Any] = {"code": code, "title": title}
        if isinstance(found, Unreadable):
            told["refused"] = str(found)
        else:
            reading = reading_of(found)
            told |= {"content": reading.content, "registration": reading.registration}
        fiches.append(told)
    return fiches


def _json(data: bytes) -> Content:
    found = parsed(data)
    return case_package.read(data) if isinstance(found, dict) and "CFDocument" in found else json_file.read(data)
