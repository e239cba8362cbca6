"""What other thresholds would have made of past grilles (R-REF-6). Pure: counts in, changes out; nothing is changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from assessments.verdicts import Rule, enough, enough_competences


@dataclass(frozen=True)
class Presented:
    """One compétence in one submitted soutenance: ``acquired`` of its ``total`` CE, effective verdicts."""

    enrolment: str
    soutenance: str
    held_on: date
    competence: str
    bloc: int
    acquired: int
    total: int
    mandatory_met: bool = True

    def is_acquired(self, rule: Rule) -> bool:
        return enough(self.acquired, self.total, mandatory_met=self.mandatory_met, rule=rule)


@dataclass(frozen=True)
class CompetenceChange:
    """A compétence presented whose outcome would differ."""

    presented: Presented
    gained: bool


@dataclass(frozen=True)
class BlocChange:
    """A bloc of one enrolment that would be gained, or lost."""

    enrolment: str
    bloc: int
    gained: bool


@dataclass(frozen=True)
class Simulation:
    """What ``before`` gave, what ``after`` would give, and what differs."""

    presented: int
    acquired_before: int
    acquired_after: int
    changed: tuple[CompetenceChange, ...]
    blocs: tuple[BlocChange, ...]

    @property
    def gained(self) -> int:
        return sum(change.gained for change in self.blocs)

    @property
    def lost(self) -> int:
        return len(self.blocs) - self.gained


def simulate(presented: Iterable[Presented], *, sizes: Mapping[int, int], before: Rule, after: Rule) -> Simulation:
    """Compare two rules on the same grilles; ``sizes`` gives the number of compétences of each bloc.

    A compétence counts once per enrolment, however many times it was presented (R-VAL-1).
    """
    rows = tuple(presented)
    return Simulation(
        presented=len(rows),
        acquired_before=sum(row.is_acquired(before) for row in rows),
        acquired_after=sum(row.is_acquired(after) for row in rows),
        changed=tuple(
            CompetenceChange(row, gained=row.is_acquired(after))
            for row in rows
            if row.is_acquired(before) != row.is_acquired(after)
        ),
        blocs=_bloc_changes(_blocs(rows, sizes, before), _blocs(rows, sizes, after)),
    )


def _blocs(rows: Iterable[Presented], sizes: Mapping[int, int], rule: Rule) -> set[tuple[str, int]]:
    """The blocs each enrolment has, by the grilles alone."""
    acquired: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for row in rows:
        if row.is_acquired(rule):
            acquired[row.enrolment, row.bloc].add(row.competence)
    return {key for key, codes in acquired.items() if enough_competences(len(codes), sizes[key[1]], rule=rule)}


def _bloc_changes(before: set[tuple[str, int]], after: set[tuple[str, int]]) -> tuple[BlocChange, ...]:
    return tuple(BlocChange(*key, gained=key in after) for key in sorted(before ^ after))
