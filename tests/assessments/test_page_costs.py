"""What a page costs in queries: a literal number, the same for one item and for three."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
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
def test_mes_soutenances(items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    evaluateur = scenes.an_evaluateur()
    enrolment = scenes.an_enrolment()
    for _ in range(items):
        scenes.a_soutenance(enrolment, evaluateur=evaluateur)
        scenes.pass_soutenance(enrolment, evaluateur=evaluateur)
    client = client_of(evaluateur)
    with django_assert_num_queries(SESSION_AND_USER + ROLES + 4):
        client.get(reverse("assessments:soutenances"))


@pytest.mark.parametrize("items", [1, 3])
def test_the_grille(items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    referentiel = build_referentiel(competences=items, criteres=items + 1)
    grille = scenes.grille_of(scenes.a_soutenance(scenes.an_enrolment(referentiel)))
    scenes.mark_all(grille)
    client = client_of(grille.evaluateur)
    with django_assert_num_queries(SESSION_AND_USER + ROLES + 8):
        client.get(reverse("assessments:grille", args=[grille.soutenance_id]))


@pytest.mark.parametrize("items", [1, 3])
def test_the_review(items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    referentiel = build_referentiel(blocs=items, competences=items)
    grille = scenes.grille_of(scenes.a_soutenance(scenes.an_enrolment(referentiel)))
    scenes.mark_all(grille)
    client = client_of(grille.evaluateur)
    with django_assert_num_queries(SESSION_AND_USER + ROLES + 14):
        client.get(reverse("assessments:review", args=[grille.soutenance_id]))


@pytest.mark.parametrize("items", [1, 3])
def test_mon_parcours(items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    referentiel = build_referentiel(blocs=items, competences=items)
    enrolment = scenes.an_enrolment(referentiel)
    for _ in range(items):
        scenes.fail_soutenance(enrolment)
        scenes.a_soutenance(enrolment)
    client = client_of(enrolment.candidate.user)
    with django_assert_num_queries(SESSION_AND_USER + ROLES + 18):
        client.get(reverse("assessments:enrolment_progress", args=[enrolment.pk]))


@pytest.mark.parametrize("items", [1, 3])
def test_the_planning(items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    enrolment = scenes.an_enrolment()
    for _ in range(items):
        scenes.a_soutenance(enrolment)
    client = client_of(scenes.a_manager())
    with django_assert_num_queries(SESSION_AND_USER + ROLES + 5):
        client.get(reverse("assessments:planning"))


@pytest.mark.parametrize("changed_before", [False, True])
def test_marking_one_ce(changed_before: bool, django_assert_max_num_queries: Callable[..., object]) -> None:
    """The journal's chain, the mark and its versions, in one transaction; no more on a long grille."""
    grille = scenes.grille_of(scenes.a_soutenance(scenes.an_enrolment(build_referentiel(criteres=9))))
    if changed_before:
        scenes.mark_all(grille)
    critere = grille.soutenance.competences.first().criteres.first()
    client = client_of(grille.evaluateur)
    headers = {"If-Match": f'"{int(changed_before)}"', "Idempotency-Key": str(uuid4())}
    with django_assert_max_num_queries(16):
        answer = client.put(
            reverse("api:mark", args=[grille.soutenance_id, critere.pk]),
            {"verdict": "non_acquis", "comment": "À revoir."},
            content_type="application/json",
            headers=headers,
        )
    assert answer.status_code == 200
