"""The fourth bloc becomes one dossier and one proposal, whatever dies in between (R-VAL-4, R-ALL-2, R-ALL-3).

Real gunicorn, `celery worker` and `celery beat`, on PostgreSQL and Redis; every scenario is told for twenty candidates.
"""

import signal
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
import redis
from rest_framework.authtoken.models import Token

from accounts.models import User
from core.enums import JobState
from core.models import Job
from core.reconcile import problems
from juries.models import Decision, Dossier
from referentiel.models import Referentiel
from tests import scenes
from tests.referentiel.factories import build_referentiel
from tests.services.acts import marked_but_for_the_submission
from tests.services.installation import CLOSED_PORT, POINTS, SOON, Installation, Web, expect, happens

pytestmark = pytest.mark.services
CANDIDATES = 20


@pytest.fixture(scope="module")
def referentiel(installation: Installation) -> Referentiel:
    return build_referentiel(blocs=4)


@pytest.fixture(scope="module")
def evaluateur(installation: Installation) -> User:
    return scenes.an_evaluateur()


@pytest.fixture(scope="module")
def web(installation: Installation) -> Web:
    return installation.web()


@pytest.fixture(scope="module")
def web_without_redis(installation: Installation) -> Web:
    """A web server whose broker does not answer."""
    return installation.web(CLOSED_PORT)


@pytest.fixture
def submit_all(broker: redis.Redis, web: Web, referentiel: Referentiel, evaluateur: User) -> Callable[..., list[UUID]]:
    """Submit the fourth bloc of a number of candidates over HTTP; their enrolments."""

    def submit(candidates: int = CANDIDATES, through: Web = web) -> list[UUID]:
        grilles = [marked_but_for_the_submission(referentiel, evaluateur=evaluateur) for _ in range(candidates)]
        token = Token.objects.get_or_create(user=evaluateur)[0].key
        assert {through.submit(grille.soutenance_id, token) for grille in grilles} == {204}
        return [grille.soutenance.enrolment_id for grille in grilles]

    return submit


def jobs_of(enrolments: list[UUID]) -> "list[str]":
    return list(Job.objects.filter(subject__in=map(str, enrolments)).values_list("state", flat=True))


def all_done(enrolments: list[UUID]) -> bool:
    return jobs_of(enrolments) == [JobState.DONE] * len(enrolments)


def expect_each_once(enrolments: list[UUID]) -> None:
    """Every dossier is there, none twice, and the whole installation agrees with itself."""
    expect(lambda: all_done(enrolments), SOON, f"jobs after {SOON} s: {jobs_of(enrolments)}")
    expected = sorted(enrolments)
    assert sorted(Dossier.objects.filter(enrolment__in=enrolments).values_list("enrolment", flat=True)) == expected
    proposals = Decision.objects.proposed().filter(enrolment__in=enrolments)
    assert sorted(proposals.values_list("enrolment", flat=True)) == expected
    assert problems() == []


def test_a_message_wakes_the_worker(installation, submit_all):
    """Without the sweep: the wake-up alone is enough when nothing is lost."""
    installation.worker()

    enrolments = submit_all()

    expect_each_once(enrolments)


def test_redis_emptied_before_the_worker_takes_the_messages(installation, broker, submit_all):
    enrolments = submit_all()
    assert broker.llen("celery") == CANDIDATES
    broker.flushdb()

    installation.worker()
    installation.beat()

    expect_each_once(enrolments)


def test_redis_away_when_the_grille_is_submitted(installation, broker, submit_all, web_without_redis):
    """Nobody waits for a broker that is not there, and the sweep finds the work."""
    started = time.monotonic()
    enrolments = submit_all(through=web_without_redis)
    assert time.monotonic() - started < 2 * CANDIDATES
    assert broker.llen("celery") == 0

    installation.worker()
    installation.beat()

    expect_each_once(enrolments)


def test_every_message_delivered_three_times(installation, broker, submit_all):
    enrolments = submit_all()
    for message in broker.lrange("celery", 0, -1):
        broker.rpush("celery", message, message)
    assert broker.llen("celery") == 3 * CANDIDATES

    installation.worker(JOB_LEASE_SECONDS="60")  # a slow machine must not look like a second try

    expect_each_once(enrolments)
    assert set(Job.objects.filter(subject__in=map(str, enrolments)).values_list("attempts", flat=True)) == {1}


@pytest.mark.parametrize("point", POINTS)
def test_worker_killed_in_the_middle_of_every_job(installation, submit_all, tmp_path: Path, point: str):
    """`kill -9` of the whole worker while each of its four processes is at the same point of a job."""
    worker = installation.worker("tests.services.faulty", HANG_AT=point, HANG_IN=str(tmp_path))
    enrolments = submit_all(CANDIDATES // len(POINTS))
    # Inside its transaction, the first one holds the end of the journal's chain: the others cannot come as far.
    at_the_point = 1 if point == "before the commit" else len(enrolments)
    expect(lambda: len(list(tmp_path.iterdir())) == at_the_point, SOON, "the jobs did not come to the point")
    installation.end(worker, signal.SIGKILL)

    installation.worker()
    installation.beat()

    expect_each_once(enrolments)


def test_without_the_sweep_a_lost_message_is_lost_work(installation, broker, submit_all):
    """The check is checked: with no beat the scenario above does time out."""
    enrolments = submit_all(1)
    broker.flushdb()
    installation.worker()

    assert not happens(lambda: JobState.DONE in jobs_of(enrolments), 8)

    installation.beat()
    expect_each_once(enrolments)


def test_the_command_says_that_all_agrees(installation):
    """After everything above."""
    reconciled = installation.manage("reconcile")

    assert reconciled.returncode == 0, reconciled.stdout + reconciled.stderr
    assert "Tout concorde." in reconciled.stdout
