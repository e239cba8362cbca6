"""The lists of the ground, as its two pages show them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from core.enums import JobState
from core.journal import CONFIDENTIAL
from core.models import Job, JournalEntry

ENTRIES_PER_PAGE = 50

Concealment = Callable[[Any], Q]
"""From a reader to the entries they may not read yet, whatever their roles."""

_concealments: list[Concealment] = []


@dataclass(frozen=True)
class JobCounts:
    """How many jobs are in each state; ``unfinished`` ones will move without anyone's doing."""

    by_state: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def unfinished(self) -> int:
        return self.by_state[JobState.DUE] + self.by_state[JobState.RUNNING]


@dataclass(frozen=True)
class JournalPage:
    """Entries from the newest, and the number of the first one of the next page."""

    entries: list[JournalEntry]
    older: int | None


def conceals(concealment: Concealment) -> Concealment:
    """Declare entries that the journal's page keeps from some readers: an application knows of whom it says what."""
    _concealments.append(concealment)
    return concealment


def concealed_from(reader: Any) -> Q:
    """Every entry that some application keeps from ``reader``."""
    concealed = Q(pk__in=[])
    for concealment in _concealments:
        concealed |= concealment(reader)
    return concealed


def job_counts() -> JobCounts:
    counted = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    return JobCounts({state: counted.get(state, 0) for state in JobState.values})


def jobs_in(state: str) -> QuerySet[Job]:
    """Jobs in this state, or all of them, the latest ordered first."""
    jobs = Job.objects.order_by("-ordered_at", "pk")
    return jobs.filter(state=state) if state else jobs


def journal_head(concealed: Q) -> JournalEntry | None:
    """The latest entry the page may tell of: the number and time of a confidential one tell something already."""
    return _shown(concealed).order_by("-sequence").first()


def journal_page(
    concealed: Q, *, verb: str = "", subject: str = "", actor: str = "", up_to: int | None = None
) -> JournalPage:
    """Entries that match, from number ``up_to`` down; the cost does not grow with the journal.

    Confidential ones are left out: that they exist already tells something of their subject. So are those ``concealed``
    from the reader.

    ``subject`` is "type" or "type:identifier", ``actor`` an e-mail address.
    """
    subject_type, _, subject_id = subject.partition(":")
    wanted: dict[str, Any] = {
        "verb": verb,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "actor__email__iexact": actor,
        "sequence__lte": up_to,
    }
    found = _shown(concealed).filter(**{name: value for name, value in wanted.items() if value})
    entries = list(found.select_related("actor").order_by("-sequence")[: ENTRIES_PER_PAGE + 1])
    return JournalPage(entries[:ENTRIES_PER_PAGE], entries[-1].sequence if len(entries) > ENTRIES_PER_PAGE else None)


def _shown(concealed: Q) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.exclude(verb__startswith=CONFIDENTIAL).exclude(concealed)
