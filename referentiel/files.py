"""A version as a file, in each of the formats it is exchanged in."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache

from core.fingerprints import sha256_hex
from referentiel.content import Content, fingerprint_of
from referentiel.documents import Standing, referentiel_pdf
from referentiel.exchange import case_package, csv_file, json_file, workbook
from referentiel.models import Referentiel
from referentiel.queries.tree import content_of

KINDS = ("json", "xlsx", "csv", "case", "pdf")
_PDF_SECONDS = 86_400
_WRITERS: dict[str, Callable[[Content], bytes]] = {
    "json": json_file.write,
    "xlsx": workbook.write,
    "csv": csv_file.write,
}


@dataclass(frozen=True)
class VersionFile:
    """``name`` is without its extension, ``kind`` one of :data:`KINDS`."""

    data: bytes
    kind: str
    name: str


def file_of(referentiel: Referentiel, kind: str) -> VersionFile:
    """A version read with its head, written as ``kind``."""
    content = content_of(referentiel)
    name = f"referentiel-{content['certification']['rncp_code']}-v{content['version']}"
    if referentiel.is_draft:
        name += "-brouillon"
    if kind == "pdf":
        return VersionFile(_pdf(referentiel, content), kind, name)
    if kind == "case":
        written = case_package.write(content, changed_at=standing_of(referentiel).dated.isoformat())
        return VersionFile(written, kind, name)
    return VersionFile(_WRITERS[kind](content), kind, name)


def standing_of(referentiel: Referentiel) -> Standing:
    """What is printed beside a version read with its head."""
    dates = referentiel.registration_dates
    registered = (dates.decided_on, dates.ends_on, dates.delivery_limit_on) if dates else (None, None, None)
    if referentiel.is_draft:
        return Standing("brouillon", referentiel.created_at, "", *registered)
    publication = referentiel.publication
    word = "retirée, publiée" if publication.retired_at else "publiée"
    return Standing(word, publication.published_at, publication.fingerprint, *registered)


def _pdf(referentiel: Referentiel, content: Content) -> bytes:
    """The same content under the same dates is drawn once."""
    standing = standing_of(referentiel)
    key = f"referentiel-pdf-{fingerprint_of(content)[:32]}-{sha256_hex(repr(standing))[:16]}"
    data: bytes | None = cache.get(key)
    if data is None:
        data = referentiel_pdf(content, standing=standing)
        cache.set(key, data, _PDF_SECONDS)
    return data
