"""`manage.py runjobs` on a SQLite file: no server, and nothing lost either (R-VAL-4)."""

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.services.installation import POINTS, SOON, Installation, expect, happens

pytestmark = pytest.mark.services


def count(embedded: Installation, rows: str) -> int:
    """How many ``rows`` ("core_job WHERE …") the database file holds, read without Django."""
    with closing(sqlite3.connect(embedded.folder / "parchemin.sqlite3", timeout=20)) as database:
        return int(database.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])  # our own words


def test_a_runner_killed_in_the_middle_of_every_job_and_started_again_produces_each_once(
    embedded: Installation, tmp_path: Path
) -> None:
    """Killed five times, at each point in turn: a runner takes the next job while the last one's lease runs."""
    embedded.order(len(POINTS))
    for n, point in enumerate(POINTS):
        hanging = tmp_path / f"hanging-{n}"
        hanging.mkdir()
        runner = embedded.runner("tests.services.faulty", HANG_AT=point, HANG_IN=str(hanging))
        expect(lambda: any(hanging.iterdir()), SOON, f"no job came to the point {point}")  # noqa: B023  # called now
        embedded.end(runner, signal.SIGKILL)

    embedded.runner()

    expect(lambda: count(embedded, "core_job WHERE state = 'done'") == len(POINTS), SOON, "jobs were lost")
    assert count(embedded, "core_job") == len(POINTS)
    assert count(embedded, "juries_dossier") == len(POINTS)
    assert count(embedded, "juries_decision WHERE stage = 'proposed'") == len(POINTS)
    reconciled = embedded.manage("reconcile")
    assert reconciled.returncode == 0, reconciled.stdout + reconciled.stderr


def test_without_a_runner_nothing_is_produced(embedded: Installation) -> None:
    """The check is checked."""
    embedded.order(1)

    assert not happens(lambda: count(embedded, "juries_dossier"), 3)
