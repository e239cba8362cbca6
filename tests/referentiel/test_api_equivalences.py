"""Equivalences by the API: declared and removed as on their page (R-CAN-1)."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from referentiel.models import Equivalence, Referentiel
from referentiel.services.versions import clone_to_draft
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel
from tests.referentiel.http import administrateur, at, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> Client:
    return administrateur()


@pytest.fixture
def clone() -> Referentiel:
    return clone_to_draft(build_referentiel(blocs=2), by=UserFactory(roles=[Role.ADMINISTRATEUR]))


def proposed(api: Client, draft: Referentiel) -> Any:
    return api.get(at(draft, "equivalences")).json()


def pairs(options: Any) -> list[dict[str, int]]:
    return [{"bloc": option["bloc"], "earlier": option["earlier"]} for option in options]


def test_what_lineage_proposes_is_declared_then_removed(api: Client, clone: Referentiel) -> None:
    told = proposed(api, clone)
    assert [(one["is_declared"], one["differs"], one["version"]) for one in told["options"]] == [(False, [], 1)] * 2

    declared = send(api, "put", at(clone, "equivalences"), {"declared": pairs(told["options"])}, told["mark"])
    fewer = pairs(told["options"][:1])
    removed = send(api, "put", at(clone, "equivalences"), {"declared": fewer}, declared.json()["mark"])

    assert (declared.status_code, [one["is_declared"] for one in declared.json()["options"]]) == (200, [True, True])
    assert [one["is_declared"] for one in removed.json()["options"]] == [True, False]
    assert list(Equivalence.objects.values("bloc", "earlier")) == fewer


def test_what_somebody_else_declared_is_not_undone(api: Client, clone: Referentiel) -> None:
    """R-SCO-4."""
    told = proposed(api, clone)
    one, other = ({"declared": [pair]} for pair in pairs(told["options"]))
    send(administrateur(), "put", at(clone, "equivalences"), one, told["mark"])

    refused = send(api, "put", at(clone, "equivalences"), other, told["mark"])

    assert refused.status_code == 412
    assert [option["is_declared"] for option in refused.json()["current"]["options"]] == [True, False]
    assert Equivalence.objects.count() == 1


@pytest.mark.parametrize(
    "sent", [{}, {"declared": "x"}, {"declared": [{"bloc": 1}]}, {"declared": [{"bloc": 10**30, "earlier": 1}]}]
)
def test_what_cannot_be_declared_is_refused(api: Client, clone: Referentiel, sent: Any) -> None:
    assert send(api, "put", at(clone, "equivalences"), sent, proposed(api, clone)["mark"]).status_code == 400


def test_strangers_and_published_versions_are_refused(api: Client, clone: Referentiel) -> None:
    """R-REF-1."""
    told, stranger = proposed(api, clone), build_referentiel(published=False).blocs.get()
    with_draft = {"declared": [{"bloc": told["options"][0]["bloc"], "earlier": stranger.pk}]}
    source = clone.predecessor
    assert source is not None

    assert send(api, "put", at(clone, "equivalences"), with_draft, told["mark"]).status_code == 400
    assert send(api, "put", at(clone, "equivalences"), {"declared": []}).status_code == 428
    assert send(api, "put", at(source, "equivalences"), with_draft, told["mark"]).status_code == 409
    assert not Equivalence.objects.exists()


@pytest.mark.parametrize("blocs", [1, 3])
def test_reading_costs_the_same_whatever_the_size(
    api: Client, blocs: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    source = build_referentiel(blocs=blocs, activites=2, competences=2)
    draft = clone_to_draft(source, by=UserFactory(roles=[Role.ADMINISTRATEUR]))
    with django_assert_num_queries(20):
        assert len(proposed(api, draft)["options"]) == blocs
