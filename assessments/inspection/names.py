"""Names of files, as they arrive and as they are shown again."""

import unicodedata
from pathlib import PurePosixPath

from core.exceptions import InvalidInput

NAME_LIMIT = 200  # characters

# What a browser or a system would run, wherever it stands in the name.
_RUNNING = (
    "app bat bin cgi cmd com cpl dll dmg docm elf exe hta htm html iso jar js jse lnk mjs msi php pif pl potm ppam "
    "ppsm pptm ps1 reg scr sh svg swf vb vbe vbs wasm wsf xht xhtml xlsm"
)
_RUNS = frozenset(f".{word}" for word in _RUNNING.split())


LIVRABLES = "un PDF, un notebook (.ipynb), un diaporama (.pptx, .odp) ou un lien"


def checked_name(name: str, *, accepted: str = LIVRABLES) -> str:
    """``name`` in its composed form; raises :class:`InvalidInput` for what could deceive or be run.

    ``accepted`` says in words what may be sent instead.
    """
    name = unicodedata.normalize("NFC", name)
    if not name.strip() or name.startswith("."):
        raise InvalidInput("Ce fichier n’a pas de nom : renommez-le avant de le déposer.")
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for character in name):
        raise InvalidInput("Le nom de ce fichier contient des caractères invisibles : renommez-le.")
    if "/" in name or "\\" in name:
        raise InvalidInput("Le nom de ce fichier contient un chemin : renommez-le.")
    if len(name) > NAME_LIMIT:
        raise InvalidInput(f"Le nom de ce fichier dépasse {NAME_LIMIT} caractères : raccourcissez-le.")
    running = [suffix for suffix in PurePosixPath(name.lower()).suffixes if suffix in _RUNS]
    if running:
        raise InvalidInput(f"Un fichier « {running[0]} » n’est pas accepté. Déposez {accepted}.")
    return name


def extension_of(name: str) -> str:
    return PurePosixPath(name.lower()).suffix
