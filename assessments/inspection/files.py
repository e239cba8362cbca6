"""Which kind a file is, once it has shown that it is what its name says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from assessments.enums import DeliverableKind
from assessments.inspection.names import checked_name, extension_of
from assessments.inspection.notebook import check_notebook
from assessments.inspection.pdf import check_pdf
from assessments.inspection.slides import check_slides
from core.exceptions import InvalidInput


@dataclass(frozen=True)
class Inspected:
    """A file that is what it says."""

    kind: DeliverableKind
    name: str
    media_type: str


Check = Callable[[IO[bytes], str], None]

_KINDS: dict[str, tuple[DeliverableKind, str, Check]] = {
    ".pdf": (DeliverableKind.PDF, "application/pdf", lambda source, _: check_pdf(source)),
    ".ipynb": (DeliverableKind.NOTEBOOK, "application/x-ipynb+json", lambda source, _: check_notebook(source)),
    ".pptx": (
        DeliverableKind.SLIDES,
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        check_slides,
    ),
    ".odp": (DeliverableKind.SLIDES, "application/vnd.oasis.opendocument.presentation", check_slides),
}
ACCEPTED = tuple(_KINDS)


def inspect(source: IO[bytes], *, name: str, size: int, limit: int) -> Inspected:
    """Check a file by name, size, first bytes and structure; raises :class:`InvalidInput` with the reason."""
    name = checked_name(name)
    extension = extension_of(name)
    if extension not in _KINDS:
        raise InvalidInput("Déposez un PDF, un notebook (.ipynb), un diaporama (.pptx, .odp) ou un lien.")
    if not size:
        raise InvalidInput("Ce fichier est vide : vérifiez son export, puis déposez-le de nouveau.")
    if size > limit:
        raise too_large(limit)
    kind, media_type, check = _KINDS[extension]
    check(source, extension)
    return Inspected(kind, name, media_type)


def too_large(limit: int) -> InvalidInput:
    return InvalidInput(f"Ce fichier dépasse {limit >> 20} Mio : réduisez-le, ou déposez un lien vers lui.")
