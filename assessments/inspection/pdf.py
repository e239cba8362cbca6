"""A PDF to be read, and nothing in it that acts: no script, no launch, no file inside, no password.

The file is opened by a child process with bounded memory and time: a crafted one ends the child, not the server.
"""

import io
import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import IO, Any, BinaryIO

import pikepdf

from core.exceptions import InvalidInput

MEMORY = 1 << 30  # bytes
SECONDS = 20
OBJECTS = 300_000
DEPTH = 60
ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV")

UNREADABLE = "Ce PDF ne s’ouvre pas : il est abîmé ou incomplet. Exportez-le de nouveau."
_ACTIONS = {
    "/JavaScript": "contient un script (JavaScript)",
    "/Launch": "peut lancer un programme",
    "/ImportData": "peut charger des données",
    "/SubmitForm": "peut envoyer des données",
    "/GoToE": "ouvre un fichier joint",
    "/Rendition": "contient un média qui se lance",
    "/RichMedia": "contient un média qui se lance",
}
_KEYS = {
    "/JS": _ACTIONS["/JavaScript"],
    "/JavaScript": _ACTIONS["/JavaScript"],
    "/EF": "contient un fichier joint",
    "/EmbeddedFiles": "contient un fichier joint",
    "/XFA": "contient un formulaire dynamique",
}
_TRAPS = (
    "javascript:",
    "vbscript:",
    "data:",
    "file:",
    "\\\\",
)  # code, this machine, a share


def check_pdf(source: IO[bytes]) -> None:
    """Raise :class:`InvalidInput` unless ``source`` is a PDF that can be shown as it is."""
    source.seek(0)
    if not source.read(5) == b"%PDF-":
        raise InvalidInput("Ce fichier s’appelle .pdf mais n’est pas un PDF.")
    if zipfile.is_zipfile(source):
        raise InvalidInput("Ce fichier est à la fois un PDF et une archive : exportez le PDF de nouveau.")
    verdict = _asked_of_a_child(source)
    if verdict:
        raise InvalidInput(verdict)


def problem_of(source: BinaryIO) -> str:
    """What is wrong with the PDF, in a French sentence; "" when nothing is."""
    try:
        with pikepdf.open(source) as pdf:
            if pdf.is_encrypted:
                return "Ce PDF est protégé par un mot de passe ou des restrictions : déposez une version qui s’ouvre."
            if not len(pdf.pages):
                return UNREADABLE
            if len(pdf.objects) > OBJECTS:
                return "Ce PDF est trop complexe pour être vérifié : exportez-le de nouveau, ou en plusieurs parties."
            found = next((what for what in map(_active, pdf.objects) if what), "")
    except pikepdf.PasswordError:
        return "Ce PDF est protégé par un mot de passe : déposez une version qui s’ouvre."
    except (pikepdf.PdfError, RecursionError, ValueError, TypeError, MemoryError):
        return UNREADABLE
    return f"Ce PDF {found} : exportez-le sans, puis déposez-le de nouveau." if found else ""


def _active(value: Any, depth: int = 0) -> str:
    """What acts in ``value`` and in what it holds directly; objects it refers to are looked at in their turn."""
    if isinstance(value, pikepdf.Array):
        return _first(list(value), depth)
    if not isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        return ""
    for key in value.keys():  # noqa: SIM118  # not a mapping
        if key in _KEYS:
            return _KEYS[key]
        if key in ("/URI", "/F") and isinstance(value[key], pikepdf.String) and _is_trap(str(value[key])):
            return "contient un lien qui n’ouvre pas une page du web"
        if key in ("/S", "/Subtype") and str(value[key]) in _ACTIONS:
            return _ACTIONS[str(value[key])]
    return _first([value[key] for key in value.keys()], depth)  # noqa: SIM118


def _is_trap(address: str) -> bool:
    """As a reader understands it: blanks and control characters count for nothing, nor does the case."""
    return "".join(letter for letter in address if letter > " ").lower().startswith(_TRAPS)


def _first(values: list[Any], depth: int) -> str:
    if depth > DEPTH:
        return "est trop imbriqué"
    for value in values:
        if isinstance(value, pikepdf.Object) and not value.is_indirect and (found := _active(value, depth + 1)):
            return found
    return ""


def _asked_of_a_child(source: IO[bytes]) -> str:
    """The verdict of ``main``, which reads the file itself where there is one: it is not held in memory here."""
    source.seek(0)
    try:
        child = subprocess.run(  # noqa: S603  # our own module, run by our own interpreter, no shell
            [sys.executable, "-m", __name__],
            **_standard_input(source),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=SECONDS,
            cwd=Path(__file__).resolve().parents[2],
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
        )
    except subprocess.TimeoutExpired:
        return UNREADABLE
    return child.stdout.decode() if child.returncode == 0 else UNREADABLE


def _standard_input(source: IO[bytes]) -> dict[str, Any]:
    try:
        return {"stdin": source.fileno()}
    except (OSError, AttributeError):
        return {"input": source.read()}


def main() -> None:
    """Read a PDF on standard input, and write what is wrong with it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    given = sys.stdin.buffer
    sys.stdout.write(problem_of(given if given.seekable() else io.BytesIO(given.read())))


if __name__ == "__main__":
    main()
