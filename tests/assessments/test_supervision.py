"""The day as a manager follows it: who has started, who is late, who is away (R-SCO-7)."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from assessments.models import Presence, Soutenance
from assessments.queries.supervision import day_at
from tests import scenes
from tests.assessments.http import client_of
from tests.assessments.reading import at_work, read

FRAME = 3  # session, person, roles

pytestmark = pytest.mark.django_db


class TestPresenceAndSupervision:
    def tell(self, client: Client, soutenance: Soutenance, **said: object) -> object:
        address = reverse("api:presence", args=[soutenance.pk])
        return client.post(address, said, content_type="application/json")

    def test_it_is_written_at_most_every_ten_seconds(self) -> None:
        soutenance, grille = at_work()
        client = client_of(grille.evaluateur)
        start = timezone.now()
        with time_machine.travel(start, tick=False) as clock:
            answer = self.tell(client, soutenance, pending=2)
            assert answer.json()["now"]
            clock.shift(9)
            self.tell(client, soutenance, pending=5)
            assert Presence.objects.get().pending == 2
            clock.shift(1)
            self.tell(client, soutenance, pending=5)
        assert Presence.objects.get().pending == 5

    def test_a_page_that_closes_is_forgotten_unless_it_had_something_to_send(self) -> None:
        soutenance, grille = at_work()
        client = client_of(grille.evaluateur)
        self.tell(client, soutenance, pending=1)
        self.tell(client, soutenance, pending=1, leaving=True)
        assert Presence.objects.exists()
        self.tell(client, soutenance, pending=0, leaving=True)
        assert not Presence.objects.exists()

    def test_a_page_left_open_says_nothing_in_the_name_of_the_other_evaluateur(self) -> None:
        soutenance, grille = at_work(second_evaluateur=scenes.an_evaluateur())
        address = reverse("api:presence", args=[soutenance.pk])
        said = {"data": {"pending": 3}, "content_type": "application/json", "headers": {"Grille-Id": str(grille.pk)}}
        assert client_of(soutenance.second_evaluateur).post(address, **said).status_code == 404
        assert not Presence.objects.exists()
        assert client_of(grille.evaluateur).post(address, **said).status_code == 200

    @pytest.mark.parametrize("pending", [-1, "x", 10**9, None])
    def test_nonsense_is_refused(self, pending: object) -> None:
        soutenance, grille = at_work()
        assert self.tell(client_of(grille.evaluateur), soutenance, pending=pending).status_code == 400

    def test_what_the_day_shows(self) -> None:
        noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
        manager = scenes.a_manager()
        with time_machine.travel(noon, tick=False):
            late = scenes.a_soutenance(starts_at=noon - timedelta(minutes=6))
            over = scenes.a_soutenance(starts_at=noon - timedelta(minutes=31))
            silent = scenes.a_soutenance(starts_at=noon - timedelta(minutes=3))
        with time_machine.travel(noon - timedelta(minutes=31), tick=False):
            scenes.mark_all(scenes.grille_of(over))
        with time_machine.travel(noon - timedelta(seconds=46), tick=False):
            scenes.mark_all(scenes.grille_of(silent))
            self.tell(client_of(silent.evaluateur), silent, pending=4)

        rows = {row.soutenance.pk: row for row in day_at(noon, reader=manager).rows}

        assert (rows[late.pk].is_late, rows[late.pk].is_over_time) == (True, False)
        assert (rows[over.pk].is_over_time, rows[over.pk].is_offline) == (True, False)
        (grille,) = rows[silent.pk].grilles
        assert (grille.is_offline, grille.pending, grille.judged) == (True, 4, 2)
        assert not rows[silent.pk].is_over_time
        day = day_at(noon - timedelta(seconds=2), reader=manager)
        assert not next(row for row in day.rows if row.soutenance.pk == silent.pk).is_offline

    def test_a_tiers_temps_pushes_the_end(self) -> None:
        noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
        with time_machine.travel(noon - timedelta(minutes=31), tick=False):
            _, grille = at_work(starts_at=timezone.now())
            Soutenance.objects.update(extra_time="1/3")
            scenes.mark_all(grille)
        (row,) = day_at(noon, reader=scenes.a_manager()).rows
        assert not row.is_over_time

    @pytest.mark.parametrize("items", [1, 3])
    def test_the_part_that_refreshes_itself_costs_the_same(
        self, items: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(items):
            _, grille = at_work()
            Presence.objects.create(grille=grille, seen_at=timezone.now())
        client = client_of(scenes.a_manager())
        with django_assert_num_queries(FRAME + 4):
            answer = client.get(reverse("assessments:supervision"), headers={"HX-Request": "true"})
        assert "<html" not in answer.content.decode()

    def test_the_page_of_a_soutenance_costs_the_same(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        client = client_of(scenes.a_manager())
        calls = 1  # what became of the convocations, as long as it is planned
        for soutenance, cost in ((scenes.a_soutenance(), 9 + calls), (scenes.in_disagreement(), 9)):
            with django_assert_num_queries(FRAME + cost):
                read(client, "soutenance", soutenance.pk)
