"""The time of a soutenance, read from its moves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assessments.clock import Clock, Happened, clock_at
from assessments.enums import ClockMove
from assessments.models import ClockEvent, Soutenance
from assessments.queries.soutenances import phases_of


@dataclass(frozen=True)
class ClockReading:
    """The clock of a soutenance as it stands at ``server_time``; ``number`` counts its moves."""

    clock: Clock
    number: int
    moves: list[ClockMove]
    server_time: datetime


def reading_of(soutenance: Soutenance, *, at: datetime) -> ClockReading:
    """What a screen shows of the clock: one query for the moves, unless they were prefetched.

    Once a soutenance has left the hands of its évaluateurs its clock stands where it was last moved.
    """
    events = list(soutenance.clock_events.all())
    until = at if soutenance.is_markable or not events else events[-1].at
    clock = clock_of(soutenance, events, at=until)
    return ClockReading(clock, len(events), sorted(clock.moves) if soutenance.is_markable else [], at)


def clock_of(soutenance: Soutenance, events: Iterable[ClockEvent], *, at: datetime) -> Clock:
    """The clock of ``soutenance`` at ``at``, given its moves in order (R-SCO-7, R-CAN-3)."""
    happened = [Happened(ClockMove(event.move), event.at, event.minutes or 0, event.note) for event in events]
    return clock_at(phases_of(soutenance), happened, at)
