"""Jobs that fail, or crash their process: tried again, then shown (R-ALL-2, R-ALL-4)."""

import logging
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection
from django.utils import timezone
from weasyprint.urls import FatalURLFetchingError

from core import jobs
from core.enums import JobState
from core.jobs import Effect
from core.models import Job, JournalEntry
from tests.accounts.factories import UserFactory
from tests.core.factories import JobFactory
from tests.core.working import Press, fail, let_time_pass, order

pytestmark = pytest.mark.django_db
SECRET = "dyslexie sévère"


# --- Failing --------------------------------------------------------------------------------------------------------


def test_a_failed_attempt_is_shown_and_waits_longer_each_time(press: Press) -> None:
    job = order()
    waits = []
    for _ in range(3):
        before = timezone.now()
        fail(press, job, OSError("disque absent"))
        waits.append(round((job.due_at - before).total_seconds()))

    assert waits == [2, 4, 8]
    assert (job.state, job.attempts, job.last_error) == (JobState.DUE, 3, "OSError : disque absent")
    assert jobs.due() == []


def test_after_five_attempts_a_job_is_failed_and_no_longer_tried(press: Press) -> None:
    job = order()
    fail(press, job, OSError("disque absent"), times=5)

    assert (job.state, job.attempts, job.last_error) == (JobState.FAILED, 5, "OSError : disque absent")
    let_time_pass(job, due_at=timezone.now())
    assert jobs.run(job.pk) is None
    assert jobs.run_due() == 0


@pytest.mark.django_db(transaction=True)
def test_a_failed_job_ordered_again_by_hand_starts_over(press: Press, woken: list[Any]) -> None:
    job = order()
    fail(press, job, OSError("disque absent"), times=5)

    person = UserFactory()
    assert jobs.order_again(job, by=person)

    told = JournalEntry.objects.get(verb="job.run_again")
    assert (told.actor, told.subject_id) == (person, str(job.pk))
    assert told.data["error"] == "OSError : disque absent"
    assert woken[-1] == job.pk
    assert jobs.run_due() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == (JobState.DONE, 1, "")


@pytest.mark.parametrize("state", [JobState.DUE, JobState.RUNNING, JobState.DONE])
def test_only_a_failed_job_is_ordered_again(state: JobState) -> None:
    job = JobFactory(state=state, attempts=3)

    assert not jobs.order_again(job, by=UserFactory())

    assert not JournalEntry.objects.exists()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (state, 3)


def test_an_error_that_is_no_exception_is_caught_too(press: Press) -> None:
    """weasyprint's FatalURLFetchingError derives from BaseException."""
    job = order()
    fail(press, job, FatalURLFetchingError("file:///etc/passwd"))

    assert not issubclass(FatalURLFetchingError, Exception)
    assert (job.state, job.last_error) == (JobState.DUE, "FatalURLFetchingError : file:///etc/passwd")


def test_a_kind_nobody_handles_fails_where_people_see_it() -> None:
    job = JobFactory(kind="inconnu")
    for _ in range(5):
        let_time_pass(job, due_at=timezone.now())
        jobs.run_due()

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.last_error == "NoHandlerError : Aucun programme ne sait faire ce travail (inconnu)."


def test_an_error_is_shown_by_its_message_and_nothing_it_holds(
    press: Press, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-ALL-4: neither a variable nor the cause of the error is kept or logged."""
    job = order()

    def careless(running: Job) -> Effect:
        mention = SECRET
        try:
            int(mention)
        except ValueError as error:
            raise OSError("disque absent") from error

    monkeypatch.setitem(jobs._handlers, "test", careless)
    with caplog.at_level(logging.DEBUG):
        jobs.run(job.pk)

    job.refresh_from_db()
    assert job.last_error == "OSError : disque absent"
    assert "careless" in caplog.text
    assert SECRET not in caplog.text


def test_a_database_error_never_quotes_the_row(press: Press, caplog: pytest.LogCaptureFixture) -> None:
    """PostgreSQL adds the failing row to its message."""
    job = order()
    fail(press, job, IntegrityError(f"null value in column\nDETAIL:  Failing row contains ({SECRET})."))

    assert job.last_error == "IntegrityError : null value in column"
    assert SECRET not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_database_that_fails_while_the_error_is_written_leaves_the_job_to_its_lease(press: Press) -> None:
    job = order()

    def unplugged(running: Job) -> Effect:
        raise DatabaseError("server closed the connection")

    jobs._handlers["test"] = unplugged
    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.DUE
    assert "server closed" in job.last_error


# --- Crashing -------------------------------------------------------------------------------------------------------


@pytest.fixture
def crash() -> Iterator[Callable[[Job], None]]:
    """Run a job in a child process that its handler ends at once, as a segmentation fault would."""

    def run(job: Job) -> None:
        def dies(running: Job) -> Effect:
            os._exit(139)

        jobs._handlers["test"] = dies
        connection.close()
        child = os.fork()
        if child == 0:
            jobs.run(job.pk)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 139

    yield run
    jobs._handlers.pop("test", None)


def test_a_job_that_crashed_its_process_is_tried_again_after_its_lease(
    database_on_disk: None, crash: Callable[[Job], None]
) -> None:
    job = order()
    crash(job)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.RUNNING, 1)
    assert jobs.due() == []

    let_time_pass(job)
    handler = Press()
    jobs._handlers["test"] = handler

    assert jobs.run_due() == 1
    assert handler.written == 1


def test_a_job_that_crashes_its_process_each_time_is_shown_as_failed() -> None:
    job = order()
    for _ in range(5):
        assert jobs.claim(job.pk) is not None
        let_time_pass(job)

    assert jobs.due() == []
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.last_error == "Le processus s’est arrêté pendant chaque essai."
