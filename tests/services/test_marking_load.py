"""Forty évaluateurs mark while web workers are killed under them: acknowledged means stored, once (R-SCO-3)."""

import os
import random
import signal
import threading
from contextlib import suppress

import pytest
from rest_framework.authtoken.models import Token

from assessments.models import Mark
from assessments.queries.review import criteres_of
from core.models import JournalEntry
from tests import scenes
from tests.referentiel.factories import build_referentiel
from tests.services.marking_load import Marker, p95, run_all

pytestmark = pytest.mark.services

EVALUATEURS = int(os.environ.get("LOAD_EVALUATEURS", "40"))
SECONDS = float(os.environ.get("LOAD_SECONDS", "120"))
KILL_EVERY = 2.0  # seconds
SERVER = ("--workers", "3", "--worker-class", "gthread", "--threads", "4", "--preload")


class Killer(threading.Thread):
    """`kill -9` of one web worker, our own, every so often."""

    def __init__(self, web) -> None:
        super().__init__()
        self.web, self.killed, self.over = web, 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(KILL_EVERY):
            with suppress(ProcessLookupError, IndexError):
                os.kill(random.choice(self.web.workers()), signal.SIGKILL)  # noqa: S311
                self.killed += 1


@pytest.fixture
def markers(installation):
    """`markers(web, n)`: so many évaluateurs, each before their own candidate, on one référentiel of forty CE."""
    referentiel = build_referentiel(competences=8, criteres=5)

    def make(web, number: int) -> list[Marker]:
        found = []
        for _ in range(number):
            grille = scenes.grille_of(scenes.a_soutenance(scenes.an_enrolment(referentiel)))
            token = Token.objects.create(user=grille.evaluateur).key
            criteres = [critere.pk for critere in criteres_of(grille)]
            found.append(Marker(web.address, grille.soutenance_id, token, criteres))
        return found

    return make


def test_forty_evaluateurs_mark_while_web_workers_are_killed(installation, markers, capsys) -> None:
    web = installation.web(None, *SERVER)
    first, alone = markers(web, 2)
    run_all([first], seconds=10)  # the workers load what they need
    run_all([alone], seconds=max(10.0, SECONDS / 6))
    together = markers(web, EVALUATEURS)
    killer = Killer(web)
    killer.start()
    run_all(together, seconds=SECONDS)
    killer.over.set()
    killer.join()

    everyone = [first, alone, *together]
    answered = sum(len(marker.acknowledged) for marker in everyone)
    with capsys.disabled():
        print(
            f"\n{EVALUATEURS} évaluateurs, {SECONDS:g} s, {killer.killed} workers killed: {answered} marks "
            f"acknowledged, "
            f"{sum(marker.again for marker in everyone)} sent again; p95 {p95(together):.0f} ms, "
            f"alone {p95([alone]):.0f} ms, ratio {p95(together) / p95([alone]):.1f}"
        )
    assert killer.killed >= SECONDS / KILL_EVERY / 2
    assert not [refusal for marker in everyone for refusal in marker.refused]
    assert answered >= EVALUATEURS * SECONDS / 3  # a server that answers nothing loses nothing either
    for marker in everyone:
        _expect_stored_once(marker)
    oracle = installation.manage("reconcile")
    assert oracle.returncode == 0, oracle.stdout + oracle.stderr


def _expect_stored_once(marker: Marker) -> None:
    """Each acknowledged change is one journal entry; each CE holds the last one acknowledged, and no other."""
    entries = JournalEntry.objects.filter(verb="mark.changed", operation__in=marker.acknowledged)
    told = {entry.operation: (entry.data["critere"], entry.data["version"]) for entry in entries}
    assert told == {operation: change[:2] for operation, change in marker.acknowledged.items()}
    last = {critere: (version, verdict) for critere, version, verdict in marker.acknowledged.values()}
    stored = Mark.objects.filter(grille__soutenance=marker.soutenance).values_list("critere", "version", "verdict")
    assert {critere: (version, verdict) for critere, version, verdict in stored} == last
