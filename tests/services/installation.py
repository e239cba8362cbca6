"""A whole installation for one test module: its own database, Redis number, files and processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen

import psycopg2
import redis
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
OURS = ("_kombu", "celery", "unacked")  # what an interrupted run may leave in our Redis number
CLOSED_PORT = "redis://127.0.0.1:1/9"
LEASE = 4  # seconds
SOON = 60  # seconds a batch may take on a busy machine
POINTS = [
    "before the file",
    "between write and rename",
    "after the rename",
    "before the commit",
    "after the commit",
]


class Installation:
    """Starts the product's real commands on ``environment``; ``close`` ends the processes it started, by their ids."""

    def __init__(self, folder: Path, database_url: str, redis_url: str = "") -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "DATA_DIR": str(folder),
            "SECRET_KEY": settings.SECRET_KEY,
            "JOB_LEASE_SECONDS": str(LEASE),
            "JOB_WAKE_AGAIN_SECONDS": "1",
        }
        self._started: list[subprocess.Popen[bytes]] = []

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._run("manage.py", *arguments)

    def order(self, dossiers: int) -> None:
        """Submit the fourth bloc of so many candidates, in a process of its own."""
        done = self._run("-m", "tests.services.acts", str(dossiers))
        assert done.returncode == 0, done.stderr

    def worker(self, app: str = "config", **environment: str) -> subprocess.Popen[bytes]:
        """`celery worker`, ready to take messages."""
        options = ("--concurrency", "4", "--without-gossip", "--without-mingle", "--without-heartbeat")
        return self._start("celery", "-A", app, "worker", *options, ready="celery@", **environment)

    def beat(self) -> subprocess.Popen[bytes]:
        """`celery beat`: the sweep, every three seconds."""
        schedule = str(self.folder / f"beat-{len(self._started)}")
        return self._start(
            "celery", "-A", "config", "beat", "--loglevel", "info", "--schedule", schedule, ready="beat: Starting"
        )

    def runner(self, module: str = "manage", **environment: str) -> subprocess.Popen[bytes]:
        """`manage.py runjobs`, the embedded runner."""
        return self._start("python", "-m", module, "runjobs", "--every", "0.2", **environment)

    def web(self, redis_url: str | None = None, *options: str) -> "Web":
        """`gunicorn`, as the worker sees it or with a broker of its own."""
        port = free_port()
        broker = {} if redis_url is None else {"REDIS_URL": redis_url}
        master = self._start(
            "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", *options, ready="Booting worker", **broker
        )
        return Web(f"http://127.0.0.1:{port}", master)

    def end(self, process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> None:
        """End a process we started, with its children."""
        if process.poll() is None:
            os.killpg(process.pid, how)
        process.wait(timeout=30)

    def end_workers(self) -> None:
        for process in self._started:
            if "celery" in str(process.args):
                self.end(process, signal.SIGKILL)

    def close(self) -> None:
        for process in self._started:
            self.end(process, signal.SIGKILL)

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)

    def _start(self, program: str, *arguments: str, ready: str = "", **environment: str) -> subprocess.Popen[bytes]:
        log = self.folder / f"{len(self._started)}-{program}.log"
        command = [str(Path(sys.executable).with_name(program)), *arguments]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**self.environment, **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._started.append(process)
        expect(lambda: ready in log.read_text(), 30, f"{command} did not start: {log.read_text()}")
        return process


class Web:
    """The API of a running gunicorn."""

    def __init__(self, address: str, master: subprocess.Popen[bytes]) -> None:
        self.address = address
        self.master = master

    def workers(self) -> list[int]:
        """The identifiers of the worker processes our gunicorn started."""
        children = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def submit(self, soutenance: object, token: str) -> int:
        """Submit the grille of ``soutenance``; the status answered."""
        url = f"{self.address}/api/v1/soutenances/{soutenance}/submission/"
        request = Request(url, method="POST", headers={"Authorization": f"Token {token}"})  # noqa: S310  # our own
        try:
            with urlopen(request, timeout=30) as response:  # noqa: S310  # our own gunicorn
                return int(response.status)
        except HTTPError as error:
            return error.code


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def happens(condition: Callable[[], object], seconds: float) -> bool:
    """Whether ``condition`` becomes true within ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return bool(condition())


def expect(condition: Callable[[], object], seconds: float, otherwise: str) -> None:
    assert happens(condition, seconds), otherwise


@contextmanager
def own_database(url: str, name: str) -> Iterator[str]:
    """A PostgreSQL database that lives as long as the block; its URL."""
    server = psycopg2.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            server.close()


def own_redis(url: str) -> redis.Redis:
    """A Redis number with nothing but ours in it, emptied."""
    client = redis.Redis.from_url(url)
    strangers = [key for key in client.scan_iter() if not key.decode().startswith(OURS)]
    assert not strangers, f"{url} holds somebody else's keys: empty it, or name another server in REDIS_TEST_URL."
    client.flushdb()
    return client
