"""Is this jury lawful? (R-JUR-1)"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juries.composition import CompositionRule, Seat, failings
from juries.enums import Capacity

DEFAULT = CompositionRule(minimum=2, external_percent=50)
PRESIDENT = Seat(Capacity.EXTERNAL, is_president=True)
EXTERNAL = Seat(Capacity.EXTERNAL, is_president=False)
INTERNAL = Seat(Capacity.INTERNAL, is_president=False)
OTHER = Seat(Capacity.OTHER, is_president=False)


def test_an_external_president_and_an_internal_member_are_a_jury():
    assert failings([PRESIDENT, INTERNAL], rules=[DEFAULT]) == ()


def test_an_empty_jury_lacks_members_and_a_president():
    assert failings([], rules=[DEFAULT]) == (
        "Le jury compte 0 titulaire(s) : il en faut au moins 2.",
        "Le jury n’a pas de président : désignez-en un.",
    )


def test_a_jury_of_one_is_too_few():
    assert failings([PRESIDENT], rules=[DEFAULT]) == ("Le jury compte 1 titulaire(s) : il en faut au moins 2.",)


def test_less_than_the_share_of_externals_is_told_with_its_figures():
    assert failings([PRESIDENT, INTERNAL, INTERNAL], rules=[DEFAULT]) == (
        "1 membre(s) sur 3 sont des professionnels extérieurs : il en faut au moins 50 %.",
    )


def test_exactly_the_share_is_enough():
    assert failings([PRESIDENT, EXTERNAL, INTERNAL, OTHER], rules=[DEFAULT]) == ()


def test_somebody_in_another_capacity_is_no_external_professional():
    assert failings([PRESIDENT, OTHER, OTHER], rules=[DEFAULT])


def test_a_jury_without_president_does_not_open():
    assert failings([EXTERNAL, INTERNAL], rules=[DEFAULT]) == ("Le jury n’a pas de président : désignez-en un.",)


@pytest.mark.parametrize(
    ("rule", "seats", "lawful"),
    [
        (CompositionRule(4, 50), [PRESIDENT, EXTERNAL, INTERNAL], False),
        (CompositionRule(1, 100), [PRESIDENT], True),
        (CompositionRule(2, 100), [PRESIDENT, INTERNAL], False),
        (CompositionRule(2, 0), [Seat(Capacity.INTERNAL, is_president=True), INTERNAL], True),
        (CompositionRule(3, 34), [PRESIDENT, INTERNAL, INTERNAL], False),
        (CompositionRule(3, 33), [PRESIDENT, INTERNAL, INTERNAL], True),
    ],
)
def test_the_settings_of_the_reglement_decide(rule, seats, lawful):
    """R-REF-6: never constants."""
    assert (failings(seats, rules=[rule]) == ()) is lawful


seats = st.lists(st.builds(Seat, st.sampled_from(Capacity), is_president=st.booleans()), max_size=8)
settings = st.builds(CompositionRule, st.integers(1, 6), st.integers(0, 100))


@given(seats, settings)
def test_a_lawful_jury_meets_every_rule_and_an_unlawful_one_is_told_why(drawn, rule):
    external = sum(seat.capacity == Capacity.EXTERNAL for seat in drawn)
    lawful = (
        len(drawn) >= rule.minimum
        and external * 100 >= rule.external_percent * len(drawn)
        and any(seat.is_president for seat in drawn)
    )
    found = failings(drawn, rules=[rule])
    assert (found == ()) is lawful
    assert all(sentence.endswith(".") for sentence in found)


@given(seats, settings)
def test_an_external_professional_more_never_makes_a_jury_unlawful(drawn, rule):
    if not failings(drawn, rules=[rule]):
        assert not failings([*drawn, EXTERNAL], rules=[rule])
