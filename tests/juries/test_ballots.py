"""What votes decide (R-JUR-4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juries.ballots import TieWithoutCastingVoteError, result_of, tally_in_words, was_settled
from juries.enums import Outcome

OUTCOMES = st.sampled_from(Outcome)


def test_the_most_votes_decide():
    assert result_of({"certified": 2, "refused": 1}, casting="refused") == Outcome.CERTIFIED


def test_the_president_s_vote_settles_a_tie():
    assert result_of({"certified": 1, "refused": 1}, casting="refused") == Outcome.REFUSED


@pytest.mark.parametrize("casting", ["", "partial"])
def test_a_tie_the_president_does_not_settle_decides_nothing(casting):
    with pytest.raises(TieWithoutCastingVoteError):
        result_of({"certified": 1, "refused": 1}, casting=casting)


@pytest.mark.parametrize(
    ("tally", "result", "settled"),
    [
        ({"certified": 1, "refused": 1}, "certified", True),
        ({"certified": 1, "refused": 1}, "", False),
        ({"certified": 2, "refused": 1}, "certified", False),
        ({"certified": 1}, "certified", False),
        ({}, "", False),
    ],
)
def test_a_result_the_president_s_vote_gave_is_told_from_the_others(tally, result, settled):
    assert was_settled(tally, result) is settled


def test_the_count_is_told_in_the_order_of_the_outcomes():
    assert tally_in_words({"refused": 1, "certified": 2}) == "Certification : 2 voix, Refus : 1 voix"


@given(st.lists(OUTCOMES, min_size=1, max_size=9))
def test_no_outcome_wins_with_fewer_votes_than_another(votes):
    tally = {outcome: votes.count(outcome) for outcome in set(votes)}
    try:
        result = result_of(tally, casting=votes[0])
    except TieWithoutCastingVoteError:
        assert tally[votes[0]] < max(tally.values())
    else:
        assert tally[result] == max(tally.values())
