"""What an operator types: `runjobs`, `verify_journal`, `reconcile`."""

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from core import anchors, jobs, protection
from core.anchors import drop_anchor
from core.enums import JobState
from core.models import Job, JournalEntry
from tests.accounts.factories import UserFactory
from tests.core.factories import JobFactory, record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR, settings.FILES_DIR = tmp_path, tmp_path / "files"
    return tmp_path


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(jobs._handlers, "test", lambda _: dict)


def run_until(condition: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the embedded runner, and stop it as an operator would once ``condition`` holds."""

    def stop() -> None:
        end = time.monotonic() + 10
        while not condition() and time.monotonic() < end:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    handlers = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    operator = threading.Thread(target=stop)
    # The test's own connection holds its transaction: the runner must not close it.
    monkeypatch.setattr("core.management.commands.runjobs.close_old_connections", lambda: None)
    operator.start()
    try:
        call_command("runjobs", every=0.02)
    finally:
        operator.join()
        for name, handler in handlers.items():
            signal.signal(name, handler)


# --- runjobs --------------------------------------------------------------------------------------------------------


def test_runjobs_once_runs_what_is_due_and_stops(handled: None) -> None:
    job = JobFactory()

    call_command("runjobs", once=True)

    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_runjobs_goes_on_until_it_is_told_to_stop(handled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    record("test.done", UserFactory())
    JobFactory()
    passes = count_passes(monkeypatch)

    run_until(lambda: len(passes) >= 3, monkeypatch)

    assert Job.objects.get().state == JobState.DONE
    assert anchors.anchors_file().exists()


def test_runjobs_survives_a_database_that_does_not_answer(handled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    JobFactory()
    passes = count_passes(monkeypatch, failing=2)

    run_until(lambda: len(passes) >= 4, monkeypatch)

    assert Job.objects.get().state == JobState.DONE


def count_passes(monkeypatch: pytest.MonkeyPatch, *, failing: int = 0) -> list[int]:
    """One item per pass of the runner; the first ones find no database."""
    passes: list[int] = []
    run_due = jobs.run_due

    def run() -> int:
        passes.append(1)
        if len(passes) <= failing:
            raise OperationalError("server closed the connection unexpectedly")
        return run_due()

    monkeypatch.setattr(jobs, "run_due", run)
    return passes


# --- verify_journal -------------------------------------------------------------------------------------------------


def test_verify_journal_says_how_many_entries_it_read(capsys: pytest.CaptureFixture[str]) -> None:
    record("test.done", UserFactory())
    drop_anchor()

    call_command("verify_journal")

    assert capsys.readouterr().out == "Journal intact : 2 entrées.\n"


def test_verify_journal_says_that_a_file_of_anchors_was_lost(capsys: pytest.CaptureFixture[str]) -> None:
    record("test.done", UserFactory())
    drop_anchor()
    anchors.anchors_file().unlink()
    drop_anchor()

    call_command("verify_journal")

    assert "perdu, puis recommencé (entrées 3)" in capsys.readouterr().out


def test_verify_journal_names_the_first_broken_link() -> None:
    for _ in range(3):
        record("test.done", UserFactory())
    protection.remove()
    JournalEntry.objects.filter(sequence=2).update(reason="Autre motif")
    protection.install()

    with pytest.raises(CommandError, match=r"Journal rompu à l.entrée 2 : son contenu"):
        call_command("verify_journal")


# --- reconcile ------------------------------------------------------------------------------------------------------


def test_reconcile_says_that_all_agrees(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reconcile")

    assert capsys.readouterr().out == "Tout concorde.\n"


def test_reconcile_lists_what_does_not_agree_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    jobs_in_silence = [JobFactory(state=JobState.FAILED) for _ in range(2)]

    with pytest.raises(CommandError, match=r"2 discordances\."):
        call_command("reconcile")

    shown = capsys.readouterr().out
    assert all(str(job.pk) in shown for job in jobs_in_silence)


def test_reconcile_agrees_with_the_whole_demo_story(settings: Any) -> None:
    settings.DEMO = True
    call_command("build_demo")
    drop_anchor()

    call_command("reconcile")
