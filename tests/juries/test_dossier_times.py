"""The dossier prints the time of each soutenance as it happened (R-SCO-7, R-CAN-3)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from time_machine import travel

from assessments.services.submission import submit
from assessments.services.timekeeping import Move, move_clock
from juries.documents import dossier_html
from juries.queries.content import build_dossier
from tests import scenes

pytestmark = pytest.mark.django_db


def test_the_dossier_tells_the_time_as_it_happened() -> None:
    """R-SCO-7, R-CAN-3: phases, incidents with note and minutes, time given back, and the measure without a reason."""
    grille = scenes.grille_of(scenes.a_soutenance())
    soutenance, begun = grille.soutenance, timezone.now()
    for seconds, asked in (
        (0, Move("start")),
        (300, Move("incident", note="Son coupé")),
        (430, Move("resume")),
        (440, Move("extra", minutes=3)),
        (1500, Move("next_phase")),
        (2100, Move("end")),
    ):
        with travel(begun + timedelta(seconds=seconds), tick=False):
            move_clock(soutenance, asked=asked, operation=uuid4(), by=grille.evaluateur)
    scenes.mark_all(grille)
    submit(grille, by=grille.evaluateur)
    content = build_dossier(soutenance.enrolment, revision=1, generated_at=timezone.now()).content
    [time] = content["times"]
    assert [(phase["planned_minutes"], phase["elapsed_seconds"]) for phase in time["phases"]] == [(20, 1500), (10, 600)]
    assert (time["extra_minutes"], time["extra_time"]) == (3, "")
    assert [(incident["minutes"], incident["note"]) for incident in time["incidents"]] == [(3, "Son coupé")]
    assert time["ended_at"] is not None
    html = dossier_html(content, fingerprint="0" * 64)
    assert "Son coupé" in html
    assert "25:00 sur 20\u00a0min prévues" in html


def test_a_dossier_from_before_the_clock_is_still_printed() -> None:
    enrolment = scenes.an_enrolment()
    scenes.pass_soutenance(enrolment)
    content = build_dossier(enrolment, revision=1, generated_at=timezone.now()).content
    assert content["times"][0]["phases"] == []
    assert "n’a pas été utilisé" in dossier_html(content, fingerprint="0" * 64)
    del content["times"]
    assert "Temps des soutenances" not in dossier_html(content, fingerprint="0" * 64)
