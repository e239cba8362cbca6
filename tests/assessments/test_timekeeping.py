"""Moving the clock: once per operation, at the server's time, never in the way of marking (R-SCO-7)."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from time_machine import travel

from assessments.enums import SoutenanceState
from assessments.models import ClockEvent, Grille, Soutenance
from assessments.services.marking import OperationReused
from assessments.services.planning import leave_soutenance
from assessments.services.submission import submit
from assessments.services.timekeeping import Move, UnlawfulMove, move_clock
from core.exceptions import InvalidInput
from core.models import JournalEntry
from core.reconcile import problems
from tests import scenes
from tests.assessments.http import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def soutenance(grille: Grille) -> Soutenance:
    return grille.soutenance


def moved(soutenance: Soutenance, name: str, *, operation: UUID | None = None, **asked: object) -> ClockEvent:
    found = Soutenance.objects.select_related("enrolment__referentiel__reglement", "evaluateur").get(pk=soutenance.pk)
    return move_clock(found, asked=Move(name, **asked), operation=operation or uuid4(), by=found.evaluateur)


def test_starting_the_clock_starts_a_planned_soutenance(soutenance):
    """R-SCO-1."""
    event = moved(soutenance, "start")
    soutenance.refresh_from_db()
    assert (soutenance.state, soutenance.started_at) == (SoutenanceState.RUNNING, event.at)


def test_a_soutenance_that_a_mark_started_keeps_its_start(grille):
    scenes.mark_all(grille)
    grille.soutenance.refresh_from_db()
    started = grille.soutenance.started_at
    moved(grille.soutenance, "start")
    grille.soutenance.refresh_from_db()
    assert grille.soutenance.started_at == started


def test_each_move_is_journaled_with_its_operation(soutenance):
    event = moved(soutenance, "start")
    entry = JournalEntry.objects.get(verb="clock.moved")
    assert (entry.operation, entry.subject_id) == (event.pk, str(soutenance.pk))
    assert entry.data["move"] == "start"
    assert problems() == []


def test_a_replay_adds_nothing_and_gives_back_the_first_event(soutenance):
    operation = uuid4()
    first = moved(soutenance, "start", operation=operation)
    again = moved(soutenance, "start", operation=operation)
    assert (again.pk, again.at, again.number) == (first.pk, first.at, 1)
    assert JournalEntry.objects.filter(verb="clock.moved").count() == 1


def test_a_replay_is_answered_even_when_the_move_would_no_longer_be_lawful(soutenance):
    operation = uuid4()
    moved(soutenance, "start")
    first = moved(soutenance, "pause", operation=operation)
    moved(soutenance, "resume")
    moved(soutenance, "end")
    assert moved(soutenance, "pause", operation=operation) == first


def test_the_same_operation_with_another_content_is_refused(soutenance):
    operation = uuid4()
    moved(soutenance, "start", operation=operation)
    with pytest.raises(OperationReused):
        moved(soutenance, "pause", operation=operation)
    with pytest.raises(OperationReused):
        moved(scenes.a_soutenance(), "start", operation=operation)


def test_an_operation_that_served_for_a_mark_is_refused(grille):
    scenes.mark_all(grille)
    used = JournalEntry.objects.filter(verb="mark.changed").first().operation
    with pytest.raises(OperationReused):
        moved(grille.soutenance, "start", operation=used)


@pytest.mark.parametrize(
    ("before", "unlawful", "sentence"),
    [
        ([], "pause", "n’a pas commencé"),
        (["start"], "start", "tourne déjà"),
        (["start"], "resume", "tourne déjà"),
        (["start", "pause"], "next_phase", "en pause"),
        (["start", "next_phase"], "next_phase", "dernière phase"),
        (["start", "end"], "pause", "terminée"),
    ],
)
def test_an_unlawful_move_is_refused_with_its_reason(soutenance, before, unlawful, sentence):
    for name in before:
        moved(soutenance, name)
    with pytest.raises(UnlawfulMove, match=sentence):
        moved(soutenance, unlawful)
    assert ClockEvent.objects.count() == len(before)


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "extra"},
        {"name": "extra", "minutes": 0},
        {"name": "extra", "minutes": 181},
        {"name": "pause", "minutes": 3},
        {"name": "pause", "note": "Son coupé"},
        {"name": "incident", "note": " "},
        {"name": "incident", "note": "x" * 301},
        {"name": "incident", "note": "deux\nlignes"},
        {"name": "pause", "seconds_ago": 10_801},
        {"name": "pause", "seconds_ago": -1},
    ],
)
def test_what_cannot_be_understood_is_refused(soutenance, asked):
    moved(soutenance, "start")
    with pytest.raises(InvalidInput):
        moved(soutenance, **asked)
    assert ClockEvent.objects.count() == 1


def test_nothing_starts_before_its_day():
    tomorrow = scenes.a_soutenance(starts_at=timezone.now() + timedelta(days=1))
    with pytest.raises(Exception, match="elle s’évalue à partir de ce jour"):
        moved(tomorrow, "start")


def test_a_soutenance_that_does_not_take_place_has_no_clock(soutenance):
    leave_soutenance(soutenance, to=SoutenanceState.ABSENT, reason="Absente.", by=scenes.a_manager())
    with pytest.raises(UnlawfulMove, match="ne bouge plus"):
        moved(soutenance, "start")


def test_a_late_end_is_recorded_and_marking_was_never_blocked(grille):
    """R-SCO-7: the timer informs."""
    moved(grille.soutenance, "start")
    with travel(timezone.now() + timedelta(hours=1), tick=True):
        scenes.mark_all(grille)
        moved(grille.soutenance, "end")
        submit(grille, by=grille.evaluateur)
    assert ClockEvent.objects.get(move="end").at > ClockEvent.objects.get(move="start").at + timedelta(hours=1)


def test_a_grille_is_submitted_without_any_clock(grille):
    scenes.mark_all(grille)
    submit(grille, by=grille.evaluateur)
    assert not ClockEvent.objects.exists()


def test_a_move_made_offline_is_dated_when_it_was_made(soutenance):
    start = moved(soutenance, "start")
    with travel(timezone.now() + timedelta(minutes=20), tick=True):
        pause = moved(soutenance, "pause", seconds_ago=600)
    assert timedelta(minutes=9) < pause.at - start.at < timedelta(minutes=11)


def test_a_move_overtaken_by_another_screen_is_refused(soutenance):
    moved(soutenance, "start")
    with pytest.raises(UnlawfulMove, match="a bougé depuis"):
        moved(soutenance, "pause", seconds_ago=300)


def test_the_order_holds_when_the_rounding_of_seconds_would_turn_it(soutenance):
    start = moved(soutenance, "start")
    pause = moved(soutenance, "pause", seconds_ago=3)
    assert pause.at == start.at


# --- Over HTTP


def post(client, soutenance, operation="", **body):
    return client.post(
        reverse("api:clock", args=[soutenance.pk]),
        body,
        content_type="application/json",
        headers={"Idempotency-Key": str(operation or uuid4())},
    )


def test_a_move_answers_with_the_clock_as_it_is_now(soutenance):
    client = client_of(soutenance.evaluateur)
    answer = post(client, soutenance, move="start").json()
    assert (answer["move"], answer["number"]) == ("start", 1)
    assert answer["clock"]["state"] == "running"
    assert answer["clock"]["phases"][0]["planned"] == 1200
    assert set(answer["clock"]["moves"]) == {"next_phase", "pause", "incident", "extra", "end"}


def test_the_clock_reads_at_the_server_s_time(soutenance):
    moved(soutenance, "start")
    with travel(timezone.now() + timedelta(minutes=5), tick=True):
        clock = client_of(soutenance.evaluateur).get(reverse("api:clock", args=[soutenance.pk])).json()
        assert 299 < clock["phases"][0]["elapsed"] < 303
        assert abs(datetime.fromisoformat(clock["server_time"]) - timezone.now()) < timedelta(seconds=2)


def test_a_manager_reads_the_clock_and_does_not_move_it(soutenance):
    manager = client_of(scenes.a_manager())
    assert manager.get(reverse("api:clock", args=[soutenance.pk])).status_code == 200
    assert post(manager, soutenance, move="start").status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"move": "dance"}, {"move": "extra", "minutes": "beaucoup"}, {"move": "pause", "seconds_ago": 99_999}]
)
def test_a_body_that_is_no_move_is_refused_in_french(soutenance, body):
    answer = post(client_of(soutenance.evaluateur), soutenance, **body)
    assert answer.status_code == 400
    assert "move" in answer.json()["detail"]


def test_a_move_without_an_operation_is_refused(soutenance):
    answer = client_of(soutenance.evaluateur).post(
        reverse("api:clock", args=[soutenance.pk]), {"move": "start"}, content_type="application/json"
    )
    assert answer.status_code == 400


def test_an_unlawful_move_answers_409_with_the_sentence(soutenance):
    answer = post(client_of(soutenance.evaluateur), soutenance, move="pause")
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "Le chronomètre n’a pas commencé : démarrez-le d’abord.",
    )


@pytest.mark.parametrize("moves", [1, 3])
def test_reading_the_clock_costs_the_same_whatever_happened(
    soutenance, moves: int, django_assert_num_queries: DjangoAssertNumQueries
):
    for name in ["start", "pause", "resume"][:moves]:
        moved(soutenance, name)
    client = client_of(soutenance.evaluateur)
    with django_assert_num_queries(5):
        client.get(reverse("api:clock", args=[soutenance.pk]))


def test_a_move_made_on_one_grille_is_not_the_other_evaluateur_s():
    """The session says who, Grille-Id whose page it was made on."""
    soutenance = scenes.a_soutenance(second_evaluateur=scenes.an_evaluateur())
    page = scenes.grille_of(soutenance)
    address = reverse("api:clock", args=[soutenance.pk])

    def post(by):
        headers = {"Idempotency-Key": str(uuid4()), "Grille-Id": str(page.pk)}
        answer = client_of(by).post(address, {"move": "start"}, content_type="application/json", headers=headers)
        return answer.status_code

    assert post(soutenance.second_evaluateur) == 404
    assert not ClockEvent.objects.exists()
    assert post(soutenance.evaluateur) == 200
