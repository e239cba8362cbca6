"""The list of candidates: what is found in it, what it costs."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from candidates.enums import VoieAcces
from candidates.models import Candidate
from candidates.services.enrolling import enrol
from candidates.services.filing import open_file
from candidates.views.files import PER_PAGE
from tests import scenes
from tests.candidates.visits import logged_in, read
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db

LIST = "/candidats/"
LIST_QUERIES = 7  # session, person, roles, certifications to choose from, length, page, enrolments


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_list_costs_the_same_whatever_it_shows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, how_many: int
) -> None:
    for _ in range(how_many):
        candidate = scenes.a_candidate()
        for _ in range(how_many):
            scenes.an_enrolment(candidate=candidate)
    logged_in(client, Role.GESTIONNAIRE)

    with django_assert_num_queries(LIST_QUERIES):
        client.get(LIST)


@pytest.mark.parametrize(
    "words", ["lefevre", "LEFÈVRE", "inès", "ines lef", "exemple.org", "2026-00001", "  marie   LEFÈVRE ", "d’aubigné"]
)
def test_a_search_finds_by_name_address_or_number(client: Client, words: str) -> None:
    found = open_file(
        family_name="Lefèvre d'Aubigné",
        given_names="Inès Marie",
        birth_date=date(1996, 2, 9),
        birth_place="Rennes",
        email="ines@exemple.org",
        by=scenes.a_manager(),
    )
    scenes.an_enrolment(candidate=found)
    scenes.an_enrolment(candidate=scenes.a_candidate("Garnier", "Léa"))
    logged_in(client, Role.GESTIONNAIRE)

    page = read(client.get(LIST, {"q": words}))

    assert "LEFÈVRE" in page
    assert "GARNIER" not in page


@pytest.mark.parametrize("words", ["%", "_", "l%a", "'; DROP TABLE", "\\", "!!"])
def test_signs_are_looked_for_as_they_are(client: Client, words: str) -> None:
    scenes.a_candidate("Garnier", "Léa")
    logged_in(client, Role.GESTIONNAIRE)

    assert "GARNIER" not in read(client.get(LIST, {"q": words}))


def test_the_list_is_narrowed_by_certification_and_voie(client: Client) -> None:
    one, other = scenes.an_enrolment(candidate=scenes.a_candidate("Un", "Ana")), build_referentiel()
    enrol(
        scenes.a_candidate("Deux", "Bob"),
        referentiel=other,
        voie_acces=VoieAcces.VAE,
        enrolled_on=date(2026, 1, 12),
        by=scenes.a_manager(),
    )
    logged_in(client, Role.AUDITEUR)

    assert "Bob DEUX" not in read(client.get(LIST, {"certification": one.referentiel.certification_id}))
    page = read(client.get(LIST, {"voie": "vae", "certification": other.certification_id}))
    assert "Bob DEUX" in page
    assert "Ana UN" not in page
    assert "Aucun candidat ne répond" in read(
        client.get(LIST, {"voie": "vae", "certification": one.referentiel.certification_id})
    )


@pytest.mark.parametrize("query", [{"certification": "999"}, {"voie": "perdue"}, {"tri": "x"}, {"page": "-4"}])
def test_a_filter_that_cannot_be_read_shows_everything(client: Client, query: dict[str, str]) -> None:
    scenes.a_candidate("Garnier", "Léa")
    logged_in(client, Role.GESTIONNAIRE)

    assert "GARNIER" in read(client.get(LIST, query))


def test_names_are_sorted_without_regard_to_accents_or_by_the_newest_enrolment(client: Client) -> None:
    for name, day in (("Zola", 3), ("Écuyer", 1), ("abeille", 2)):
        enrol(
            scenes.a_candidate(name, "Léa"),
            referentiel=build_referentiel(),
            voie_acces=VoieAcces.VAE,
            enrolled_on=date(2026, 1, day),
            by=scenes.a_manager(),
        )
    scenes.a_candidate("Durand", "Sans inscription")
    logged_in(client, Role.GESTIONNAIRE)

    by_name, newest = read(client.get(LIST)), read(client.get(LIST, {"tri": "recent"}))

    names = ["ABEILLE", "DURAND", "ÉCUYER", "ZOLA"]
    assert sorted(names, key=by_name.index) == names
    assert sorted(names, key=newest.index) == ["ZOLA", "ABEILLE", "ÉCUYER", "DURAND"]


def test_a_long_list_is_read_page_after_page(client: Client) -> None:
    Candidate.objects.bulk_create(
        Candidate(
            family_name=f"N{n:03d}",
            given_names="A",
            birth_date=date(1990, 1, 1),
            birth_place="X",
            search_key=f"n{n:03d}",
        )
        for n in range(PER_PAGE + 1)
    )
    logged_in(client, Role.GESTIONNAIRE)

    assert "N050" not in read(client.get(LIST))
    second = read(client.get(LIST, {"page": 2, "q": "n0"}))
    assert "N050" in second
    assert "q=n0" in second
