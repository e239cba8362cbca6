"""R-JUR-7: codes that cannot be guessed, and that a person can type."""

import re

import pytest

from juries.codes import ALPHABET, code_typed, is_token, new_code, new_token, number_of


def test_a_code_holds_60_bits_and_a_token_128():
    assert len(ALPHABET) == 32
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", new_code())
    assert is_token(new_token())
    assert len({new_code() for _ in range(500)}) == len({new_token() for _ in range(500)}) == 500


@pytest.mark.parametrize(
    "typed",
    [
        "7K3M-0QX1-9T4B",
        "7k3m0qx19t4b",
        " 7k3m – OQXI — 9T4B ",
        "7K3M.0QXl.9T4B",
        "7K3M\u00a00QXL\u202f9T4B",
        "7 K 3 M o q x i 9 T 4 B",
    ],
)
def test_case_spaces_dashes_and_letters_that_look_alike_do_not_matter(typed):
    assert code_typed(typed) == "7K3M-0QX1-9T4B"


@pytest.mark.parametrize(
    "typed", ["", "7K3M-0QX1-9T4", "7K3M-0QX1-9T4BB", "7K3M-0QX1-9T4U", "7K3M-0QX1-9T4\x00", "é" * 12]
)
def test_what_is_not_a_code_is_none(typed):
    assert code_typed(typed) is None


@pytest.mark.parametrize("text", ["", "A" * 21, "A" * 23, "A" * 21 + "\x00", "A" * 21 + "é"])
def test_what_is_not_a_token_is_refused(text):
    assert not is_token(text)


def test_a_number_says_certification_year_and_rank():
    assert number_of("RNCP37431", 2026, 12) == "RNCP37431-2026-000012"
