"""The clock against the journal: each check finds what it is there to find (R-SCO-7)."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from assessments.models import ClockEvent
from assessments.services.timekeeping import Move, move_clock
from core import protection
from core.models import JournalEntry
from core.reconcile import problems
from tests import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident() -> Iterator[ClockEvent]:
    """A started clock and an incident; the triggers are gone, as for somebody who owns the database."""
    soutenance = scenes.a_soutenance()
    move_clock(soutenance, asked=Move("start"), operation=uuid4(), by=soutenance.evaluateur)
    event = move_clock(
        soutenance, asked=Move("incident", note="Son coupé"), operation=uuid4(), by=soutenance.evaluateur
    )
    assert problems() == []
    protection.remove()
    yield event
    protection.install()


@pytest.mark.parametrize(
    "altered",
    [{"note": "Le candidat parlait trop bas"}, {"move": "pause"}, {"at": "later"}],
    ids=["note", "move", "instant"],
)
def test_a_move_altered_behind_the_journal(incident: ClockEvent, altered: dict[str, object]) -> None:
    if altered.get("at"):
        altered = {"at": incident.at + timedelta(minutes=2)}
    ClockEvent.objects.filter(pk=incident.pk).update(**altered)

    assert problems() == [f"Le mouvement de chronomètre {incident.pk} n’est pas celui que dit le journal."]


def test_a_move_that_vanished(incident: ClockEvent) -> None:
    ClockEvent.objects.filter(pk=incident.pk).delete()

    assert problems() == [f"Le journal raconte le mouvement de chronomètre {incident.pk}, qui n’est pas enregistré."]


def test_a_move_that_nobody_journaled(incident: ClockEvent) -> None:
    slipped = ClockEvent.objects.create(
        soutenance=incident.soutenance, number=4, move="extra", minutes=30, at=incident.at, by=incident.by
    )

    assert problems() == [
        f"Le mouvement de chronomètre {slipped.pk} n’est pas celui que dit le journal.",
        f"Soutenance {incident.soutenance_id} : les mouvements de son chronomètre ne se suivent pas.",
    ]


def test_a_move_that_the_journal_lost(incident: ClockEvent) -> None:
    JournalEntry.objects.filter(operation=incident.pk).delete()

    assert f"Le mouvement de chronomètre {incident.pk} n’est pas celui que dit le journal." in problems()
