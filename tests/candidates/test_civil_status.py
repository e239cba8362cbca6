"""What a civil status may be, and the text it is made of."""

from datetime import date

import pytest

from candidates.civil_status import CivilStatus, InvalidCivilStatus
from candidates.lines import folded, one_line, paragraphs
from core.exceptions import InvalidInput

TODAY = date(2026, 11, 22)


def status(**fields: object) -> CivilStatus:
    known = {
        "family_name": "Garnier",
        "given_names": "Léa Marie",
        "birth_date": date(1990, 5, 17),
        "birth_place": "Nantes",
    }
    return CivilStatus(**{**known, **fields})


def problems(**fields: object) -> dict[str, str]:
    with pytest.raises(InvalidCivilStatus) as refusal:
        status(**fields).checked(on=TODAY)
    return dict(refusal.value.problems)


@pytest.mark.parametrize(
    "name",
    [
        "O’Brien",
        "D'Alembert",
        "Lefèvre-Œuvrard",
        "Nguyễn",
        "Владимиров",
        "李",
        "山田",
        "الخوري",
        "de La Tour",
        "<b>Robert</b>",
    ],
)
def test_a_name_in_any_script_is_kept_as_it_is(name: str) -> None:
    assert status(family_name=name).checked(on=TODAY).family_name == name


def test_spaces_are_made_single_and_letters_composed() -> None:
    checked = status(family_name="  Le\u0301ger\u00a0 du\tPin ").checked(on=TODAY)

    assert checked.family_name == "Léger du Pin"


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x7f", "\u202e", "\u2066", "\ud800", "\ufffe"])
def test_what_cannot_be_printed_is_refused(character: str) -> None:
    assert "caractères invisibles" in problems(given_names=f"Lé{character}a")["given_names"]


@pytest.mark.parametrize("field", ["family_name", "given_names", "birth_place"])
@pytest.mark.parametrize("value", ["", "   ", "12345", "---"])
def test_a_name_or_a_place_has_letters(field: str, value: str) -> None:
    assert "en lettres" in problems(**{field: value})[field]


def test_the_usage_name_may_be_absent_but_not_figures() -> None:
    assert status(usage_name=" ").checked(on=TODAY).usage_name == ""
    assert "en lettres" in problems(usage_name="007")["usage_name"]


def test_a_name_of_ten_thousand_characters_is_refused() -> None:
    assert "150 caractères au plus" in problems(family_name="a" * 10_000)["family_name"]


@pytest.mark.parametrize(
    ("birth_date", "told"),
    [
        (date(2026, 11, 23), "à venir"),
        (date(2012, 11, 23), "aurait 13 ans"),
        (date(1900, 1, 1), "plus de 110 ans"),
    ],
)
def test_a_birth_date_that_cannot_be_is_refused(birth_date: date, told: str) -> None:
    assert told in problems(birth_date=birth_date)["birth_date"]


@pytest.mark.parametrize("birth_date", [date(2012, 11, 22), date(1916, 11, 23), date(2000, 2, 29)])
def test_a_birth_date_at_the_edge_is_accepted(birth_date: date) -> None:
    assert status(birth_date=birth_date).checked(on=TODAY).birth_date == birth_date


def test_everything_wrong_is_told_at_once() -> None:
    assert set(problems(family_name="", birth_place="", birth_date=date(2030, 1, 1))) == {
        "family_name",
        "birth_place",
        "birth_date",
    }


def test_the_account_takes_its_names_within_its_bounds() -> None:
    names = status(usage_name="B" * 150, given_names="A" * 150).account_names

    assert names == {"first_name": "A" * 100, "last_name": "B" * 100}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("LEFÈVRE", "lefevre"),
        ("Œuvrard", "oeuvrard"),
        ("D’Alembert-Łukasz", "d alembert lukasz"),
        ("Straße", "strasse"),
        ("  !!  ", ""),
    ],
)
def test_searching_forgets_accents_capitals_and_signs(text: str, key: str) -> None:
    assert folded(text) == key


def test_a_search_key_stays_within_its_column() -> None:
    assert len(status(family_name="\ufdfa" * 150).search_key) == 1_000


def test_a_line_has_a_limit() -> None:
    with pytest.raises(InvalidInput, match="il y en a 4"):
        one_line("abcd", limit=3)


def test_paragraphs_keep_their_lines() -> None:
    assert paragraphs(" un\r\n\r\ndeux\ttrois \n") == "un\n\ndeux\ttrois"


def test_paragraphs_refuse_what_cannot_be_printed() -> None:
    with pytest.raises(InvalidInput, match="caractères invisibles"):
        paragraphs("un\x00deux")
