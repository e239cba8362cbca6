"""The ground's own checks: the journal and its anchors, the files and their rows."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pikepdf
from django.conf import settings
from django.utils import timezone

from core import files
from core.anchors import first_lost_anchor
from core.enums import JobState
from core.journal import first_broken_link
from core.models import Job, StoredFile
from core.reconcile import reconciles

CHUNK = 1000


@reconciles
def the_journal_holds() -> Iterator[str]:
    """Every link and every anchor (R-ALL-1)."""
    for broken in filter(None, (first_broken_link(), first_lost_anchor())):
        yield f"Journal rompu à l’entrée {broken.sequence} : {broken.problem}."


@reconciles
def every_row_has_its_file() -> Iterator[str]:
    """On disk, with the bytes that were stored; a PDF opens."""
    for stored in StoredFile.objects.order_by("sha256").iterator(chunk_size=CHUNK):
        try:
            content = files.read(stored)
        except files.DamagedFileError as error:
            yield str(error)
            continue
        if len(content) != stored.size:
            yield f"Le fichier {stored.sha256} fait {len(content)} octets au lieu de {stored.size}."
        if stored.media_type == "application/pdf" and not _opens(content):
            yield f"Le fichier {stored.sha256} n’est pas un PDF lisible."


@reconciles
def every_file_has_its_row() -> Iterator[str]:
    """Nothing on disk but what a row names. A job still to be done may be about to keep what it wrote."""
    if Job.objects.filter(state__in=[JobState.DUE, JobState.RUNNING]).exists():
        return
    known = set(StoredFile.objects.values_list("sha256", flat=True))
    for path in sorted(Path(settings.FILES_DIR).glob("*/*")):
        if not path.name.startswith(files.ASIDE) and path.name not in known and _is_settled(path):
            yield f"Le fichier {path.parent.name}/{path.name} est sur le disque, mais aucune ligne ne le nomme."


@reconciles
def every_failure_is_shown() -> Iterator[str]:
    """A job that failed says why, on the page « Travaux » (R-ALL-2)."""
    for pk in Job.objects.filter(state=JobState.FAILED, last_error="").values_list("pk", flat=True):
        yield f"Le travail {pk} est en échec sans dire pourquoi."


def _opens(content: bytes) -> bool:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return len(pdf.pages) > 0
    except pikepdf.PdfError:
        return False


def _is_settled(path: Path) -> bool:
    """Older than any transaction that could still keep it."""
    try:
        written = path.stat().st_mtime
    except FileNotFoundError:
        return False
    lease: timedelta = settings.JOB_LEASE
    return written < (timezone.now() - lease).timestamp()
