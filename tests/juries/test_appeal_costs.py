"""What the pages of letters, results and appeals cost in queries: a literal number, the same for one item and three."""

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from juries.enums import Outcome
from juries.services.sessions import close_session
from tests import scenes
from tests.assessments.handed import a_pdf
from tests.assessments.http import client_of
from tests.juries.appealing import (
    a_published_decision,
    an_appeal_given_to,
    an_exhibit,
    an_instructor,
    candidate_of,
    contest,
)
from tests.juries.sittings import decide
from tests.juries.test_reexamining import decided_again
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db

SESSION_AND_USER = 2
ROLES = 1


@pytest.mark.parametrize("items", [1, 3])
def test_the_letters_of_a_session(items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    referentiel = build_referentiel()
    enrolments = [scenes.an_enrolment(referentiel) for _ in range(items)]
    session = scenes.a_session(*enrolments, opened=True)
    for enrolment in enrolments:
        decide(session, enrolment, Outcome.REFUSED)
    close_session(session, by=scenes.president_of(session))
    client = client_of(scenes.president_of(session))
    with django_assert_num_queries(SESSION_AND_USER + ROLES + 6):
        assert client.get(reverse("juries:letters", args=[session.pk])).status_code == 200


@pytest.mark.parametrize("items", [1, 3])
def test_a_result(items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    decision = a_published_decision()
    for _ in range(items - 1):
        decision = decided_again(decision)
    contest(decision)
    client = client_of(candidate_of(decision))
    with django_assert_num_queries(SESSION_AND_USER + ROLES + 7):
        assert client.get(reverse("juries:result", args=[decision.enrolment_id])).status_code == 200


@pytest.mark.parametrize("items", [1, 3])
def test_the_list_of_appeals(items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    owner = an_instructor()
    for _ in range(items):
        an_appeal_given_to(owner)
    client = client_of(scenes.a_manager())
    with django_assert_num_queries(SESSION_AND_USER + ROLES + 2):
        assert client.get(reverse("juries:appeals")).status_code == 200


@pytest.mark.parametrize("items", [1, 3])
def test_an_appeal(items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    decision = a_published_decision()
    exhibits = [an_exhibit(a_pdf(), f"{rank}.pdf") for rank in range(items)]
    appeal = contest(decision, *exhibits)
    client = client_of(scenes.a_manager())
    with django_assert_num_queries(SESSION_AND_USER + ROLES + 5):
        assert client.get(reverse("juries:appeal", args=[appeal.pk])).status_code == 200


@pytest.mark.parametrize("items", [1, 3])
def test_what_remains_to_present(items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    enrolment = scenes.an_enrolment(build_referentiel(blocs=items, competences=items))
    a_published_decision(Outcome.REFUSED, enrolment)
    client = client_of(scenes.a_manager())
    with django_assert_num_queries(SESSION_AND_USER + ROLES + 7):
        assert client.get(reverse("juries:remaining", args=[enrolment.pk])).status_code == 200
