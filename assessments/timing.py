"""How long a soutenance lasts, tiers-temps included (R-CAN-3). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil


@dataclass(frozen=True)
class Phase:
    """A phase of a soutenance; ``minutes`` are whole."""

    name: str
    minutes: int


def lengthen(phases: Sequence[Phase], *, extra_time: Fraction) -> tuple[Phase, ...]:
    """Each phase with its extra time, rounded up to the minute (R-CAN-3, D613-26 C. éduc.)."""
    return tuple(Phase(phase.name, ceil(phase.minutes * (1 + extra_time))) for phase in phases)


def total_minutes(phases: Sequence[Phase]) -> int:
    return sum(phase.minutes for phase in phases)


def ends_at(starts_at: datetime, phases: Sequence[Phase]) -> datetime:
    """End of the slot, from its start and its (lengthened) phases."""
    return starts_at + timedelta(minutes=total_minutes(phases))
