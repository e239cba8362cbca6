"""French dates and spaces."""

from datetime import UTC, date, datetime

import pytest

from core.templatetags.fr import date_fr, datetime_fr, day_fr, typo


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-03-12", "12\u00a0mars 2026"),
        (date(2026, 8, 1), "1er\u00a0août 2026"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "1er\u00a0janvier 2027"),
        (None, ""),
        ("", ""),
    ],
)
def test_a_date_is_said_in_french(value: date | str | None, said: str) -> None:
    assert date_fr(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-03-12T14:30:00+01:00", "12\u00a0mars 2026 à\u00a014\u00a0h\u00a030"),
        (datetime(2026, 7, 1, 7, 5, tzinfo=UTC), "1er\u00a0juillet 2026 à\u00a09\u00a0h\u00a005"),
        ("2026-03-12", "12\u00a0mars 2026"),
        (None, ""),
    ],
)
def test_an_instant_is_said_in_paris_time(value: datetime | str | None, said: str) -> None:
    assert datetime_fr(value) == said


def test_a_day_of_the_week_is_that_of_paris() -> None:
    assert day_fr(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == "vendredi\u00a01er\u00a0janvier 2027"


def test_french_punctuation_never_starts_a_line() -> None:
    assert typo("Vrai ? Oui ! « Soit » : à 14:30 ; fin") == (
        "Vrai\u202f? Oui\u202f! «\u202fSoit\u202f»\u00a0: à 14:30\u202f; fin"
    )
