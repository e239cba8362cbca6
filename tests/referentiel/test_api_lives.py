"""The life of a version by the API: opened, copied from, taken back, dropped, retired (R-REF-1, R-REF-2)."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core.models import JournalEntry
from referentiel.models import Certification, Competence, Referentiel
from referentiel.queries.tree import content_of
from tests.referentiel.factories import build_certification, build_referentiel
from tests.referentiel.http import administrateur, at, send

pytestmark = pytest.mark.django_db
TITLE = {"rncp_code": "RNCP40000", "title": "Titre d’essai", "level": 6, "certifier": "Certificateur"}
CERTIFICATIONS = "/api/v1/certifications/"


@pytest.fixture
def api() -> Client:
    return administrateur()


@pytest.fixture
def draft() -> Referentiel:
    return build_referentiel(blocs=2, published=False)


def test_a_certification_is_registered_and_its_first_draft_opened_once(api: Client) -> None:
    made = send(api, "post", CERTIFICATIONS, TITLE).json()
    opened, again = (send(api, "post", f"{CERTIFICATIONS}{made['id']}/draft/") for _ in range(2))

    assert api.get(CERTIFICATIONS).json() == [{**TITLE, "id": made["id"], "nsf": ""}]
    draft = Referentiel.objects.get(pk=opened.json()["referentiel"])
    assert (opened.status_code, draft.version, draft.is_draft) == (201, 1, True)
    assert (again.status_code, "déjà en brouillon" in again.json()["detail"]) == (409, True)


@pytest.mark.parametrize(
    "wrong", [{"level": 9}, {"level": "6"}, {"rncp_code": "RNCP1"}, {"title": ""}, {"title": None}, {"id": 3}], ids=repr
)
def test_a_title_that_cannot_be_is_refused_in_words(api: Client, wrong: Any) -> None:
    build_certification(rncp_code="RNCP1")
    answer = send(api, "post", CERTIFICATIONS, {**TITLE, **wrong})
    assert (answer.status_code, bool(answer.json()["detail"])) == (400, True)
    assert Certification.objects.count() == 1


def test_ones_last_change_is_taken_back_once(api: Client, draft: Referentiel) -> None:
    """R-ALL-1."""
    before, undo = content_of(draft), at(draft, "undo")
    assert api.get(undo).json() == {"entry": None, "at": None, "told": None}
    api.delete(at(draft, "nodes", "bloc", draft.blocs.first().pk))
    last = api.get(undo).json()
    assert last["told"] == "suppression de Bloc 1"

    undone = [send(api, "post", undo, {"entry": last["entry"]}) for _ in range(2)]

    assert [(answer.status_code, answer.json()) for answer in undone] == [(200, undone[0].json())] * 2
    assert (undone[0].json()["name"], undone[0].json()["is_gone"]) == ("Bloc 1", False)
    assert content_of(draft) == before


@pytest.mark.parametrize(("body", "status"), [({"entry": 10**30}, 400), ({"entry": "x"}, 400), ({"entry": 1}, 409)])
def test_what_is_not_ones_last_change_is_not_taken_back(
    api: Client, draft: Referentiel, body: Any, status: int
) -> None:
    other = administrateur()
    other.delete(at(draft, "nodes", "bloc", draft.blocs.first().pk))
    before = content_of(draft)

    assert send(api, "post", at(draft, "undo"), body).status_code == status
    entry = JournalEntry.objects.get(verb="referentiel.bloc_removed").sequence
    assert send(api, "post", at(draft, "undo"), {"entry": entry}).status_code == 409
    assert content_of(draft) == before


def test_a_node_is_copied_once_for_one_operation(api: Client, draft: Referentiel) -> None:
    original = draft.competences.first()
    body = {"operation": str(uuid4())}
    address = at(draft, "nodes", "competence", original.pk, "copy")

    first, again = (send(api, "post", address, body) for _ in range(2))

    assert (first.status_code, first.json()) == (201, again.json())
    assert Competence.objects.get(pk=first.json()["id"]).statement == original.statement
    assert send(api, "post", address, {}).status_code == 400


def test_a_draft_is_dropped_and_a_published_version_is_not(api: Client, draft: Referentiel) -> None:
    """R-REF-1."""
    version = build_referentiel()
    assert api.delete(at(draft, "draft")).status_code == 204
    assert api.delete(at(version, "draft")).status_code == 409
    assert list(Referentiel.objects.all()) == [version]


def test_a_published_version_is_retired_with_a_reason(api: Client, draft: Referentiel) -> None:
    version = build_referentiel()
    reason = {"reason": "Remplacée par la suivante."}

    assert send(api, "post", at(version, "retirement"), {"reason": ""}).status_code == 400
    assert send(api, "post", at(draft, "retirement"), reason).status_code == 409
    assert send(api, "post", at(version, "retirement"), reason).status_code == 204

    assert api.get(at(version)).json()["state"] == "retired"
    assert JournalEntry.objects.get(verb="referentiel.retired").reason == reason["reason"]


@pytest.mark.parametrize("count", [1, 3])
def test_certifications_cost_the_same_whatever_their_number(
    api: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        build_certification()
    with django_assert_num_queries(4):
        assert len(api.get(CERTIFICATIONS).json()) == count


@pytest.mark.parametrize("removed", [1, 3])
def test_what_may_be_taken_back_costs_the_same_whatever_was_done(
    api: Client, removed: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    draft = build_referentiel(blocs=4, published=False)
    for bloc in list(draft.blocs.all())[:removed]:
        api.delete(at(draft, "nodes", "bloc", bloc.pk))
    with django_assert_num_queries(5):
        api.get(at(draft, "undo"))
