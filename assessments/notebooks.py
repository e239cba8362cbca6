"""A notebook as a page: its words, its code, its text and its pictures. Nothing of it is run or interpreted. Pure."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assessments.inspection.notebook import is_text, read_notebook

TEXT_LIMIT = 20_000  # characters of one output
PICTURE_LIMIT = 6 << 20  # bytes of one picture
PICTURES_LIMIT = 25 << 20  # bytes of all of them
_PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_TERMINAL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Output:
    """What a cell gave: a text, a picture as a data: address, or the words for what is not shown."""

    text: str = ""
    picture: str = ""
    hidden: str = ""
    is_error: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell: ``kind`` is markdown, code or raw."""

    kind: str
    source: str
    count: int | None
    outputs: tuple[Output, ...]


def cells_of(content: bytes) -> list[Cell]:
    """The cells of a notebook that was checked when it was handed in; raises InvalidInput for another file."""
    room = [PICTURES_LIMIT]
    return [_cell(cell, room) for cell in read_notebook(content)]


def _cell(cell: dict[str, Any], room: list[int]) -> Cell:
    count = cell.get("execution_count")
    outputs = tuple(found for output in cell.get("outputs", []) for found in _outputs(output, room))
    return Cell(cell["cell_type"], _plain(cell["source"]), count if isinstance(count, int) else None, outputs)


def _outputs(output: Any, room: list[int]) -> Iterator[Output]:
    if not isinstance(output, dict):
        return
    kind = output.get("output_type")
    if kind == "stream" and is_text(output.get("text")):
        yield Output(text=_cut(output["text"]))
    elif kind == "error":
        lines = output.get("traceback")
        yield Output(text=_cut("\n".join(lines) if is_text(lines) and isinstance(lines, list) else ""), is_error=True)
    elif isinstance(output.get("data"), dict):
        yield _richest(output["data"], room)


def _richest(bundle: dict[str, Any], room: list[int]) -> Output:
    """The picture, else the text, else the name of what is not shown: HTML, SVG and scripts never are."""
    for media_type, signature in _PICTURES.items():
        if picture := _picture(bundle.get(media_type), media_type, signature, room):
            return Output(picture=picture)
    if is_text(bundle.get("text/plain")):
        return Output(text=_cut(bundle["text/plain"]))
    return Output(hidden=_plain(", ".join(sorted(str(key)[:60] for key in bundle)[:5])))


def _picture(value: Any, media_type: str, signature: bytes, room: list[int]) -> str:
    if not is_text(value):
        return ""
    try:
        content = base64.b64decode("".join(_joined(value).split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    if not content.startswith(signature) or len(content) > min(PICTURE_LIMIT, room[0]):
        return ""
    room[0] -= len(content)
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def _cut(value: Any) -> str:
    text = _plain(value)
    return text if len(text) <= TEXT_LIMIT else f"{text[:TEXT_LIMIT]}\n[… coupé]"


def _plain(value: Any) -> str:
    """Without what drives a terminal, and half characters that no page can be written with replaced."""
    text = _TERMINAL.sub("", _joined(value))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _joined(value: Any) -> str:
    return value if isinstance(value, str) else "".join(value)
