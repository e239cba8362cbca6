"""Jobs: the row is the record, a message is only a wake-up (R-ALL-2, R-ALL-3, R-VAL-4).

A service orders a job in its own transaction. A runner, woken by Celery or polling, claims it with one conditional
update (a lease and a fencing token), lets the handler do its slow work without writing, then applies the effect and
marks the job done in a single transaction that only the holder of the latest token can commit.
"""

import logging
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils import timezone
from weasyprint.urls import FatalURLFetchingError

from core import journal
from core.enums import JobState
from core.models import Job

logger = logging.getLogger(__name__)

Effect = Callable[[], dict[str, Any]]
"""What a handler hands back: writes its result in the runner's transaction and returns what to remember of it."""
Handler = Callable[[Job], Effect]
Waker = Callable[[UUID], None]

_handlers: dict[str, Handler] = {}
_wakers: list[Waker] = []


class LostLeaseError(Exception):
    """Another runner holds a newer token: this one's effect must not be written."""


class NoHandlerError(Exception):
    """Nothing in this version of Parchemin does jobs of this kind."""


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Declare the function that does the jobs of ``kind``."""

    def remember(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return remember


def wake_with(waker: Waker) -> None:
    """Declare how a runner is woken once a job is committed."""
    _wakers.append(waker)


def order(kind: str, *, subject: str, evidence: str, label: str) -> Job:
    """The job of this kind for this evidence, ordered once; it commits with the caller's change."""
    now = timezone.now()
    job, created = Job.objects.get_or_create(
        kind=kind, subject=subject, evidence=evidence, defaults={"label": label, "due_at": now, "ordered_at": now}
    )
    if created:
        transaction.on_commit(lambda: wake(job.pk), robust=True)
    return job


def order_again(job: Job, *, by: Any, spoilt: str = "") -> bool:
    """Make a failed job due again by hand; its attempts start over (R-ALL-2). False when it had not failed.

    ``by`` is the person, None for the system; the journal keeps who, and why it had failed. ``spoilt`` says what
    became of the result of a job already done, which is then done once more.
    """
    states = [JobState.FAILED, JobState.DONE] if spoilt else [JobState.FAILED]
    with transaction.atomic():
        found = Job.objects.select_for_update().filter(pk=job.pk, state__in=states).first()
        if found is None:
            return False
        Job.objects.filter(pk=job.pk).update(
            state=JobState.DUE, attempts=0, due_at=timezone.now(), woken_at=None, finished_at=None
        )
        data = {"kind": found.kind, "label": found.label, "error": spoilt or found.last_error}
        journal.record("job.run_again", found, by=by, data=data)
        transaction.on_commit(lambda: wake(job.pk), robust=True)
    return True


def wake(pk: UUID) -> None:
    for waker in _wakers:
        waker(pk)


def run(pk: UUID) -> JobState | None:
    """Do one job if it is there to be done; the state it ends in, or None when somebody else has it or it is over."""
    job = claim(pk)
    if job is None:
        return None
    try:
        _finish(job, _handler_of(job)(job))
    except LostLeaseError:
        logger.warning("job %s: a newer runner took over", job.pk)
        return None
    except (Exception, FatalURLFetchingError) as error:  # whatever it is, the job shows it
        return _put_back(job, error)
    return JobState.DONE


def _handler_of(job: Job) -> Handler:
    try:
        return _handlers[job.kind]
    except KeyError:
        raise NoHandlerError(f"Aucun programme ne sait faire ce travail ({job.kind}).") from None


def claim(pk: UUID) -> Job | None:
    """Take the lease of a due or abandoned job in one conditional update."""
    now = timezone.now()
    claimed = Job.objects.filter(_claimable(now), pk=pk, attempts__lt=settings.JOB_ATTEMPTS).update(
        state=JobState.RUNNING,
        token=F("token") + 1,
        attempts=F("attempts") + 1,
        leased_until=now + settings.JOB_LEASE,
    )
    return Job.objects.get(pk=pk) if claimed else None


def due() -> list[UUID]:
    """Jobs that a runner may claim now, oldest first; those abandoned at their last attempt are shown as failed."""
    now = timezone.now()
    abandoned = Job.objects.filter(state=JobState.RUNNING, leased_until__lt=now)
    abandoned.filter(attempts__gte=settings.JOB_ATTEMPTS).update(
        state=JobState.FAILED, leased_until=None, last_error="Le processus s’est arrêté pendant chaque essai."
    )
    return list(Job.objects.filter(_claimable(now)).order_by("due_at").values_list("pk", flat=True))


def to_wake() -> list[UUID]:
    """The due jobs no message has woken lately; remembers that they were woken now."""
    now = timezone.now()
    forgotten = Job.objects.filter(Q(woken_at=None) | Q(woken_at__lt=now - settings.JOB_WAKE_AGAIN), pk__in=due())
    keys = list(forgotten.values_list("pk", flat=True)[:500])
    Job.objects.filter(pk__in=keys).update(woken_at=now)
    return keys


def run_due() -> int:
    """Run everything that is due, in this process; how many jobs were run."""
    return sum(run(pk) is not None for pk in due())


def _claimable(now: Any) -> Q:
    return Q(state=JobState.DUE, due_at__lte=now) | Q(state=JobState.RUNNING, leased_until__lt=now)


def _finish(job: Job, effect: Effect) -> None:
    with transaction.atomic():
        mine = Job.objects.select_for_update().filter(pk=job.pk, token=job.token, state=JobState.RUNNING)
        if not mine.exists():
            raise LostLeaseError
        result = effect()
        mine.update(state=JobState.DONE, leased_until=None, finished_at=timezone.now(), last_error="", result=result)


def _put_back(job: Job, error: BaseException) -> JobState | None:
    """Due again a little later, or failed for people to see; None when a newer runner took over meanwhile."""
    words = _words_of(error)
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("job %s (%s) failed at attempt %s: %s\n%s", job.pk, job.kind, job.attempts, words, frames)
    state = JobState.FAILED if job.attempts >= settings.JOB_ATTEMPTS else JobState.DUE
    put_back = Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUNNING).update(
        state=state,
        leased_until=None,
        due_at=timezone.now() + timedelta(seconds=2**job.attempts),
        woken_at=None,
        last_error=words,
    )
    return state if put_back else None


def _words_of(error: BaseException) -> str:
    """The error's type and message; of a database's, the first line only: the next ones quote whole rows (R-ALL-4)."""
    message = str(error)
    if isinstance(error, DatabaseError):
        message = message.partition("\n")[0]
    return f"{type(error).__name__} : {message}"[:2000]
