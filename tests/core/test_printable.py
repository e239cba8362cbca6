"""What of a text can be printed."""

import pytest

from core.printable import printable


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Œuvre, déjà – « ça » ✓", "Œuvre, déjà – « ça » ✓"),
        ("a\x00b\x08c\x1f", "abc"),
        ("a\r\nb\tc", "a\nb\tc"),
        ("Non \u202eacquis\u202c", "Non acquis"),
        ("● Bloc 1\n▪ Bloc 2\n\uf0b7 Bloc 3", "• Bloc 1\n• Bloc 2\n• Bloc 3"),
        ("bravo 👍", "bravo [symbole]"),
        ("❤\ufe0f", "[symbole]"),
        ("\ud800", ""),
        ("نص", "نص"),
    ],
)
def test_what_cannot_be_printed_is_taken_out_and_nothing_else(text: str, printed: str) -> None:
    assert printable(text) == printed
