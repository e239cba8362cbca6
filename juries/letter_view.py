"""A letter as it is shown: titles, paragraphs, lists and quotations, read from its light marks. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["title", "subtitle", "text", "list", "quote"]


@dataclass
class Item:
    """One item of a list, and the lines quoted under it."""

    text: str
    quoted: list[str] = field(default_factory=list)

    @property
    def quote(self) -> str:
        return "\n".join(self.quoted)


@dataclass
class Block:
    """Lines that are shown together; ``items`` are those of a list."""

    kind: Kind
    lines: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def blocks_of(body: str) -> Sequence[Block]:
    """The letter in order; whatever was typed is shown, marks or not."""
    blocks: list[Block] = []
    fresh = True  # a blank line came before
    for line in body.replace("\r\n", "\n").split("\n"):
        if not line.strip():
            fresh = True
            continue
        mark, text = line[:1], line[1:].strip()
        last = blocks[-1] if blocks and not fresh else None
        if mark == "#" and text.strip("# "):
            blocks.append(Block("subtitle" if text.startswith("#") else "title", [text.strip("# ")]))
        elif mark == "-" and text:
            _list(blocks, last).items.append(Item(text))
        elif mark == ">":
            _quote(blocks, last, text)
        elif last and last.kind == "text":
            last.lines.append(line.strip())
        else:
            blocks.append(Block("text", [line.strip()]))
        fresh = False
    return blocks


def _list(blocks: list[Block], last: Block | None) -> Block:
    if last is None or last.kind != "list":
        blocks.append(Block("list"))
    return blocks[-1]


def _quote(blocks: list[Block], last: Block | None, text: str) -> None:
    """Under the item above when there is one, else on its own."""
    if last and last.kind == "list":
        last.items[-1].quoted.append(text)
    elif last and last.kind == "quote":
        last.lines.append(text)
    else:
        blocks.append(Block("quote", [text]))
