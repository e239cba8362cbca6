"""The headers of a change: which operation, from which version, on which grille."""

import re
from uuid import UUID

from django.http import Http404
from rest_framework.request import Request

from core.exceptions import InvalidInput, VersionRequired

_VERSION = re.compile(r'(?:W/)?"(\d{1,9})"')


def operation_of(request: Request) -> UUID:
    """The client-made UUID of ``Idempotency-Key``."""
    try:
        return UUID(request.headers["Idempotency-Key"])
    except (KeyError, ValueError) as error:
        raise InvalidInput("L’en-tête Idempotency-Key doit porter l’identifiant (UUID) de l’opération.") from error


def tied_to_its_grille(request: Request) -> dict[str, UUID]:
    """The condition that ``Grille-Id`` sets: what was typed on one grille never lands on another.

    Two évaluateurs of one soutenance may use one browser in turn: the session says who, the header says whose page.
    """
    header = request.headers.get("Grille-Id")
    if header is None:
        return {}
    try:
        return {"pk": UUID(header)}
    except ValueError as error:
        raise Http404 from error


def version_of(request: Request) -> int:
    """The version of ``If-Match``: `"3"`; `"0"` for a CE never marked."""
    header = request.headers.get("If-Match")
    if header is None:
        raise VersionRequired("L’en-tête If-Match doit porter la version dont part la saisie.")
    match = _VERSION.fullmatch(header.strip())
    if match is None:
        raise InvalidInput('L\'en-tête If-Match porte un numéro de version entre guillemets, par exemple "3".')
    return int(match[1])
