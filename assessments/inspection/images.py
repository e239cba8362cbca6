"""A picture: the first and last bytes of its kind, and nothing after it. Its content is never decoded by us."""

import zipfile
from typing import IO

from core.exceptions import InvalidInput

PNG, JPEG = "image/png", "image/jpeg"
MEDIA_TYPES = {".png": PNG, ".jpg": JPEG, ".jpeg": JPEG}

_BEGINS = {PNG: b"\x89PNG\r\n\x1a\n", JPEG: b"\xff\xd8\xff"}
_ENDS = {PNG: b"IEND\xaeB`\x82", JPEG: b"\xff\xd9"}


def check_image(source: IO[bytes], extension: str) -> None:
    """Raise :class:`InvalidInput` unless ``source`` is, from end to end, the kind of picture its name says."""
    kind = MEDIA_TYPES[extension]
    if not _begins(source, _BEGINS[kind]):
        raise InvalidInput(f"Ce fichier s’appelle {extension} mais n’est pas une image de ce type.")
    if not _ends(source, _ENDS[kind]):
        raise InvalidInput("Cette image est incomplète, ou suivie d’autre chose : enregistrez-la de nouveau.")
    source.seek(0)
    if zipfile.is_zipfile(source):
        raise InvalidInput("Ce fichier est à la fois une image et une archive : enregistrez l’image de nouveau.")


def _begins(source: IO[bytes], signature: bytes) -> bool:
    source.seek(0)
    return source.read(len(signature)) == signature


def _ends(source: IO[bytes], signature: bytes) -> bool:
    source.seek(-len(signature), 2)
    return source.read() == signature
