"""The règlement and the registration by the API: as their pages, and nobody writes over somebody else (R-REF-6)."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from referentiel.models import Referentiel, Registration, Reglement
from referentiel.queries.tree import content_of
from tests.referentiel.factories import build_referentiel
from tests.referentiel.http import administrateur, at, send

pytestmark = pytest.mark.django_db
DATES = {"decided_on": "2024-01-31", "ends_on": "2027-01-31", "delivery_limit_on": "2029-01-31"}


@pytest.fixture
def api() -> Client:
    return administrateur()


@pytest.fixture
def draft() -> Referentiel:
    return build_referentiel(published=False)


def mark_of(api: Client, draft: Referentiel) -> str:
    mark: str = api.get(at(draft, "reglement")).json()["mark"]
    return mark


def test_some_settings_change_and_the_others_stay(api: Client, draft: Referentiel) -> None:
    """R-REF-6."""
    phases = [{"name": "Démonstration", "minutes": 45}]
    sent = {"criteres_percent": 80, "motive_required": False, "attempts_allowed": 3, "phases": phases}

    changed = send(api, "patch", at(draft, "reglement"), sent, mark_of(api, draft))

    assert (changed.status_code, changed["ETag"]) == (200, f'"{changed.json()["mark"]}"')
    assert sent.items() <= changed.json()["values"].items()
    stored = Reglement.objects.get(referentiel=draft)
    assert (stored.criteres_percent, stored.competences_percent, stored.phases) == (80, 100, phases)
    again = send(api, "patch", at(draft, "reglement"), {"attempts_allowed": None}, changed.json()["mark"])
    assert again.json()["values"] == {**changed.json()["values"], "attempts_allowed": None}


def test_a_stale_reglement_is_shown_what_is_stored(api: Client, draft: Referentiel) -> None:
    """R-SCO-4: two administrateurs on one règlement."""
    mark = mark_of(api, draft)
    send(administrateur(), "patch", at(draft, "reglement"), {"jury_minimum": 4}, mark)

    refused = send(api, "patch", at(draft, "reglement"), {"jury_minimum": 3}, mark)

    assert refused.status_code == 412
    assert refused.json()["current"]["values"]["jury_minimum"] == 4
    assert refused["ETag"] == f'"{refused.json()["current"]["mark"]}"'
    assert Reglement.objects.get(referentiel=draft).jury_minimum == 4


def test_a_reglement_without_mark_is_refused(api: Client, draft: Referentiel) -> None:
    answer = send(api, "patch", at(draft, "reglement"), {"jury_minimum": 3})
    assert (answer.status_code, "If-Match" in answer.json()["detail"]) == (428, True)


@pytest.mark.parametrize(
    "sent",
    [
        {"criteres_percent": 0},
        {"criteres_percent": "80"},
        {"jury_minimum": 10**30},
        {"motive_required": "non"},
        {"phases": []},
        {"phases": "longue"},
        {"phases": [{"name": "A", "minutes": 0}]},
        {"phases": [{"name": "A\x00", "minutes": 5}]},
        {"phases": [{"name": "A\ud800", "minutes": 5}]},
        {"phases": [{"name": "A" * 101, "minutes": 5}]},
        {"retention_years": 101},
        {"blocs_percent": 50},
        ["criteres_percent"],
    ],
    ids=repr,
)
def test_a_setting_that_cannot_be_is_refused_in_words(api: Client, draft: Referentiel, sent: Any) -> None:
    before = content_of(draft)
    answer = send(api, "patch", at(draft, "reglement"), sent, mark_of(api, draft))
    assert (answer.status_code, bool(answer.json()["detail"])) == (400, True), answer.content
    assert content_of(draft) == before


@pytest.mark.parametrize(
    ("route", "method"),
    [
        ("undo", "post"),
        ("reglement", "patch"),
        ("registration", "put"),
        ("equivalences", "put"),
        ("retirement", "post"),
        ("projets", "post"),
        ("nodes/bloc", "post"),
    ],
)
def test_a_body_nested_without_end_is_refused_in_words(
    api: Client, draft: Referentiel, route: str, method: str
) -> None:
    headers = {"If-Match": '"x"'}
    answer = getattr(api, method)(at(draft, route), "[" * 100_000, content_type="application/json", headers=headers)
    assert (answer.status_code, "imbriqué" in answer.json()["detail"]) == (400, True)


def test_the_reglement_of_a_published_version_is_frozen(api: Client) -> None:
    """R-REF-1."""
    version = build_referentiel()
    answer = send(api, "patch", at(version, "reglement"), {"jury_minimum": 3}, mark_of(api, version))
    assert (answer.status_code, "publié" in answer.json()["detail"]) == (409, True)


def test_dates_of_registration_are_noted_on_a_published_version_too(api: Client) -> None:
    """R-REF-5."""
    version = build_referentiel()
    answers = [send(api, "put", at(version, "registration"), DATES) for _ in range(2)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, DATES)] * 2
    assert Registration.objects.filter(referentiel=version).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"ends_on": "2023-01-31"}, {"ends_on": "31/01/2027"}, {"ends_on": ["2027"]}, {"decided_on": "0024-01-31"}],
    ids=repr,
)
def test_dates_that_cannot_be_are_refused(api: Client, wrong: Any) -> None:
    version = build_referentiel()
    assert send(api, "put", at(version, "registration"), {**DATES, **wrong}).status_code == 400
    assert not Registration.objects.exists()


def test_a_reglement_is_read_and_changed_in_a_known_number_of_queries(
    api: Client, draft: Referentiel, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        mark = mark_of(api, draft)
    with django_assert_num_queries(30):
        send(api, "patch", at(draft, "reglement"), {"jury_minimum": 3}, mark)
