"""Jobs: ordered once, run by one, never lost, never in silence (R-ALL-2, R-ALL-3, R-VAL-4)."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core import jobs, tasks
from core.enums import JobState
from core.jobs import Effect
from core.models import Job
from tests.core.factories import JobFactory
from tests.core.working import Press, let_time_pass, order

pytestmark = pytest.mark.django_db


# --- Ordering -------------------------------------------------------------------------------------------------------


def test_the_same_evidence_orders_once() -> None:
    assert order() == order()
    assert order("autre preuve") != order()
    assert Job.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_order_is_rolled_back_with_the_change_that_called_for_it(woken: list[Any]) -> None:
    with transaction.atomic():
        order()
        transaction.set_rollback(True)

    assert not Job.objects.exists()
    assert woken == []


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_woken_after_the_commit_and_once(woken: list[Any]) -> None:
    with transaction.atomic():
        job = order()
        assert woken == []
        order()

    assert woken == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_a_waker_that_breaks_does_not_break_what_ordered(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(pk: Any) -> None:
        raise OSError

    monkeypatch.setattr(jobs, "_wakers", [broken])

    with transaction.atomic():
        order()

    assert Job.objects.get().state == JobState.DUE


# --- Claiming -------------------------------------------------------------------------------------------------------


def test_a_claimed_job_is_not_claimed_again() -> None:
    job = order()

    first, second = jobs.claim(job.pk), jobs.claim(job.pk)

    assert first is not None
    assert first.leased_until is not None
    assert second is None


def test_of_runners_that_race_one_wins(database_on_disk: None, press: Press) -> None:
    job = order()
    ends: list[JobState | None] = []
    start = threading.Barrier(4)

    def race() -> None:
        start.wait()
        ends.append(jobs.run(job.pk))
        connection.close()

    runners = [threading.Thread(target=race) for _ in range(4)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()

    assert sorted(ends, key=str) == [None, None, None, JobState.DONE]
    assert press.written == 1


def test_delivered_three_times_a_job_runs_once(press: Press) -> None:
    job = order()

    for _ in range(3):
        tasks.run_job(str(job.pk))

    assert (press.prepared, press.written) == (1, 1)
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.DONE, {"written": 1})


def test_an_expired_lease_lets_another_runner_take_over_and_the_first_one_is_refused(press: Press) -> None:
    job = order()
    slow = jobs.claim(job.pk)
    assert slow is not None
    let_time_pass(job)

    assert jobs.run(job.pk) == JobState.DONE
    with pytest.raises(jobs.LostLeaseError):
        jobs._finish(slow, press.effect)

    assert press.written == 1


def test_a_runner_that_lost_its_lease_writes_nothing_and_says_nothing_happened(press: Press) -> None:
    job = order()

    def taken_over(running: Job) -> Effect:
        let_time_pass(running)
        jobs.claim(running.pk)
        return press.effect

    jobs._handlers["test"] = taken_over
    assert jobs.run(job.pk) is None

    job.refresh_from_db()
    assert (job.state, press.written) == (JobState.RUNNING, 0)


def test_a_late_error_does_not_disturb_the_runner_that_took_over(press: Press) -> None:
    job = order()

    def late_error(running: Job) -> Effect:
        let_time_pass(running)
        jobs.claim(running.pk)
        raise OSError

    jobs._handlers["test"] = late_error
    assert jobs.run(job.pk) is None

    job.refresh_from_db()
    assert (job.state, job.last_error) == (JobState.RUNNING, "")


def test_an_effect_that_fails_leaves_nothing_written(press: Press) -> None:
    def half_done(job: Job) -> Effect:
        def effect() -> dict[str, Any]:
            JobFactory(kind="left over")
            raise OSError

        return effect

    jobs._handlers["test"] = half_done
    order()
    jobs.run_due()

    assert not Job.objects.filter(kind="left over").exists()


# --- Sweeping -------------------------------------------------------------------------------------------------------


def test_the_sweep_wakes_what_was_not_woken_lately(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(tasks.run_job, "delay", sent.append)
    forgotten, abandoned = JobFactory(), JobFactory(state=JobState.RUNNING)
    long_ago = JobFactory(woken_at=timezone.now() - timedelta(hours=1))
    let_time_pass(abandoned)
    JobFactory(woken_at=timezone.now())
    JobFactory(due_at=timezone.now() + timedelta(hours=1))
    for state in (JobState.DONE, JobState.FAILED):
        JobFactory(state=state)

    tasks.sweep()
    tasks.sweep()

    assert sorted(sent) == sorted(str(job.pk) for job in (forgotten, abandoned, long_ago))


def test_without_redis_no_message_is_tried(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = ""
    monkeypatch.setattr(tasks.run_job, "apply_async", pytest.fail)

    tasks.wake_worker(JobFactory().pk)
