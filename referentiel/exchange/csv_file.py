"""The flat table as CSV: the tree alone, for a certification that exists or is named when the file is sent."""

import csv
import io
from typing import Any

from referentiel.content import CertificationContent, Content
from referentiel.exchange.checking import checked
from referentiel.exchange.faults import raise_if_any, refuse
from referentiel.exchange.table import TreeReader, columns_of, rows_of

_FORMULA = ("=", "+", "-", "@", "\t", "'")


def write(content: Content) -> bytes:
    """UTF-8 with its mark, semicolons: what a French spreadsheet opens as it is. No cell can be taken for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.title for column in columns_of(content)])
    writer.writerows([_neutral(cell) for cell in row] for row in rows_of(content))
    return out.getvalue().encode("utf-8-sig")


def read(data: bytes, *, certification: CertificationContent) -> Content:
    """The tree under ``certification``; raises Unreadable with the lines at fault."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "l’encodage n’est pas UTF-8. Dans le tableur, enregistrez en « CSV UTF-8 »."
        raise refuse(message, f"Octet {error.start}") from error
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = next(lines, [])
        reader = TreeReader(header, place="Fichier")
        for cells in lines:
            reader.read(lines.line_num, [_plain(cell) for cell in cells])
    except csv.Error as error:
        raise refuse(
            "les guillemets ou les séparateurs sont mal formés.", f"Fichier, ligne {lines.line_num}"
        ) from error
    raise_if_any(reader.faults)
    raw = {
        "certification": certification,
        "version": 1,
        "predecessor": None,
        "sections": [],
        "reglement": None,
        "blocs": reader.blocs,
    }
    return checked(raw, place=reader.where)


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(";,\t", key=first.count)


def _neutral(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
