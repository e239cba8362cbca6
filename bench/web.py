"""What a mark and a grille cost the server, beside floors measured in the same breath; no network, no test client."""

import gc
import json
import secrets
import statistics
import sys
import time
from collections.abc import Callable
from io import BytesIO
from typing import NamedTuple
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from accounts.models import User
from assessments.models import Soutenance
from assessments.queries.review import criteres_of
from referentiel.models import Competence, Referentiel
from tests import scenes

ROUNDS = 400
WARM_UP = 60  # more than the CE of the grille: what is measured changes marks that exist, as most changes do
MARKING_GOAL = 3.0


class Browser:
    """Calls the WSGI application as one logged-in person."""

    def __init__(self, person: User) -> None:
        self.application = get_wsgi_application()
        self.csrf = secrets.token_hex(16)
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={self.csrf}"

    def call(self, method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
        """The body of a successful answer."""
        answered: list[str] = []
        parts = self.application(self._environ(method, path, body, headers), lambda status, _: answered.append(status))
        content = b"".join(parts)
        parts.close()
        assert answered[0].startswith("200"), f"{method} {path}: {answered[0]} {content[:500]!r}"
        return content

    def _environ(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> dict[str, object]:
        return {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": "127.0.0.1",
            "HTTP_COOKIE": self.cookies,
            "HTTP_X_CSRFTOKEN": self.csrf,
            "wsgi.input": BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            **headers,
        }


class Marking:
    """Marks one CE after the other, round and round, each time with another content."""

    def __init__(self, browser: Browser, soutenance: Soutenance) -> None:
        self.browser = browser
        self.address = f"/api/v1/soutenances/{soutenance.pk}/marks/"
        self.criteres = [critere.pk for critere in criteres_of(scenes.grille_of(soutenance))]
        self.done = 0

    def __call__(self) -> None:
        turn, index = divmod(self.done, len(self.criteres))
        verdict = "non_acquis" if turn % 2 else "acquis"
        body = {"verdict": verdict, "comment": "Démarche claire, choix justifiés.", "private_note": ""}
        headers = {"HTTP_IF_MATCH": f'"{turn}"', "HTTP_IDEMPOTENCY_KEY": str(uuid4())}
        self.browser.call("PUT", f"{self.address}{self.criteres[index]}/", json.dumps(body).encode(), **headers)
        self.done += 1


class Way(NamedTuple):
    """Something measured, the name of the floor it is compared with, and the ratio it must keep."""

    name: str
    act: Callable[[], object]
    floor: str
    goal: float | None = None


class Result(NamedTuple):
    """Milliseconds, and the median of the ratios to the floor run beside."""

    name: str
    p50: float
    p95: float
    ratio: float
    goal: float | None

    @property
    def is_missed(self) -> bool:
        return self.goal is not None and self.ratio > self.goal


def stage() -> Soutenance:
    """The real référentiel; a soutenance of its first bloc, 10 compétences and 58 CE."""
    call_command("loaddata", "expert_en_data_science", verbosity=0)
    enrolment = scenes.an_enrolment(Referentiel.objects.get())
    return scenes.a_soutenance(enrolment, competences=Competence.objects.filter(activite__bloc__number=1))


def ways(soutenance: Soutenance) -> list[Way]:
    browser = Browser(soutenance.evaluateur)
    grille = f"/soutenances/{soutenance.pk}/grille/"
    return [
        Way("GET that shows nothing", lambda: browser.call("GET", "/bench/nothing/"), "GET that shows nothing"),
        Way("grille of 10 compétences, 58 CE", lambda: browser.call("GET", grille), "GET that shows nothing"),
        Way("POST that writes one row", lambda: browser.call("POST", "/bench/one-row/"), "POST that writes one row"),
        Way("marking one CE", Marking(browser, soutenance), "POST that writes one row", MARKING_GOAL),
    ]


def measure(compared: list[Way], rounds: int = ROUNDS) -> list[Result]:
    """Run every way once per round, side by side, after rounds to warm up."""
    spent: dict[str, list[float]] = {way.name: [] for way in compared}
    gc.freeze()
    for turn in range(WARM_UP + rounds):
        for way in compared:
            start = time.perf_counter()
            way.act()
            if turn >= WARM_UP:
                spent[way.name].append((time.perf_counter() - start) * 1000)
    return [_result(way, spent[way.name], spent[way.floor]) for way in compared]


def _result(way: Way, times: list[float], floor: list[float]) -> Result:
    ratio = statistics.median(time / under for time, under in zip(times, floor, strict=True))
    return Result(way.name, statistics.median(times), statistics.quantiles(times, n=20)[-1], ratio, way.goal)


def main(rounds: int = ROUNDS) -> list[Result]:
    """Measure, print the table and return its rows. Django is set up by the caller, on a database of its own."""
    results = measure(ways(stage()), rounds)
    sys.stdout.write(f"{'milliseconds in the server':38}{'p50':>9}{'p95':>9}{'ratio':>8}{'goal':>8}\n")
    for result in results:
        goal = f"≤ {result.goal:g}" if result.goal else ""
        line = f"{result.name:38}{result.p50:9.2f}{result.p95:9.2f}{result.ratio:8.2f}{goal:>8}"
        sys.stdout.write(f"{line}{'  missed' if result.is_missed else ''}\n")
    return results
