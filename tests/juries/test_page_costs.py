"""What the jury's pages cost in queries: a literal number, the same for one candidate and for three."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from juries.services.deliberating import call_candidate
from tests import scenes
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db

SESSION_AND_USER = 2
ROLES = 1


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("items", [1, 3])
def test_the_list_of_sessions(items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    referentiel = build_referentiel()
    for _ in range(items):
        scenes.a_session(referentiel=referentiel)
    client = client_of(scenes.a_manager())
    with django_assert_num_queries(SESSION_AND_USER + ROLES + 3):
        client.get(reverse("juries:sessions"))


@pytest.mark.parametrize("items", [1, 3])
def test_a_session(items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    referentiel = build_referentiel()
    session = scenes.a_session(*(scenes.an_enrolment(referentiel) for _ in range(items)), opened=True)
    client = client_of(scenes.president_of(session))
    with django_assert_num_queries(SESSION_AND_USER + ROLES + 17):
        client.get(reverse("juries:session", args=[session.pk]))


@pytest.mark.parametrize("items", [1, 3])
def test_a_dossier(items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    referentiel = build_referentiel(blocs=items, competences=items)
    enrolment = scenes.an_enrolment(referentiel)
    session = scenes.a_session(enrolment)
    client = client_of(scenes.president_of(session))
    with django_assert_num_queries(SESSION_AND_USER + ROLES + 18):
        client.get(reverse("juries:dossier", args=[enrolment.dossiers.get().pk]))


@pytest.mark.parametrize("items", [1, 3])
def test_the_room_of_the_deliberation(items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    referentiel = build_referentiel()
    enrolments = [scenes.an_enrolment(referentiel) for _ in range(items)]
    session = scenes.a_session(*enrolments, opened=True)
    call_candidate(session, enrolment=enrolments[0].pk, by=scenes.president_of(session))
    client = client_of(scenes.president_of(session))
    with django_assert_num_queries(SESSION_AND_USER + ROLES + 26):
        assert client.get(reverse("juries:room", args=[session.pk])).status_code == 200
