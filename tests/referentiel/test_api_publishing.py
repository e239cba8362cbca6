"""Publication by the API: asked by one, answered by another, as on its page (R-REF-1)."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import User
from referentiel.models import Referentiel
from referentiel.nodes import BLOC
from referentiel.services.editing import change_node
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.referentiel.factories import build_referentiel
from tests.referentiel.http import at, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def asker() -> User:
    return UserFactory(roles=[Role.ADMINISTRATEUR], first_name="Olivier", last_name="Demande")


@pytest.fixture
def other() -> Client:
    return client_of(UserFactory(roles=[Role.ADMINISTRATEUR]))


@pytest.fixture
def draft() -> Referentiel:
    return build_referentiel(published=False)


@pytest.fixture
def asked(draft: Referentiel, asker: User) -> int:
    pk: int = send(client_of(asker), "post", at(draft, "publication")).json()["asked"]
    return pk


def test_another_administrateur_finds_the_request_and_declines_it(
    draft: Referentiel, asker: User, other: Client, asked: int
) -> None:
    found = other.get(at(draft, "publication")).json()
    assert (found["asked"]["id"], found["asked"]["asked_by"], found["is_void"]) == (asked, str(asker), False)

    refused = send(other, "post", at(draft, "publication", asked, "refusal"), {"reason": "Le bloc 1 est à relire."})

    assert refused.status_code == 204
    told = client_of(asker).get(at(draft, "publication")).json()
    assert (told["published"], told["asked"], told["last"]["state"]) == (False, None, "declined")
    assert told["last"]["reason"] == "Le bloc 1 est à relire."


@pytest.mark.parametrize("body", [{}, {"reason": " "}, {"reason": "a" * 2001}, {"reason": ["a"]}, {"reason": "\ud800"}])
def test_a_refusal_has_a_reason(draft: Referentiel, other: Client, asked: int, body: Any) -> None:
    assert send(other, "post", at(draft, "publication", asked, "refusal"), body).status_code == 400
    assert other.get(at(draft, "publication")).json()["asked"]["id"] == asked


def test_only_its_author_withdraws_a_request_and_nobody_declines_their_own(
    draft: Referentiel, asker: User, other: Client, asked: int
) -> None:
    mine = client_of(asker)

    assert send(other, "post", at(draft, "publication", asked, "withdrawal")).status_code == 409
    assert send(mine, "post", at(draft, "publication", asked, "refusal"), {"reason": "Non"}).status_code == 409
    assert send(mine, "post", at(draft, "publication", asked, "withdrawal")).status_code == 204
    assert send(other, "post", at(draft, "publication", asked, "confirmation")).status_code == 409
    assert other.get(at(draft, "publication")).json()["last"]["state"] == "withdrawn"


def test_a_request_on_another_text_is_void(draft: Referentiel, asker: User, other: Client, asked: int) -> None:
    change_node(BLOC.model._default_manager.get(referentiel=draft), values={"title": "Autre"}, by=asker)  # type: ignore[arg-type]

    assert other.get(at(draft, "publication")).json()["is_void"] is True
    assert send(other, "post", at(draft, "publication", asked, "confirmation")).status_code == 409


def test_a_request_belongs_to_its_version(other: Client, asked: int) -> None:
    stranger = build_referentiel(published=False)
    for answer in ("confirmation", "refusal", "withdrawal"):
        assert send(other, "post", at(stranger, "publication", asked, answer), {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("blocs", [1, 3])
def test_reading_costs_the_same_whatever_the_size(
    other: Client, blocs: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    draft = build_referentiel(blocs=blocs, competences=2, published=False)
    with django_assert_num_queries(14):
        other.get(at(draft, "publication"))
