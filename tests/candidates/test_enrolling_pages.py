"""Enrolling a candidate, and declaring who may not judge them, on their pages."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from candidates.models import Candidate, DeclaredLink, Enrolment
from tests import scenes
from tests.candidates.visits import logged_in, operation_in, read
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db

ENROL_QUERIES = 6  # session, person, candidate, roles, versions, blocs


def enrol_page(candidate: Candidate) -> str:
    return reverse("candidates:enrol", args=[candidate.pk])


def filled(**fields: object) -> dict[str, object]:
    return {"operation": str(uuid4()), "voie_acces": "vae", "enrolled_on": "2026-01-12", **fields}


# --- Enrolling ------------------------------------------------------------------------------------------------------


def test_a_manager_enrols_for_all_blocs_without_naming_any(client: Client) -> None:
    referentiel, candidate = build_referentiel(blocs=3), scenes.a_candidate()
    logged_in(client, Role.GESTIONNAIRE)
    operation = operation_in(client.get(enrol_page(candidate)).content.decode())

    page = read(
        client.post(enrol_page(candidate), filled(referentiel=referentiel.pk, operation=operation), follow=True)
    )

    enrolment = Enrolment.objects.get()
    assert f"est inscrit : dossier {enrolment.number}" in page
    assert enrolment.blocs.count() == 3
    assert enrolment.voie_acces == "vae"


def test_a_manager_enrols_for_named_blocs(client: Client) -> None:
    referentiel, candidate = build_referentiel(blocs=3), scenes.a_candidate()
    logged_in(client, Role.GESTIONNAIRE)
    second = referentiel.blocs.get(number=2)

    client.post(enrol_page(candidate), filled(referentiel=referentiel.pk, blocs=[second.pk]))

    assert list(Enrolment.objects.get().blocs.all()) == [second]


def test_blocs_of_another_version_are_refused_and_nothing_typed_is_lost(client: Client) -> None:
    referentiel, other, candidate = build_referentiel(), build_referentiel(), scenes.a_candidate()
    logged_in(client, Role.GESTIONNAIRE)

    page = read(client.post(enrol_page(candidate), filled(referentiel=referentiel.pk, blocs=[other.blocs.get().pk])))

    assert "Choisissez des blocs de ce référentiel" in page
    assert 'value="2026-01-12"' in page
    assert not Enrolment.objects.exists()


def test_a_form_sent_twice_enrols_once(client: Client) -> None:
    referentiel, candidate = build_referentiel(), scenes.a_candidate()
    logged_in(client, Role.GESTIONNAIRE)
    form = filled(referentiel=referentiel.pk)
    first = client.post(enrol_page(candidate), form)

    again = client.post(enrol_page(candidate), form)

    assert Enrolment.objects.count() == 1
    assert again.headers["Location"] == first.headers["Location"]


def test_only_versions_in_force_that_the_candidate_is_not_on_are_offered(client: Client) -> None:
    enrolment, draft, offered = scenes.an_enrolment(), build_referentiel(published=False), build_referentiel()
    logged_in(client, Role.GESTIONNAIRE)

    page = read(client.get(enrol_page(enrolment.candidate)))

    assert f'<option value="{offered.pk}"' in page
    for absent in (enrolment.referentiel, draft):
        assert f'<option value="{absent.pk}"' not in page


def test_a_candidate_enrolled_everywhere_is_told_so(client: Client) -> None:
    enrolment = scenes.an_enrolment()
    logged_in(client, Role.GESTIONNAIRE)

    assert "Aucun référentiel ouvert à ce candidat" in read(client.get(enrol_page(enrolment.candidate)))


@pytest.mark.parametrize("fields", [{"enrolled_on": "1970-01-01"}, {"enrolled_on": "x"}, {"voie_acces": "perdue"}])
def test_a_wrong_enrolment_is_refused_in_words(client: Client, fields: dict[str, str]) -> None:
    referentiel, candidate = build_referentiel(), scenes.a_candidate()
    logged_in(client, Role.GESTIONNAIRE)

    page = read(client.post(enrol_page(candidate), filled(referentiel=referentiel.pk, **fields)))

    assert "À corriger avant de continuer" in page
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_form_costs_the_same_whatever_it_offers(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, how_many: int
) -> None:
    for _ in range(how_many):
        build_referentiel(blocs=how_many)
    candidate = scenes.a_candidate()
    logged_in(client, Role.GESTIONNAIRE)

    with django_assert_num_queries(ENROL_QUERIES):
        client.get(enrol_page(candidate))


# --- Links ----------------------------------------------------------------------------------------------------------


def test_a_manager_declares_a_link_and_removes_it(client: Client) -> None:
    candidate, evaluateur = scenes.a_candidate(), scenes.an_evaluateur(last_name="Roux")
    logged_in(client, Role.GESTIONNAIRE)
    address = reverse("candidates:declare_link", args=[candidate.pk])

    for _ in range(2):
        page = read(client.post(address, {"user": evaluateur.pk, "kind": "trained"}, follow=True))

    assert "ne pourra ni évaluer ni juger" in page
    assert "A formé ou accompagné le candidat" in page
    link = DeclaredLink.objects.get()
    remove = reverse("candidates:remove_link", args=[candidate.pk, link.pk])
    assert "est retiré" in read(client.post(remove, follow=True))
    assert client.post(remove).status_code == 302
    assert not DeclaredLink.objects.exists()


def test_only_people_who_judge_can_be_linked(client: Client) -> None:
    candidate, manager = scenes.a_candidate(), scenes.a_manager()
    logged_in(client, Role.GESTIONNAIRE)

    page = read(client.post(reverse("candidates:declare_link", args=[candidate.pk]), {"user": manager.pk, "kind": "x"}))

    assert "À corriger avant de continuer" in page
    assert not DeclaredLink.objects.exists()


def test_a_candidate_who_also_judges_is_not_linked_to_themselves(client: Client) -> None:
    candidate = scenes.a_candidate()
    candidate.user.role_grants.create(role=Role.EVALUATEUR)
    logged_in(client, Role.GESTIONNAIRE)
    form = {"user": candidate.user.pk, "kind": "related"}

    page = read(client.post(reverse("candidates:declare_link", args=[candidate.pk]), form))

    assert "C’est le candidat lui-même" in page


def test_a_link_of_another_candidate_is_left_alone(client: Client) -> None:
    candidate, other = scenes.a_candidate(), scenes.a_candidate()
    link = other.declared_links.create(user=scenes.an_evaluateur(), kind="trained")
    logged_in(client, Role.GESTIONNAIRE)

    client.post(reverse("candidates:remove_link", args=[candidate.pk, link.pk]))

    assert DeclaredLink.objects.count() == 1


def test_changing_needs_a_post(client: Client) -> None:
    candidate = scenes.a_candidate()
    logged_in(client, Role.GESTIONNAIRE)

    assert client.get(reverse("candidates:declare_link", args=[candidate.pk])).status_code == 405
    assert client.get(reverse("candidates:remove_link", args=[candidate.pk, 1])).status_code == 405
