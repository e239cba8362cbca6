"""The product's own worker or runner, made to hang at one point of each job's first attempt, for a test to kill it.

`celery -A tests.services.faulty worker` or `python -m tests.services.faulty runjobs`. ``HANG_AT`` names the point;
each hanging job leaves a file named after it in ``HANG_IN``.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.core.management import execute_from_command_line

from config.celery import app

django.setup()

from core import files, jobs  # noqa: E402  # models need Django
from core.models import Job  # noqa: E402

__all__ = ["app"]

_claim, _finish, _write, _sync, _fsync = jobs.claim, jobs._finish, files.write, files._sync_directory, os.fsync
_current: dict[str, Job] = {}


def _remember(pk: Any) -> Job | None:
    if job := _claim(pk):
        _current["job"] = job
    return job


def _hang(point: str) -> None:
    job = _current.get("job")
    if job and job.attempts == 1 and os.environ["HANG_AT"] == point:
        (Path(os.environ["HANG_IN"]) / str(job.pk)).touch()
        time.sleep(600)


def _writing(content: bytes) -> str:
    _hang("before the file")
    return _write(content)


def _syncing(descriptor: int) -> None:
    _fsync(descriptor)
    _hang("between write and rename")


def _synced(directory: Path) -> None:
    _hang("after the rename")
    _sync(directory)


def _finishing(job: Job, effect: Callable[[], dict[str, Any]]) -> None:
    def then_hang() -> dict[str, Any]:
        result = effect()
        _hang("before the commit")
        return result

    _finish(job, then_hang)
    _hang("after the commit")


jobs.claim, jobs._finish = _remember, _finishing
files.write, files._sync_directory, files.os.fsync = _writing, _synced, _syncing  # type: ignore[attr-defined]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
