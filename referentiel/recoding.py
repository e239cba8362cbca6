"""The codes of a copy: like the original's, and like no other in the version. Pure."""

import re
from collections.abc import Collection

_LETTER = re.compile(r"[A-Z]+")
_LAST_NUMBER = re.compile(r"(.*?)(\d+)(\D*)")


def next_code(code: str, taken: Collection[str]) -> str:
    """The same code with the first free number after its own: C1.2.1 gives C1.2.4 when 2 and 3 are taken."""
    found = _LAST_NUMBER.fullmatch(code)
    before, number, after = (found[1], int(found[2]), found[3]) if found else (f"{code}-", 1, "")
    while (candidate := f"{before}{number}{after}") in taken:
        number += 1
    return candidate


def under(code: str, old: str, new: str, taken: Collection[str]) -> str:
    """The code of a node whose parent's went from ``old`` to ``new``: C1.2.3 under A1.2, copied as A1.5, is C1.5.3."""
    letter = _LETTER.match(code)
    beginning = (letter[0] if letter else "") + _LETTER.sub("", old, count=1)
    follows = code.startswith(beginning) and not code[len(beginning) : len(beginning) + 1].isdigit()
    renamed = (letter[0] if letter else "") + _LETTER.sub("", new, count=1) + code[len(beginning) :]
    return next_code(renamed if follows else code, taken)
