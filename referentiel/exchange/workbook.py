"""The référentiel as an XLSX workbook: the flat table, the certification, the preambles, the règlement."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from referentiel.content import Content
from referentiel.exchange.checking import checked
from referentiel.exchange.faults import Unreadable, raise_if_any, refuse
from referentiel.exchange.table import COLUMNS, EQUIVALENCES, MAX_LINES, TreeReader, blank, columns_of, rows_of

TREE, CERTIFICATION, SECTIONS, REGLEMENT, HELP = (
    "Référentiel",
    "Certification",
    "Préambules",
    "Règlement",
    "Mode d’emploi",
)
_HEAD = (
    ("rncp_code", "Code RNCP"),
    ("title", "Intitulé"),
    ("level", "Niveau"),
    ("certifier", "Certificateur"),
    ("version", "Version"),
    ("predecessor", "Version précédente"),
)
_SHEETS = (
    [f"Feuille « {TREE} »", "oui", "Une ligne par critère d’évaluation, dans l’ordre du document."],
    [
        f"Feuille « {CERTIFICATION} »",
        "oui",
        "Le titre tel qu’il est enregistré. Une certification connue n’est pas changée.",
    ],
    [f"Feuille « {SECTIONS} »", "", "Les textes d’avant les blocs : conditions d’octroi, handicap… Un par ligne."],
    [f"Feuille « {REGLEMENT} »", "", "Absente, le règlement est celui de la version précédente, ou celui par défaut."],
    [f"Feuille « {HELP} »", "", "N’est pas lue."],
)
MAX_ENTRIES, MAX_UNPACKED, MAX_RATIO = 200, 80_000_000, 200
_WIDE = {"title", "statement", "mise_en_situation", "travail_demande", "soutenance", "text", "sous_elements"}


def write(content: Content) -> bytes:
    """Every text is a text, even one that begins with an equals sign."""
    book = Workbook(write_only=True)
    columns = columns_of(content)
    widths = [48 if column.name in _WIDE else 14 for column in columns]
    _sheet(book, TREE, [column.title for column in columns], rows_of(content), widths)
    head = {**content["certification"], "version": content["version"], "predecessor": content["predecessor"]}
    _sheet(book, CERTIFICATION, ["Donnée", "Valeur"], ([title, head[name]] for name, title in _HEAD), [24, 80])
    sections = ([section["title"], section["text"]] for section in content["sections"])
    _sheet(book, SECTIONS, ["Titre", "Texte"], sections, [48, 120])
    if content["reglement"] is not None:
        settings = ([name, _setting(value)] for name, value in content["reglement"].items())
        _sheet(book, REGLEMENT, ["Réglage", "Valeur"], settings, [32, 80])
    meanings = [[column.title, "oui" if column.needed else "", column.meaning] for column in (*COLUMNS, EQUIVALENCES)]
    _sheet(book, HELP, ["Colonne ou feuille", "Nécessaire", "Ce qu’on y écrit"], [*meanings, *_SHEETS], [32, 14, 90])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Any, title: str, header: Sequence[str], rows: Any, widths: Sequence[int]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.append([_head_cell(sheet, text) for text in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _head_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", start_color="16233F")
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    cell = WriteOnlyCell(sheet, value=None if value == "" else value)
    if isinstance(value, str) and value:
        cell.data_type = "s"  # never a formula
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _setting(value: Any) -> Any:
    return value if isinstance(value, int) and not isinstance(value, bool) else json.dumps(value, ensure_ascii=False)


def read(data: bytes) -> Content:
    """The content of a workbook; raises Unreadable with the sheets and lines at fault."""
    _refuse_traps(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        return _content({sheet.title: sheet for sheet in book.worksheets})
    except Unreadable:
        raise
    except Exception as error:  # what a reader of damaged zips and XML raises has no common name
        raise refuse("ce classeur est abîmé : ouvrez-le dans le tableur et enregistrez-le de nouveau.") from error


def _content(sheets: dict[str, Any]) -> Content:
    if TREE not in sheets:
        raise refuse(f"la feuille « {TREE} » manque. Partez du modèle à télécharger.")
    head = dict(_pairs(sheets, CERTIFICATION))
    reader = _tree(sheets[TREE])
    raise_if_any(reader.faults)
    raw = {
        "certification": {name: head.get(title.lower()) for name, title in _HEAD[:4]},
        "version": head.get("version", 1),
        "predecessor": head.get("version précédente"),
        "sections": [
            {"title": _text(title), "text": _text(text)}
            for _, (title, text) in _lines(sheets.get(SECTIONS), SECTIONS, width=2)
        ],
        "reglement": _reglement(sheets),
        "blocs": reader.blocs,
    }
    raw["certification"] = {name: _text(v) if name != "level" else v for name, v in raw["certification"].items()}
    return checked(raw, place=reader.where)


def _tree(sheet: Any) -> TreeReader:
    lines = _lines(sheet, TREE, first=1)
    reader = TreeReader(next(lines, (1, []))[1], place=TREE)
    for number, cells in lines:
        reader.read(number, cells)
    return reader


def _pairs(sheets: dict[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    for _, (key, value) in _lines(sheets.get(name), name, width=2):
        yield _text(key).strip().lower(), value


def _reglement(sheets: dict[str, Any]) -> dict[str, Any] | None:
    if REGLEMENT not in sheets:
        return None
    settings: dict[str, Any] = {}
    for number, (name, value) in _lines(sheets[REGLEMENT], REGLEMENT, width=2):
        try:
            settings[_text(name).strip()] = _setting_read(value)
        except (ValueError, RecursionError) as error:
            message = "une valeur entre guillemets, un nombre, true, false ou null est attendu."
            raise refuse(message, f"{REGLEMENT}, ligne {number}") from error
    return settings


def _setting_read(value: Any) -> Any:
    """Back from :func:`_setting`; some spreadsheets write every number with a decimal point."""
    if isinstance(value, str):
        return json.loads(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _lines(sheet: Any, name: str, *, first: int = 2, width: int = 0) -> Iterator[tuple[int, Any]]:
    """Number and values of the lines that say something; raises Unreadable at a formula or past the limit."""
    if not hasattr(sheet, "iter_rows"):  # absent, or a chart
        return
    for number, cells in enumerate(sheet.iter_rows(min_row=first, max_col=60), start=first):
        if number > MAX_LINES:
            raise refuse(f"plus de {MAX_LINES} lignes : ce fichier n’est pas un référentiel.", name)
        values = [_value(cell, name, number) for cell in cells]
        if not blank(values):
            yield number, (values + [None] * width)[:width] if width else values


def _value(cell: Any, name: str, number: int) -> Any:
    if getattr(cell, "data_type", "") in ("f", "e"):
        place = f"{name}, ligne {number}, cellule {cell.coordinate}"
        raise refuse("une formule ou une erreur : collez sa valeur à la place.", place)
    value = cell.value
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def _refuse_traps(data: bytes) -> None:
    """A workbook is a zip of XML: refuse one that would unpack without end, or that declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            is_endless = _is_endless(archive.infolist(), len(data))
            parts = [] if is_endless else [archive.read(entry) for entry in archive.infolist()]
    except Exception as error:  # zipfile and zlib have no common name for a damaged archive
        raise refuse("ce n’est pas un classeur XLSX. Dans le tableur, enregistrez au format XLSX.") from error
    if is_endless:
        raise refuse("ce classeur se déplie au-delà du raisonnable : il n’est pas lu.")
    if any(b"<!DOCTYPE" in part or b"<!ENTITY" in part for part in parts):
        raise refuse("ce classeur déclare des entités XML : il n’est pas lu.")


def _is_endless(entries: Sequence[zipfile.ZipInfo], size: int) -> bool:
    unpacked = sum(entry.file_size for entry in entries)
    return len(entries) > MAX_ENTRIES or unpacked > min(MAX_UNPACKED, MAX_RATIO * max(size, 4096))
