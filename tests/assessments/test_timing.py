"""How long a soutenance lasts, tiers-temps included (R-CAN-3, D613-26 C. éduc.)."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.timing import Phase, ends_at, lengthen, total_minutes

USUAL = (Phase("Présentation", 20), Phase("Questions", 10))
phases = st.lists(st.builds(Phase, st.text(min_size=1, max_size=8), st.integers(1, 600)), min_size=1, max_size=5)
fractions = st.fractions(0, 1, max_denominator=60)


def test_a_third_is_added_to_each_phase_and_rounded_up():
    """20 and 10 minutes make 27 and 14, not 40 in all."""
    longer = lengthen(USUAL, extra_time=Fraction(1, 3))
    assert longer == (Phase("Présentation", 27), Phase("Questions", 14))
    assert total_minutes(longer) == 41


def test_an_exact_fraction_is_not_rounded_beyond_itself():
    """30 minutes and a third are 40: computed in floats it would be 41."""
    assert lengthen([Phase("Présentation", 30)], extra_time=Fraction(1, 3))[0].minutes == 40
    assert lengthen([Phase("Présentation", 20)], extra_time=Fraction(1, 2))[0].minutes == 30


@pytest.mark.parametrize("day", [datetime(2027, 3, 28, 0, 50, tzinfo=UTC), datetime(2026, 10, 25, 0, 50, tzinfo=UTC)])
def test_a_slot_across_the_change_of_hour_lasts_as_long_as_any_other(day):
    assert ends_at(day, USUAL) - day == timedelta(minutes=30)


@given(phases)
def test_without_tiers_temps_nothing_changes(drawn):
    assert lengthen(drawn, extra_time=Fraction(0)) == tuple(drawn)


@given(phases, fractions)
def test_each_phase_has_all_of_its_extra_time_and_less_than_a_minute_more(drawn, extra_time):
    for before, after in zip(drawn, lengthen(drawn, extra_time=extra_time), strict=True):
        due = before.minutes * (1 + extra_time)
        assert after.name == before.name
        assert due <= after.minutes < due + 1


@given(phases, fractions, fractions)
def test_a_larger_fraction_never_gives_less_time(drawn, one, other):
    small, large = sorted([one, other])
    assert total_minutes(lengthen(drawn, extra_time=small)) <= total_minutes(lengthen(drawn, extra_time=large))


@given(phases, fractions)
def test_the_slot_ends_when_its_phases_do(drawn, extra_time):
    start, longer = datetime(2026, 3, 12, 22, 30, tzinfo=UTC), lengthen(drawn, extra_time=extra_time)
    assert ends_at(start, longer) - start == timedelta(minutes=total_minutes(longer))
