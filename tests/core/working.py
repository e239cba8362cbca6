"""A handler for tests, and what happens to jobs as time passes."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from core import jobs
from core.jobs import Effect
from core.models import Job


class Press:
    """A handler that counts what it did, and fails as long as it has errors to raise."""

    def __init__(self) -> None:
        self.prepared = 0
        self.written = 0
        self.errors: list[BaseException] = []

    def __call__(self, job: Job) -> Effect:
        self.prepared += 1
        if self.errors:
            raise self.errors.pop(0)
        return self.effect

    def effect(self) -> dict[str, Any]:
        self.written += 1
        return {"written": self.written}


def order(evidence: str = "preuve") -> Job:
    return jobs.order("test", subject="1", evidence=evidence, label="Essai")


def let_time_pass(job: Job, **fields: Any) -> None:
    """As if the lease, or the wait before the next attempt, were over."""
    Job.objects.filter(pk=job.pk).update(**fields or {"leased_until": timezone.now() - timedelta(seconds=1)})


def fail(press: Press, job: Job, error: BaseException, times: int = 1) -> None:
    for _ in range(times):
        press.errors.append(error)
        let_time_pass(job, due_at=timezone.now())
        jobs.run(job.pk)
    job.refresh_from_db()
