"""Preparing a version by the API: the editor's services, refusals and version contract (R-REF-1, R-REF-2, R-SCO-4)."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from core.models import JournalEntry
from referentiel.models import Bloc, Critere, PublicationRequest, Referentiel
from referentiel.nodes import parent_of, values_of
from referentiel.queries.tree import content_of
from tests.referentiel.factories import build_referentiel
from tests.referentiel.http import administrateur, at, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> Client:
    return administrateur()


@pytest.fixture
def draft() -> Referentiel:
    return build_referentiel(blocs=2, published=False)


def test_a_node_is_added_once_for_one_operation(api: Client, draft: Referentiel) -> None:
    competence = draft.competences.first()
    body = {"operation": str(uuid4()), "parent": competence.pk, "values": {"number": 9, "text": "Neuf."}}

    first, again = (send(api, "post", at(draft, "nodes", "critere"), body) for _ in range(2))

    assert (first.status_code, first.json()) == (201, again.json())
    assert first.json()["values"]["text"] == "Neuf."
    assert Critere.objects.filter(number=9).count() == 1


def test_a_change_answers_the_mark_of_the_next(api: Client, draft: Referentiel) -> None:
    address = at(draft, "nodes", "bloc", draft.blocs.first().pk)
    mark = api.get(address).json()["mark"]

    changed = send(api, "patch", address, {"title": "Premier"}, mark)
    next_one = send(api, "patch", address, {"title": "Second"}, changed.json()["mark"])

    assert (changed.status_code, changed["ETag"]) == (200, f'"{changed.json()["mark"]}"')
    assert next_one.json()["values"]["title"] == "Second"


def test_a_stale_change_is_shown_what_is_stored_and_changes_nothing(api: Client, draft: Referentiel) -> None:
    """R-SCO-4: two administrateurs on one node."""
    address = at(draft, "nodes", "bloc", draft.blocs.first().pk)
    mark = api.get(address).json()["mark"]
    send(administrateur(), "patch", address, {"title": "Le sien"}, mark)

    refused = send(api, "patch", address, {"title": "Le mien"}, mark)

    assert refused.status_code == 412
    assert refused.json()["current"]["values"]["title"] == "Le sien"
    assert Bloc.objects.get(pk=draft.blocs.first().pk).title == "Le sien"


@pytest.mark.parametrize(
    ("body", "mark", "status", "words"),
    [
        ({"title": "Autre"}, None, 428, "If-Match"),
        ({"lineage": "x"}, "x", 400, "Les champs attendus"),
        (["title"], "x", 400, "Les champs attendus"),
        ({"title": ""}, "x", 400, "obligatoire"),
        ({"number": "dix"}, "x", 400, "nombre"),
    ],
    ids=["without mark", "another field", "no object", "empty", "no number"],
)
def test_what_cannot_be_is_refused_in_words(
    api: Client, draft: Referentiel, body: Any, mark: str | None, status: int, words: str
) -> None:
    before = content_of(draft)
    answer = send(api, "patch", at(draft, "nodes", "bloc", draft.blocs.first().pk), body, mark)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.json()
    assert content_of(draft) == before


def test_a_node_is_placed_and_removed(api: Client, draft: Referentiel) -> None:
    first, second = draft.activites.all()
    body = {"operation": str(uuid4()), "parent": second.bloc_id, "rank": 1}

    placed = send(api, "post", at(draft, "nodes", "activite", first.pk, "place"), body)

    assert (placed.status_code, placed.json()["parent"]) == (200, second.bloc_id)
    assert api.delete(at(draft, "nodes", "activite", first.pk)).status_code == 204
    assert [one.pk for one in draft.activites.all()] == [second.pk]


def test_nothing_of_a_published_version_changes(api: Client) -> None:
    """R-REF-1."""
    version = build_referentiel()
    before, bloc = content_of(version), version.blocs.get()
    address = at(version, "nodes", "bloc", bloc.pk)
    mark = api.get(address).json()["mark"]
    operation = str(uuid4())
    added = {"operation": operation, "values": {"number": 9, "title": "N"}}

    answers = [
        send(api, "patch", address, {"title": "Autre"}, mark),
        send(api, "delete", address),
        send(api, "post", f"{address}place/", {"operation": operation, "rank": 1}),
        send(api, "post", at(version, "nodes", "bloc"), added),
        send(api, "post", at(version, "publication")),
    ]

    assert [answer.status_code for answer in answers] == [409] * 5
    assert all("publié" in answer.json()["detail"] for answer in answers)
    assert content_of(version) == before


@pytest.mark.parametrize("kind", ["bloc", "nimporte"])
def test_a_node_of_another_version_is_not_found(api: Client, draft: Referentiel, kind: str) -> None:
    stranger = build_referentiel(published=False).blocs.get()
    assert api.get(at(draft, "nodes", kind, stranger.pk)).status_code == 404


def test_a_version_is_cloned_changed_and_published_by_two(api: Client, settings: Any) -> None:
    settings.PUBLICATION_NEEDS_TWO = True
    source = build_referentiel()
    clone = Referentiel.objects.get(pk=send(api, "post", at(source, "clone")).json()["referentiel"])

    asked = send(api, "post", at(clone, "publication")).json()
    alone = send(api, "post", at(clone, "publication", asked["asked"], "confirmation"))
    other = send(administrateur(), "post", at(clone, "publication", asked["asked"], "confirmation"))

    assert asked["published"] is False
    assert (alone.status_code, other.json()) == (409, {"published": True, "asked": None})
    assert not Referentiel.objects.get(pk=clone.pk).is_draft
    assert PublicationRequest.objects.count() == 1
    assert JournalEntry.objects.filter(verb="referentiel.published").count() == 1


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("bloc", {"title": ["a", "b"]}),
        ("bloc", {"title": {"a": 1}}),
        ("bloc", {"title": None}),
        ("bloc", {"title": 7}),
        ("bloc", {"title": "a\ud800b"}),
        ("bloc", {"title": "a\x00b"}),
        ("bloc", {"number": [1]}),
        ("bloc", {"number": True}),
        ("bloc", {"number": 10**400}),
        ("bloc", {"number": None}),
        ("activite", {"code": "A\udfff"}),
        ("critere", {"mandatory": "non"}),
        ("critere", {"is_oral": [0]}),
        ("critere", {"threshold": {}}),
    ],
    ids=repr,
)
def test_a_value_of_another_type_is_refused_and_nothing_is_written(
    api: Client, draft: Referentiel, kind: str, values: Any
) -> None:
    """A list is not stored as its words, nor « non » taken for a yes, nor half a character sent to the database."""
    node = getattr(draft, f"{kind}s").first()
    address, before = at(draft, "nodes", kind, node.pk), content_of(draft)
    mark = api.get(address).json()["mark"]

    changed = send(api, "patch", address, values, mark)
    added = {"operation": str(uuid4()), "parent": parent_of(node).pk, "values": {**values_of(node), **values}}
    more = send(api, "post", at(draft, "nodes", kind), added)

    assert (changed.status_code, more.status_code) == (400, 400), (changed.content, more.content)
    assert content_of(draft) == before
