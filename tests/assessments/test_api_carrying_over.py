"""Impact and « Et si ? » by the API: what their pages tell, and nothing is changed (R-REF-2, R-REF-6)."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from assessments.models import CompetenceAcquisition
from assessments.services.submission import submit
from core.models import JournalEntry
from referentiel.models import Referentiel
from referentiel.services.equivalences import declare_equivalences
from referentiel.services.versions import clone_to_draft
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> Referentiel:
    return build_referentiel(blocs=2, criteres=4)


@pytest.fixture
def api() -> Client:
    return client_of(UserFactory(roles=[Role.ADMINISTRATEUR]))


def failing_one(version: Referentiel) -> str:
    """The number of an enrolment whose only soutenance misses one CE out of four."""
    enrolment = scenes.an_enrolment(version)
    first = version.competences.first()
    grille = scenes.grille_of(scenes.a_soutenance(enrolment, competences=[first]))
    scenes.mark_all(grille, failing=[first.criteres.first().pk])
    submit(grille, by=grille.evaluateur)
    return str(enrolment.number)


def read(api: Client, version: Referentiel, what: str, **query: Any) -> Any:
    return api.get(f"/api/v1/referentiels/{version.pk}/{what}/", query)


def test_the_impact_counts_candidates_and_tells_each_bloc(api: Client, version: Referentiel) -> None:
    scenes.an_enrolment(version)
    by = UserFactory(roles=[Role.ADMINISTRATEUR])
    draft = clone_to_draft(version, by=by)
    draft.blocs.get(number=2).delete()
    declare_equivalences(draft, wanted=[(draft.blocs.get().pk, version.blocs.get(number=1).pk)], by=by)

    (impact,) = read(api, draft, "impact").json()

    assert (impact["version"], impact["in_flight"], impact["complete"], impact["soutenances"]) == (1, 1, 0, 0)
    assert impact["blocs"] == [
        {"bloc": 1, "holders": 0, "recognised_as": [1], "differs": []},
        {"bloc": 2, "holders": 0, "recognised_as": [], "differs": None},
    ]


def test_other_thresholds_tell_what_would_change_and_change_nothing(api: Client, version: Referentiel) -> None:
    enrolment, entries = failing_one(version), JournalEntry.objects.count()

    told = read(api, version, "what-if", criteres=75).json()

    assert (told["criteres"], told["competences"], told["presented"]) == (75, 100, 1)
    assert (told["acquired_before"], told["acquired_after"], told["changes"]) == (0, 1, 1)
    (change,) = told["changed"]
    assert (change["enrolment"], change["acquired"], change["total"], change["gained"]) == (enrolment, 3, 4, True)
    assert told["blocs"] == [{"enrolment": enrolment, "bloc": 1, "gained": True}]
    assert not CompetenceAcquisition.objects.exists()
    assert JournalEntry.objects.count() == entries


def test_what_would_change_comes_by_pages(api: Client, version: Referentiel) -> None:
    numbers = [failing_one(version) for _ in range(3)]

    told = read(api, version, "what-if", criteres=75, limit=2, offset=1).json()

    assert told["changes"] == 3
    assert [change["enrolment"] for change in told["changed"]] == numbers[1:]


@pytest.mark.parametrize("typed", ["0", "101", "x", "", "9" * 5000])
def test_a_threshold_that_is_none_is_refused_in_words(api: Client, version: Referentiel, typed: str) -> None:
    answer = read(api, version, "what-if", criteres=typed)
    assert (answer.status_code, answer.json()["detail"].startswith("criteres : ")) == (400, True)


def test_a_draft_has_no_grilles_to_try(api: Client) -> None:
    assert read(api, build_referentiel(published=False), "what-if").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_both_cost_the_same_whatever_the_candidates(
    api: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = build_referentiel(blocs=count, criteres=4)
    for _ in range(count):
        failing_one(version)
    draft = clone_to_draft(version, by=UserFactory(roles=[Role.ADMINISTRATEUR]))
    with django_assert_num_queries(8):
        read(api, version, "what-if", criteres=75)
    with django_assert_num_queries(22):
        read(api, draft, "impact")
