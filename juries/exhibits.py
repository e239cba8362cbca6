"""What may be joined to an appeal: PDFs and pictures that are what their names say (R-JUR-8)."""

from typing import IO

from assessments.inspection.images import MEDIA_TYPES, check_image
from assessments.inspection.names import checked_name, extension_of
from assessments.inspection.pdf import check_pdf
from core.exceptions import InvalidInput

ACCEPTED = (".pdf", *MEDIA_TYPES)
IN_WORDS = "un PDF ou une image (.png, .jpg)"


def inspect_exhibit(source: IO[bytes], *, name: str, size: int, limit: int) -> tuple[str, str]:
    """The name and media type of a file, once checked; raises :class:`InvalidInput`, which names it."""
    try:
        return _inspected(source, name, size, limit)
    except InvalidInput as refusal:
        raise InvalidInput(f"« {name[:80]} » : {refusal}") from refusal


def _inspected(source: IO[bytes], name: str, size: int, limit: int) -> tuple[str, str]:
    name = checked_name(name, accepted=IN_WORDS)
    extension = extension_of(name)
    if extension not in ACCEPTED:
        raise InvalidInput(f"Ce type de fichier n’est pas accepté. Joignez {IN_WORDS}.")
    if not size:
        raise InvalidInput("Ce fichier est vide.")
    if size > limit:
        raise InvalidInput(f"Ce fichier dépasse {limit >> 20} Mio : réduisez-le.")
    if extension == ".pdf":
        check_pdf(source)
        return name, "application/pdf"
    check_image(source, extension)
    return name, MEDIA_TYPES[extension]
