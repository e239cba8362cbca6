"""Projets by the API: as their pages, once per operation, and two people never write over each other."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from referentiel.models import Projet, Referentiel
from tests.referentiel.factories import a_projet, build_referentiel
from tests.referentiel.http import administrateur, at, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> Client:
    return administrateur()


@pytest.fixture
def version() -> Referentiel:
    return build_referentiel(blocs=2, competences=2)


@pytest.fixture
def projet(version: Referentiel) -> Projet:
    return a_projet(version, "C1.1.1")


def of(projet: Projet) -> str:
    return f"/api/v1/projets/{projet.pk}/"


def test_a_projet_is_added_once_for_one_operation_on_a_published_version(api: Client, version: Referentiel) -> None:
    body = {"operation": str(uuid4()), "name": "Vision", "brief": "Deux\r\nlignes", "competences": ["C2.1.1", "C1.1.1"]}

    first, again = (send(api, "post", at(version, "projets"), body) for _ in range(2))

    assert (first.status_code, first.json()) == (201, again.json())
    assert first.json()["brief"] == "Deux\nlignes"
    (told,) = api.get(at(version, "projets")).json()
    assert (told["id"], told["competences"]) == (first.json()["id"], ["C1.1.1", "C2.1.1"])
    assert told["mark"] == first.json()["mark"]


def test_what_a_change_leaves_out_stays(api: Client, projet: Projet) -> None:
    mark = api.get(of(projet)).json()["mark"]

    changed = send(api, "patch", of(projet), {"competences": ["C1.1.2", "C2.1.1"]}, mark)
    renamed = send(api, "patch", of(projet), {"name": "Langage"}, changed.json()["mark"])

    assert (changed.status_code, changed["ETag"]) == (200, f'"{changed.json()["mark"]}"')
    assert (renamed.json()["name"], sorted(renamed.json()["competences"])) == ("Langage", ["C1.1.2", "C2.1.1"])


def test_a_stale_projet_is_shown_what_is_stored_and_changes_nothing(api: Client, projet: Projet) -> None:
    """R-SCO-4."""
    mark = api.get(of(projet)).json()["mark"]
    send(administrateur(), "patch", of(projet), {"name": "Le sien"}, mark)

    refused = send(api, "patch", of(projet), {"name": "Le mien"}, mark)

    assert (refused.status_code, refused.json()["current"]["name"]) == (412, "Le sien")
    assert Projet.objects.get().name == "Le sien"


def test_a_projet_is_removed(api: Client, projet: Projet) -> None:
    assert api.delete(of(projet)).status_code == 204
    assert api.delete(of(projet)).status_code == 404


@pytest.mark.parametrize(
    ("sent", "mark", "status"),
    [
        ({"name": "Autre"}, False, 428),
        ({"name": ""}, True, 400),
        ({"name": "A\ud800"}, True, 400),
        ({"brief": "a" * 20_001}, True, 400),
        ({"competences": []}, True, 400),
        ({"competences": ["C9.9.9"]}, True, 400),
        ({"competences": "C1.1.1"}, True, 400),
        ({"competences": [["C1.1.1"]]}, True, 400),
    ],
    ids=["without mark", "no name", "half a character", "endless", "nothing", "unknown", "a word", "lists"],
)
def test_what_cannot_be_a_projet_is_refused(api: Client, projet: Projet, sent: Any, mark: bool, status: int) -> None:
    changed = send(api, "patch", of(projet), sent, api.get(of(projet)).json()["mark"] if mark else None)
    assert changed.status_code == status, changed.content
    assert Projet.objects.get().name == projet.name


def test_a_projet_without_operation_is_not_added(api: Client, version: Referentiel) -> None:
    answer = send(api, "post", at(version, "projets"), {"name": "Vision", "competences": ["C1.1.1"]})
    assert (answer.status_code, "operation" in answer.json()["detail"]) == (400, True)
    assert not Projet.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    api: Client, version: Referentiel, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rank in range(count):
        a_projet(version, name=f"Projet {rank}")
    with django_assert_num_queries(6):
        assert len(api.get(at(version, "projets")).json()) == count
