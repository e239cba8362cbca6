"""A file sent by a person: read, then held until they have seen what it would do (R-REF-2)."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.exceptions import InvalidInput
from referentiel.content import Content
from referentiel.exchange.faults import refuse
from referentiel.exchange.reading import Reading, fiches_of, read_file
from referentiel.exchange.rncp import SeveralFiches
from referentiel.models import Certification, PendingImport
from referentiel.queries.tree import certification_content, content_of
from referentiel.services.importing import hold, latest_of

MAX_FICHES = 200


def receive(
    data: bytes, *, name: str, by: User, certification: Certification | None = None, fiche: str = ""
) -> PendingImport:
    """What the file says, held; with several fiches and none named, all of them, for the person to choose.

    Raises Unreadable with each place and each reason.
    """
    known = certification_content(certification) if certification else None
    try:
        reading = read_file(data, name=name, certification=known, fiche=fiche)
    except SeveralFiches as several:
        if len(several.codes) > MAX_FICHES:
            raise refuse(
                f"ce fichier contient {len(several.codes)} fiches : indiquez le numéro de la vôtre."
            ) from several
        return _hold_fiches(fiches_of(data), name=name, by=by)
    return hold(_completed(reading), file_name=name, by=by, registration=reading.registration)


def is_to_choose(held: PendingImport) -> bool:
    """Whether a fiche must be chosen among those of the file."""
    return "fiches" in held.content


def choose_fiche(held: PendingImport, *, code: str, by: User) -> PendingImport:
    """Hold one fiche of those held; raises InvalidInput when there is none of that number."""
    fiches = held.content.get("fiches", [])
    chosen = next((fiche for fiche in fiches if fiche["code"] == code and "content" in fiche), None)
    if chosen is None:
        raise InvalidInput("Choisissez l’une des fiches qui ont pu être lues.")
    return hold(chosen["content"], file_name=held.file_name, by=by, registration=chosen["registration"])


def _hold_fiches(fiches: list[dict[str, Any]], *, name: str, by: User) -> PendingImport:
    with transaction.atomic():
        PendingImport.objects.filter(read_by=by).delete()
        return PendingImport.objects.create(
            file_name=name[:200], content={"fiches": fiches}, read_by=by, read_at=timezone.now()
        )


def _completed(reading: Reading) -> Content:
    """A format that holds the tree alone leaves the preambles as they are in the version it follows."""
    content = reading.content
    latest = latest_of(content["certification"]["rncp_code"]) if reading.tree_only else None
    if latest is None:
        return content
    return {**content, "sections": content_of(latest)["sections"]}
