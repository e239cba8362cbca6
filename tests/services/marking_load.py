"""Évaluateurs who mark at once over HTTP, each as a browser would: the same operation again until it is answered."""

import http.client
import json
import random
import statistics
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import UUID, uuid4

PATIENCE = 90  # seconds before one mark is given up, and the test with it, rather than asking for ever
PAUSE = (0.5, 1.5)  # seconds between two marks of one person: faster than anybody judges


@dataclass
class Marker:
    """One évaluateur, one soutenance; what they were told is stored, and how long each answer took."""

    address: str
    soutenance: UUID
    token: str
    criteres: Sequence[int]
    acknowledged: dict[UUID, tuple[int, int, str]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    again: int = 0
    refused: list[str] = field(default_factory=list)

    def mark_until(self, end: float) -> None:
        """Judge one CE after the other, round and round, at a human pace, until the monotonic time ``end``."""
        versions = dict.fromkeys(self.criteres, 0)
        time.sleep(random.uniform(0, PAUSE[1]))  # noqa: S311  # a pace, not a secret
        while time.monotonic() < end:
            for critere in self.criteres:
                versions[critere] = self._mark(critere, versions[critere])
                time.sleep(random.uniform(*PAUSE))  # noqa: S311
                if time.monotonic() >= end:
                    return

    def _mark(self, critere: int, version: int) -> int:
        operation, verdict = uuid4(), "non_acquis" if version % 2 else "acquis"
        body = json.dumps({"verdict": verdict, "comment": f"Vu à la reprise {version}."})
        start = time.monotonic()
        while True:
            status, answer = self._put(critere, version, operation, body)
            if status == HTTPStatus.OK:
                self.seconds.append(time.monotonic() - start)
                self.acknowledged[operation] = (critere, answer["version"], verdict)
                return int(answer["version"])
            if status and status < HTTPStatus.INTERNAL_SERVER_ERROR:
                self.refused.append(f"{status} {answer}")
                return version
            if time.monotonic() - start > PATIENCE:
                self.refused.append(f"no answer in {PATIENCE} s")
                return version
            self.again += 1
            time.sleep(0.1)

    def _put(self, critere: int, version: int, operation: UUID, body: str) -> tuple[int, dict[str, object]]:
        """Status and body; (0, {}) when the connection broke, and nobody knows whether it was stored."""
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=20)
        path = f"/api/v1/soutenances/{self.soutenance}/marks/{critere}/"
        headers = {
            "Authorization": f"Token {self.token}",
            "Content-Type": "application/json",
            "If-Match": f'"{version}"',
            "Idempotency-Key": str(operation),
        }
        with suppress(OSError, http.client.HTTPException, ValueError):
            connection.request("PUT", path, body=body.encode(), headers=headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        connection.close()
        return 0, {}


def run_all(markers: Iterable[Marker], *, seconds: float) -> None:
    """Let them mark together for so long, each in a thread; returns when the last answer came."""
    end = time.monotonic() + seconds
    threads = [threading.Thread(target=marker.mark_until, args=(end,)) for marker in markers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def p95(markers: Iterable[Marker]) -> float:
    """In milliseconds, retries included: what the person waits for."""
    return statistics.quantiles([spent for marker in markers for spent in marker.seconds], n=20)[-1] * 1000
