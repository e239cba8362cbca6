"""Real processes on a PostgreSQL database and a Redis number of their own."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis
from django.db import connection
from django.test import override_settings

from tests.services.installation import LEASE, Installation, own_database, own_redis

DATABASE_URL = os.environ.get("DATABASE_URL", "")
REDIS_SERVER = os.environ.get("REDIS_TEST_URL", "redis://127.0.0.1:6379")
NUMBERS = (9, 8, 7)  # of Redis's databases: a run takes one, two runs on one machine take two


@pytest.fixture(scope="session")
def services() -> None:
    """PostgreSQL and Redis answer; otherwise the tests are skipped and say so, and in CI they fail."""
    try:
        assert DATABASE_URL.startswith("postgres"), "DATABASE_URL does not name a PostgreSQL server"
        psycopg2.connect(DATABASE_URL.rpartition("/")[0] + "/postgres").close()
        redis.Redis.from_url(REDIS_SERVER).ping()
    except (AssertionError, psycopg2.Error, redis.RedisError) as error:
        reason = f"PostgreSQL and Redis are needed, and are NOT there: {error}"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


@pytest.fixture(scope="session")
def redis_url(services: None) -> Iterator[str]:
    """A Redis number that no other run of these tests on this machine uses meanwhile."""
    for number in NUMBERS:
        taken = Path(tempfile.gettempdir()) / f"parchemin-services-redis-{number}.lock"
        with taken.open("w") as lock, suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield f"{REDIS_SERVER}/{number}"
            return
    pytest.fail(f"Other runs of these tests hold the Redis numbers {NUMBERS}.")


@pytest.fixture(scope="module")
def installation(
    redis_url: str, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[Installation]:
    """A migrated installation; the ORM of this process is connected to its database meanwhile."""
    folder = tmp_path_factory.mktemp("installation")
    name = f"parchemin_services_{os.getpid()}"
    with own_database(DATABASE_URL, name) as url, django_db_blocker.unblock():
        usual = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = name
        installed = Installation(folder, url, redis_url)
        migrated = installed.manage("migrate", "--verbosity", "0")
        assert migrated.returncode == 0, migrated.stderr
        with override_settings(DATA_DIR=folder, FILES_DIR=folder / "files", JOB_LEASE=timedelta(seconds=LEASE)):
            yield installed
        installed.close()
        connection.close()
        connection.settings_dict["NAME"] = usual


@pytest.fixture
def broker(installation: Installation, redis_url: str) -> Iterator[redis.Redis]:
    """Our Redis number, empty before and after; the workers started in a test end with it."""
    client = own_redis(redis_url)
    yield client
    installation.end_workers()
    client.flushdb()
    client.close()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Installation]:
    """An installation without any server: a SQLite file, migrated."""
    installed = Installation(tmp_path, f"sqlite:///{tmp_path / 'parchemin.sqlite3'}")
    migrated = installed.manage("migrate", "--verbosity", "0")
    assert migrated.returncode == 0, migrated.stderr
    yield installed
    installed.close()
