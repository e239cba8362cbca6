"""A notebook: JSON with its cells. Its content is data, read by our own page and never run."""

import json
from typing import IO, Any

from core.exceptions import InvalidInput

LIMIT = 20 << 20  # bytes: a notebook is read whole
CELLS = 3_000
_NOT_ONE = "Ce fichier s’appelle .ipynb mais n’est pas un notebook lisible. Exportez-le de nouveau."


def check_notebook(source: IO[bytes]) -> None:
    """Raise :class:`InvalidInput` unless ``source`` is a notebook (nbformat 4)."""
    source.seek(0)
    read_notebook(source.read(LIMIT + 1))


def read_notebook(content: bytes) -> list[dict[str, Any]]:
    """The cells of a notebook; raises :class:`InvalidInput`."""
    if len(content) > LIMIT:
        raise InvalidInput(
            f"Ce notebook dépasse {LIMIT >> 20} Mio : effacez les sorties volumineuses, ou déposez-le en PDF."
        )
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InvalidInput(_NOT_ONE) from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not isinstance(notebook.get("nbformat"), int):
        raise InvalidInput(_NOT_ONE)
    if notebook["nbformat"] != 4:
        raise InvalidInput("Ce notebook est d’un format trop ancien : enregistrez-le de nouveau avec Jupyter.")
    if len(cells) > CELLS or not all(map(_is_cell, cells)):
        raise InvalidInput(_NOT_ONE)
    return cells


def _is_cell(cell: Any) -> bool:
    return (
        isinstance(cell, dict)
        and cell.get("cell_type") in ("markdown", "code", "raw")
        and is_text(cell.get("source"))
        and isinstance(cell.get("outputs", []), list)
    )


def is_text(value: Any) -> bool:
    """A text of a notebook: a string, or its lines."""
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(line, str) for line in value))
