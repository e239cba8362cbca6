"""A slide deck: an archive with its mandatory parts, no macro, and a size that stays what it says."""

import stat
import zipfile
from collections.abc import Iterable
from typing import IO

from core.exceptions import InvalidInput

ENTRIES = 5_000
UNPACKED = 500 << 20  # bytes
RATIO = 200  # above it, an entry larger than a megabyte is no picture and no text
PART = 4 << 20  # bytes of a part that is read
ODP = b"application/vnd.oasis.opendocument.presentation"
_NOT_A_DECK = "Ce fichier s’appelle {extension} mais n’est pas un diaporama lisible. Exportez-le de nouveau."
_MACROS = "Ce diaporama contient des macros : enregistrez-le sans, en {extension} ordinaire."
_BOMB = "Ce diaporama se déploie en un volume anormal : il est refusé. Exportez-le de nouveau, images réduites."


def check_slides(source: IO[bytes], extension: str) -> None:
    """Raise :class:`InvalidInput` unless ``source`` is a .pptx or an .odp that can be handed over."""
    source.seek(0)
    if source.read(4) != b"PK\x03\x04":
        raise InvalidInput(_NOT_A_DECK.format(extension=extension))
    try:
        with zipfile.ZipFile(source) as archive:
            _check_entries(archive.infolist(), extension)
            if extension == ".pptx":
                _check_pptx(archive)
            else:
                _check_odp(archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError, KeyError, ValueError) as error:
        raise InvalidInput(_NOT_A_DECK.format(extension=extension)) from error


def _check_entries(entries: list[zipfile.ZipInfo], extension: str) -> None:
    names = [entry.filename for entry in entries]
    if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > UNPACKED or any(map(_swells, entries)):
        raise InvalidInput(_BOMB)
    if len(set(names)) != len(names) or any(map(_strays, entries)):
        raise InvalidInput("Ce diaporama contient des chemins trompeurs : exportez-le de nouveau.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise InvalidInput("Ce diaporama est protégé par un mot de passe : déposez une version qui s’ouvre.")
    if any(map(_acts, names)):
        raise InvalidInput(_MACROS.format(extension=extension))


def _swells(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > 1 << 20 and entry.file_size > RATIO * max(entry.compress_size, 1)


def _strays(entry: zipfile.ZipInfo) -> bool:
    """Out of the archive by its name, or a link."""
    name = entry.filename
    leaves = name.startswith("/") or "\\" in name or ":" in name.split("/")[0] or ".." in name.split("/")
    return leaves or stat.S_ISLNK(entry.external_attr >> 16)


def _acts(name: str) -> bool:
    lowered = name.lower()
    return (
        lowered.rsplit("/", 1)[-1].startswith("vbaproject")
        or lowered.startswith(("basic/", "scripts/", "ppt/activex/"))
        or lowered.endswith((".exe", ".dll", ".js", ".vbs", ".bat", ".ps1", ".jar"))
    )


def _check_pptx(archive: zipfile.ZipFile) -> None:
    _require(archive, ("[Content_Types].xml", "_rels/.rels", "ppt/presentation.xml"), ".pptx")
    types = _read(archive, "[Content_Types].xml")
    if b"macroenabled" in types.lower() or b"vbaproject" in types.lower():
        raise InvalidInput(_MACROS.format(extension=".pptx"))
    if b"presentationml" not in types:
        raise InvalidInput(_NOT_A_DECK.format(extension=".pptx"))


def _check_odp(archive: zipfile.ZipFile) -> None:
    _require(archive, ("mimetype", "content.xml", "META-INF/manifest.xml"), ".odp")
    if _read(archive, "mimetype").strip() != ODP:
        raise InvalidInput(_NOT_A_DECK.format(extension=".odp"))


def _require(archive: zipfile.ZipFile, parts: Iterable[str], extension: str) -> None:
    if not set(parts) <= set(archive.namelist()):
        raise InvalidInput(_NOT_A_DECK.format(extension=extension))


def _read(archive: zipfile.ZipFile, part: str) -> bytes:
    """The beginning of a part: what is declared about its size is not believed."""
    with archive.open(part) as file:
        return file.read(PART)
