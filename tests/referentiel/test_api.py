"""The API of référentiels: the same rights and the same tree as the pages."""

from typing import Any

import pytest
from django.test import Client

from accounts.enums import Role
from referentiel.models import Equivalence, SousElement
from referentiel.queries.tree import content_of
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel, publish

pytestmark = pytest.mark.django_db
LIST = "/api/v1/referentiels/"


def client_of(*roles: Role) -> Client:
    client = Client()
    client.force_login(UserFactory(roles=list(roles)))
    return client


def without_keys(tree: Any) -> Any:
    """The tree as the canonical content says it: no database key."""
    if isinstance(tree, dict):
        return {name: without_keys(value) for name, value in tree.items() if name != "id"}
    return [without_keys(item) for item in tree] if isinstance(tree, list) else tree


@pytest.mark.parametrize("role", Role)
def test_drafts_are_for_those_who_prepare_or_audit_them(role: Role) -> None:
    build_referentiel()
    draft = build_referentiel(published=False)
    reader = role in (Role.ADMINISTRATEUR, Role.AUDITEUR)
    client = client_of(role)

    assert client.get(LIST).json()["count"] == (2 if reader else 1)
    assert client.get(f"{LIST}{draft.pk}/").status_code == (200 if reader else 404)


def test_nobody_reads_without_logging_in(client: Client) -> None:
    assert client.get(LIST).status_code in (401, 403)


def test_the_list_says_what_each_version_is() -> None:
    referentiel = build_referentiel(blocs=2, competences=2, criteres=3)

    (found,) = client_of(Role.CANDIDATE).get(LIST).json()["results"]

    assert found["id"] == referentiel.pk
    assert (found["version"], found["state"], found["predecessor"]) == (1, "published", None)
    assert (found["blocs"], found["competences"], found["criteres"]) == (2, 4, 12)
    assert found["certification"]["rncp_code"] == referentiel.certification.rncp_code
    assert found["publication"]["fingerprint"] == referentiel.publication.fingerprint
    assert found["registration"] is None


def test_a_version_is_its_canonical_content() -> None:
    referentiel = build_referentiel(blocs=2, activites=2, competences=2, published=False)
    SousElement.objects.create(critere=referentiel.criteres.last(), position=1, text="<b>Un</b>")
    for _ in range(2):
        Equivalence.objects.create(bloc=referentiel.blocs.first(), earlier=build_referentiel().blocs.get())
    publish(referentiel)

    found = without_keys(client_of(Role.CANDIDATE).get(f"{LIST}{referentiel.pk}/").json())

    content = content_of(referentiel)
    for part in ("sections", "reglement", "blocs"):
        assert found[part] == content[part]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_through_the_api(method: str) -> None:
    referentiel = build_referentiel(published=False)
    client = client_of(Role.ADMINISTRATEUR)

    for url in (LIST, f"{LIST}{referentiel.pk}/"):
        assert getattr(client, method)(url, "{}", content_type="application/json").status_code == 405


@pytest.mark.parametrize("blocs", [1, 3])
def test_a_version_costs_the_same_whatever_its_size(blocs: int, django_assert_num_queries: Any) -> None:
    referentiel = build_referentiel(blocs=blocs, activites=2, competences=2)
    client = client_of(Role.AUDITEUR)

    with django_assert_num_queries(11):
        client.get(f"{LIST}{referentiel.pk}/")


def test_the_list_costs_the_same_whatever_its_length(django_assert_num_queries: Any) -> None:
    client = client_of(Role.AUDITEUR)
    for count in (1, 2):
        for _ in range(count):
            build_referentiel()
        with django_assert_num_queries(5):
            client.get(LIST)


def test_the_schema_tells_the_tree() -> None:
    schema = client_of(Role.CANDIDATE).get("/api/v1/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json").json()

    assert {"/api/v1/referentiels/", "/api/v1/referentiels/{id}/"} <= set(schema["paths"])
    parts = schema["components"]["schemas"]
    assert parts["Bloc"]["properties"]["activites"]["items"]["$ref"].endswith("/Activite")
    assert "lineage" in parts["Critere"]["properties"]
