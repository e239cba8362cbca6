"""A soutenance is planned from a projet: what is left to present of it, under its name."""

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from assessments.queries.projets import projets_for
from candidates.models import Enrolment
from tests import scenes
from tests.assessments.http import client_of
from tests.referentiel.factories import a_projet, build_referentiel

pytestmark = pytest.mark.django_db
PLAN_QUERIES = 13  # session, person, roles, enrolment, projets (2), aimed, acquired, the five lists of the form


def an_enrolment(**size: int) -> Enrolment:
    return scenes.an_enrolment(build_referentiel(**size))


def opened(enrolment: Enrolment, projet: object) -> str:
    address = reverse("assessments:plan", args=[enrolment.pk])
    return client_of(scenes.a_manager()).get(address, {"projet": str(projet)}).content.decode()


def test_a_projet_fills_the_name_and_the_competences_left() -> None:
    enrolment = an_enrolment(competences=3)
    projet = a_projet(enrolment.referentiel, "C1.1.1", "C1.1.2")
    scenes.pass_soutenance(enrolment, enrolment.referentiel.competences.filter(code="C1.1.1"))

    (offer,) = projets_for(enrolment)
    page = opened(enrolment, projet.pk)

    assert (offer.aimed, [one.code for one in offer.remaining]) == (2, ["C1.1.2"])
    assert 'value="Vision"' in page
    assert page.count("checked") == 1
    assert "1 compétence sur 2 à présenter" in page


def test_only_the_blocs_of_the_enrolment_are_offered() -> None:
    referentiel = build_referentiel(blocs=2)
    a_projet(referentiel, "C2.1.1", name="Second bloc")
    enrolment = scenes.an_enrolment(referentiel)
    enrolment.blocs.set(referentiel.blocs.filter(number=1))
    assert projets_for(enrolment) == []


@pytest.mark.parametrize("named", ["", "pas-un-uuid", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_projet_fills_nothing(named: str) -> None:
    enrolment = an_enrolment()
    a_projet(enrolment.referentiel)
    page = opened(enrolment, named)
    assert "Partir d’un projet" in page
    assert "checked" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_form_costs_the_same_whatever_the_projets(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    enrolment = an_enrolment(competences=count)
    for number in range(count):
        a_projet(enrolment.referentiel, name=f"Projet {number}")
    client = client_of(scenes.a_manager())
    with django_assert_num_queries(PLAN_QUERIES):
        client.get(reverse("assessments:plan", args=[enrolment.pk]))
