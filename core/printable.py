"""What of a text can be printed: nothing invisible that misleads, nothing our faces and the system cannot draw."""

import unicodedata
from functools import lru_cache

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from core.pdf import FACES

DIRECTION_CONTROLS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
DROPPED = frozenset({"Cc", "Cs", "Cn", "Co"})
PICTURES = frozenset({"So", "Sk"})
UNDRAWABLE = "[symbole]"
BULLETS = frozenset("●○□▪▫◇◦‣⁃►➢➤❖\uf0b7\uf0a7\uf0d8\uf076")
"""What begins a line in texts pasted from a word processor, its own symbols included; our face draws one bullet."""

BULLET = "•"


class _Printable(dict[int, str]):
    """A translation table that finds out about a character the first time it is met."""

    def __missing__(self, codepoint: int) -> str:
        self[codepoint] = found = self._printed(codepoint)
        return found

    @staticmethod
    def _printed(codepoint: int) -> str:
        character = chr(codepoint)
        category = unicodedata.category(character)
        if character in "\n\t" or codepoint in _drawn():
            return character
        if character in BULLETS:
            return BULLET
        if category in DROPPED or character in DIRECTION_CONTROLS or character in VARIATION_SELECTORS:
            return ""
        return UNDRAWABLE if category in PICTURES else character


_printable = _Printable()


@lru_cache(maxsize=1)
def _drawn() -> frozenset[int]:
    """Return the characters our text face draws."""
    with TTFont(FACES[0].path(), lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def printable(text: str) -> str:
    """Return ``text`` as it can be printed: no control character, no hidden direction override, no picture.

    A bullet our face does not draw is printed as the one it does; a picture no text face draws (an emoji) becomes
    « [symbole] »: a missing glyph would be an empty box, and break PDF/UA. Line feeds and tabs stay; words in another
    script keep their own direction.
    """
    if text.isascii() and text.isprintable():
        return text
    return text.replace("\r\n", "\n").translate(_printable)
