"""Celery's side of the jobs: wake one, sweep what no message woke."""

import logging
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from celery import shared_task
from django.conf import settings
from kombu.exceptions import OperationalError

from core import anchors, jobs

logger = logging.getLogger(__name__)

BROKER_REST = 5.0  # seconds during which a broker that did not answer is not tried again


@dataclass
class _Broker:
    """What this process knows of the broker."""

    silent_until: float = float("-inf")


_broker = _Broker()


@shared_task
def run_job(pk: str) -> None:
    """Run one job; harmless when delivered twice."""
    jobs.run(UUID(pk))


@shared_task
def sweep() -> None:
    """Wake every due job whose message was lost (R-ALL-3)."""
    for pk in jobs.to_wake():
        run_job.delay(str(pk))


@shared_task
def anchor() -> None:
    """Write the journal's head to its second place."""
    anchors.drop_anchor()


def wake_worker(pk: UUID) -> None:
    """Send the wake-up, at once or not at all: without a broker the sweep, or the embedded runner, finds the row.

    The person who submits a grille waits for this: Celery's own connection would try again for six seconds.
    """
    if not settings.REDIS_URL or time.monotonic() < _broker.silent_until:
        return
    try:
        with run_job.app.connection_for_write(transport_options={"max_retries": 0}) as connection:
            options: dict[str, Any] = {"connection": connection, "retry": False}
            run_job.apply_async((str(pk),), **options)
    except OperationalError:
        _broker.silent_until = time.monotonic() + BROKER_REST
        logger.warning("job %s: the broker is away, the sweep will find it", pk)


jobs.wake_with(wake_worker)
