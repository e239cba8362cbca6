"""Text as people type or paste it, made fit to be stored, sorted and printed."""

import unicodedata

from core.exceptions import InvalidInput

INVISIBLE = "Retirez les caractères invisibles, sans doute venus d’un copier-coller."
_UNPRINTABLE = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_TURNS_THE_READING_ROUND = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l"})


def one_line(text: str, *, limit: int) -> str:
    """``text`` composed (NFC), its spaces made single; raises InvalidInput if it cannot be printed."""
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    if any(_is_unprintable(character) for character in line):
        raise InvalidInput(INVISIBLE)
    if len(line) > limit:
        raise InvalidInput(f"Écrivez {limit} caractères au plus : il y en a {len(line)}.")
    return line


def paragraphs(text: str) -> str:
    """``text`` composed, with one kind of line break; raises InvalidInput when some of it cannot be printed."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").strip())
    if any(_is_unprintable(character) for character in composed if character not in "\n\t"):
        raise InvalidInput(INVISIBLE)
    return composed


def folded(text: str) -> str:
    """``text`` as it is searched and sorted: no accent, no capital, only letters and digits between single spaces."""
    bare = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    kept = "".join(
        character if character.isalnum() else " " for character in bare if not unicodedata.combining(character)
    )
    return " ".join(kept.split())


def _is_unprintable(character: str) -> bool:
    return unicodedata.category(character) in _UNPRINTABLE or character in _TURNS_THE_READING_ROUND
