"""The time of a soutenance, from its moves (R-SCO-7, R-CAN-3)."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.clock import LAWFUL_MOVES, MINUTE, NOTHING, Clock, Happened, clock_at
from assessments.enums import ClockMove, ClockState
from assessments.timing import Phase, lengthen

USUAL = (Phase("Présentation", 20), Phase("Questions", 10))
NINE = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def seen(minutes: float, *moves: Happened, phases: tuple[Phase, ...] = USUAL) -> Clock:
    return clock_at(phases, moves, at(minutes))


def move(name: str, minutes: float, given: int = 0, note: str = "") -> Happened:
    return Happened(ClockMove(name), at(minutes), given, note)


def test_before_the_start_nothing_has_gone_by():
    clock = seen(50)
    assert clock.state == ClockState.NOT_STARTED
    assert (clock.elapsed, clock.remaining) == (NOTHING, 30 * MINUTE)
    assert clock.moves == {ClockMove.START}


def test_a_phase_lasts_its_minutes_and_then_says_by_how_much_it_is_over():
    begun = move("start", 0)
    assert seen(15, begun).phase.remaining == 5 * MINUTE
    late = seen(22.5, begun)
    assert (late.phase.remaining, late.phase.overrun) == (NOTHING, 2.5 * MINUTE)
    assert late.remaining == 10 * MINUTE, "time over in one phase is not taken from the next"


def test_the_tiers_temps_is_already_inside_each_phase():
    """R-CAN-3: 20 and 10 minutes with a third are 27 and 14."""
    clock = seen(0, phases=lengthen(USUAL, extra_time=Fraction(1, 3)))
    assert [phase.planned for phase in clock.phases] == [27 * MINUTE, 14 * MINUTE]


def test_a_pause_is_not_counted():
    clock = seen(60, move("start", 0), move("pause", 5), move("resume", 50))
    assert clock.elapsed == 15 * MINUTE


def test_the_minutes_of_an_incident_are_rounded_up_and_proposed_until_they_are_given_back():
    moves = [move("start", 0), move("incident", 5, note="Son coupé"), move("resume", 7.2)]
    clock = seen(8, *moves)
    assert (clock.incident_minutes, clock.to_give_back) == (3, 3)
    assert clock.incidents[0].note == "Son coupé"
    after = seen(9, *moves, move("extra", 8, 2))
    assert (after.extra_minutes, after.to_give_back) == (2, 1)
    assert after.phase.planned == 22 * MINUTE


def test_an_incident_under_way_already_says_what_it_costs():
    clock = seen(6.5, move("start", 0), move("incident", 5))
    assert (clock.state, clock.to_give_back, clock.incidents[0].ended_at) == (ClockState.INCIDENT, 2, None)
    assert clock.elapsed == 6.5 * MINUTE, "the phase goes by: that is what is given back"


def test_the_last_phase_has_no_next_one():
    clock = seen(21, move("start", 0), move("next_phase", 20))
    assert clock.phase.name == "Questions"
    assert ClockMove.NEXT_PHASE not in clock.moves


def test_an_end_is_dated_and_can_be_taken_back():
    ended = [move("start", 0), move("end", 28)]
    assert seen(99, *ended).ended_at == at(28)
    assert seen(99, *ended).elapsed == 28 * MINUTE
    again = seen(31, *ended, move("resume", 30))
    assert (again.state, again.ended_at, again.elapsed) == (ClockState.RUNNING, None, 29 * MINUTE)


@pytest.mark.parametrize("state", ClockState)
def test_every_state_has_its_lawful_moves(state):
    assert LAWFUL_MOVES[state]


@st.composite
def histories(draw):
    """Phases and a lawful history of at most twenty moves, in order."""
    phases = tuple(draw(st.lists(st.builds(Phase, st.just("Phase"), st.integers(1, 120)), min_size=1, max_size=4)))
    now, moves = NINE, []
    for _ in range(draw(st.integers(0, 20))):
        lawful = sorted(clock_at(phases, moves, now).moves)
        now += timedelta(seconds=draw(st.integers(0, 5000)))
        chosen = draw(st.sampled_from(lawful))
        moves.append(Happened(chosen, now, draw(st.integers(1, 60)) if chosen == ClockMove.EXTRA else 0))
    return phases, moves, now + timedelta(seconds=draw(st.integers(0, 5000)))


def stopped(moves: list[Happened], until: datetime) -> timedelta:
    """Time between a pause (or an end taken back) and what follows it, told another way than the clock's."""
    total, since = NOTHING, None
    for happened in moves:
        if happened.move == ClockMove.RESUME and since:
            total, since = total + (happened.at - since), None
        if happened.move in (ClockMove.PAUSE, ClockMove.END):
            since = since or happened.at
    return total + (until - since if since else NOTHING)


@given(histories())
def test_what_is_counted_is_the_time_since_the_start_without_the_pauses(history):
    phases, moves, until = history
    clock = clock_at(phases, moves, until)
    since_start = until - moves[0].at if moves else NOTHING
    assert clock.elapsed == since_start - stopped(moves, until)


@given(histories(), st.integers(0, 5000))
def test_time_never_goes_back(history, later):
    phases, moves, until = history
    before, after = clock_at(phases, moves, until), clock_at(phases, moves, until + timedelta(seconds=later))
    assert NOTHING <= before.elapsed <= after.elapsed
    assert before.phase.remaining >= after.phase.remaining
    assert before.to_give_back <= after.to_give_back


@given(histories())
def test_planned_time_is_that_of_the_phases_and_of_what_was_given_back(history):
    phases, moves, until = history
    clock = clock_at(phases, moves, until)
    given_back = sum(happened.minutes for happened in moves)
    assert clock.extra_minutes == given_back
    assert clock.planned == (sum(phase.minutes for phase in phases) + given_back) * MINUTE


@given(histories())
def test_each_incident_is_rounded_up_on_its_own(history):
    phases, moves, until = history
    for incident in clock_at(phases, moves, until).incidents:
        lost = (incident.ended_at or until) - incident.started_at
        assert incident.minutes == ceil(lost / MINUTE)
        assert incident.minutes * MINUTE - lost < MINUTE
