"""The time of a soutenance, computed from what happened to its clock (R-SCO-7, R-CAN-3). Pure.

A *pause* stops the time of the phase: breaks are never counted. A technical *incident* does not: the phase goes by
while the candidate cannot speak, so its minutes, each incident rounded up, are proposed as time to give back.
Nothing here blocks anything: a phase may last longer than planned, and says by how much.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from assessments.enums import ClockMove, ClockState
from assessments.timing import Phase

MINUTE = timedelta(minutes=1)
NOTHING = timedelta(0)

LAWFUL_MOVES: dict[ClockState, frozenset[ClockMove]] = {
    ClockState.NOT_STARTED: frozenset({ClockMove.START}),
    ClockState.RUNNING: frozenset(
        {ClockMove.NEXT_PHASE, ClockMove.PAUSE, ClockMove.INCIDENT, ClockMove.EXTRA, ClockMove.END}
    ),
    ClockState.PAUSED: frozenset({ClockMove.RESUME, ClockMove.EXTRA, ClockMove.END}),
    ClockState.INCIDENT: frozenset({ClockMove.RESUME, ClockMove.EXTRA, ClockMove.END}),
    ClockState.ENDED: frozenset({ClockMove.RESUME}),  # ended by mistake: what lies between is a pause
}

_BECOMES = {
    ClockMove.START: ClockState.RUNNING,
    ClockMove.PAUSE: ClockState.PAUSED,
    ClockMove.INCIDENT: ClockState.INCIDENT,
    ClockMove.RESUME: ClockState.RUNNING,
    ClockMove.END: ClockState.ENDED,
}


@dataclass(frozen=True)
class Happened:
    """One move of the clock and its instant; ``minutes`` of an EXTRA, ``note`` of an INCIDENT."""

    move: ClockMove
    at: datetime
    minutes: int = 0
    note: str = ""


@dataclass(frozen=True)
class PhaseTime:
    """A phase as planned (tiers-temps and time given back inside) and how much of it went by, pauses left out."""

    name: str
    planned: timedelta
    extra_minutes: int
    elapsed: timedelta

    @property
    def remaining(self) -> timedelta:
        return max(NOTHING, self.planned - self.elapsed)

    @property
    def overrun(self) -> timedelta:
        return max(NOTHING, self.elapsed - self.planned)


@dataclass(frozen=True)
class Incident:
    """A technical incident; ``ended_at`` is None while it lasts, and its minutes are those lost so far."""

    started_at: datetime
    ended_at: datetime | None
    note: str
    minutes: int


@dataclass(frozen=True)
class Clock:
    """Everything a screen or a dossier says of the time; ``index`` is the current phase's."""

    state: ClockState
    index: int
    phases: tuple[PhaseTime, ...]
    incidents: tuple[Incident, ...]
    started_at: datetime | None
    ended_at: datetime | None
    since: datetime | None

    @property
    def phase(self) -> PhaseTime:
        return self.phases[self.index]

    @property
    def is_counting(self) -> bool:
        return self.state in (ClockState.RUNNING, ClockState.INCIDENT)

    @property
    def is_last_phase(self) -> bool:
        return self.index == len(self.phases) - 1

    @property
    def planned(self) -> timedelta:
        return sum((phase.planned for phase in self.phases), NOTHING)

    @property
    def elapsed(self) -> timedelta:
        return sum((phase.elapsed for phase in self.phases), NOTHING)

    @property
    def remaining(self) -> timedelta:
        """What is left of the phase under way and of those to come; time over in one is not taken from the next."""
        return sum((phase.remaining for phase in self.phases[self.index :]), NOTHING)

    @property
    def extra_minutes(self) -> int:
        return sum(phase.extra_minutes for phase in self.phases)

    @property
    def incident_minutes(self) -> int:
        return sum(incident.minutes for incident in self.incidents)

    @property
    def to_give_back(self) -> int:
        """Minutes lost in incidents and not given back yet: what the screen proposes (R-SCO-7)."""
        return max(0, self.incident_minutes - self.extra_minutes)

    @property
    def moves(self) -> frozenset[ClockMove]:
        """What may happen next."""
        lawful = LAWFUL_MOVES[self.state]
        return lawful - {ClockMove.NEXT_PHASE} if self.is_last_phase else lawful


def clock_at(phases: Sequence[Phase], happened: Iterable[Happened], at: datetime) -> Clock:
    """The clock at the instant ``at``, from its (lengthened) phases and its moves in order."""
    run = _Run(phases)
    for move in happened:
        run.take(move)
    run.settle(max(at, run.settled_at or at))
    return run.clock()


@dataclass
class _Run:
    """The clock as it goes through its moves."""

    phases: Sequence[Phase]
    state: ClockState = ClockState.NOT_STARTED
    index: int = 0
    elapsed: dict[int, timedelta] = field(default_factory=dict)
    extra: dict[int, int] = field(default_factory=dict)
    incidents: list[Incident] = field(default_factory=list)
    started_at: datetime | None = None
    ended_at: datetime | None = None
    since: datetime | None = None
    settled_at: datetime | None = None

    def take(self, happened: Happened) -> None:
        self.settle(happened.at)
        self._close_incident(happened)
        if happened.move == ClockMove.EXTRA:
            self.extra[self.index] = self.extra.get(self.index, 0) + happened.minutes
            return
        if happened.move == ClockMove.NEXT_PHASE:
            self.index = min(self.index + 1, len(self.phases) - 1)
        if happened.move == ClockMove.START:
            self.started_at = happened.at
        if happened.move == ClockMove.INCIDENT:
            self.incidents.append(Incident(happened.at, None, happened.note, 0))
        self.state = _BECOMES.get(happened.move, self.state)
        self.ended_at = happened.at if happened.move == ClockMove.END else None
        self.since = happened.at

    def settle(self, at: datetime) -> None:
        """Count the time since the last settlement in the phase under way, unless it stands still."""
        if self.settled_at and self.state in (ClockState.RUNNING, ClockState.INCIDENT):
            self.elapsed[self.index] = self.elapsed.get(self.index, NOTHING) + (at - self.settled_at)
        self.settled_at = at
        if self.state == ClockState.INCIDENT:
            current = self.incidents[-1]
            self.incidents[-1] = Incident(current.started_at, None, current.note, _minutes(current.started_at, at))

    def _close_incident(self, happened: Happened) -> None:
        if self.state == ClockState.INCIDENT and happened.move in (ClockMove.RESUME, ClockMove.END):
            current = self.incidents[-1]
            self.incidents[-1] = Incident(current.started_at, happened.at, current.note, current.minutes)

    def clock(self) -> Clock:
        return Clock(
            state=self.state,
            index=self.index,
            phases=tuple(self._phase(rank, phase) for rank, phase in enumerate(self.phases)),
            incidents=tuple(self.incidents),
            started_at=self.started_at,
            ended_at=self.ended_at,
            since=self.since,
        )

    def _phase(self, rank: int, phase: Phase) -> PhaseTime:
        extra = self.extra.get(rank, 0)
        return PhaseTime(phase.name, (phase.minutes + extra) * MINUTE, extra, self.elapsed.get(rank, NOTHING))


def _minutes(start: datetime, end: datetime) -> int:
    """Whole minutes, rounded up: what is lost in an incident is never rounded against the candidate."""
    return ceil((end - start) / MINUTE)
