"""After a published partial or refused decision, what is left is planned from the candidate's page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from juries.enums import Outcome
from juries.services.sessions import close_session
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.juries.appealing import a_published_decision
from tests.juries.sittings import decide
from tests.referentiel.factories import a_projet, build_referentiel

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment():
    """Two blocs of two compétences: the first bloc acquired, one compétence of the second."""
    enrolment = scenes.an_enrolment(build_referentiel(blocs=2, competences=2))
    scenes.pass_soutenance(enrolment, enrolment.referentiel.competences.exclude(code="C2.1.2"))
    return enrolment


def slot(enrolment, user=None) -> str:
    answer = client_of(user or scenes.a_manager()).get(reverse("juries:remaining", args=[enrolment.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def planning(enrolment, query: str):
    address = f"{reverse('assessments:plan', args=[enrolment.pk])}?{query}"
    return client_of(scenes.a_manager()).get(address).context["form"].initial


@pytest.mark.parametrize("outcome", [Outcome.PARTIAL, Outcome.REFUSED])
def test_what_is_left_is_named_by_bloc_and_leads_to_a_form_that_holds_it(enrolment, outcome):
    a_published_decision(outcome, enrolment)
    shown = slot(enrolment)
    assert "C2.1.2" in shown
    assert "C2.1.1" not in shown
    assert "Bloc 1" not in shown
    assert f"{reverse('assessments:plan', args=[enrolment.pk])}?bloc=2" in shown
    assert [one.code for one in planning(enrolment, "bloc=2")["competences"]] == ["C2.1.2"]


def test_under_the_name_of_the_projet_that_holds_it(enrolment):
    a_projet(enrolment.referentiel, "C2.1.1", "C2.1.2", name="Pilotage")
    assert planning(enrolment, "bloc=2")["title"] == "Pilotage"


@pytest.mark.parametrize("number", ["", "1", "9", "x", "²", "-2", "2 ", "99999999999999999999999"])
def test_a_bloc_with_nothing_left_or_that_is_none_fills_nothing(enrolment, number):
    assert planning(enrolment, f"bloc={number}") == {}


def test_what_a_coming_soutenance_covers_is_not_planned_twice(enrolment):
    a_published_decision(Outcome.PARTIAL, enrolment)
    missing = enrolment.referentiel.competences.filter(code="C2.1.2")
    scenes.a_soutenance(enrolment, competences=missing, starts_at=timezone.now() + timedelta(days=3))
    shown = slot(enrolment)
    assert "Déjà planifié" in shown
    assert "?bloc=2" not in shown


@pytest.mark.parametrize("outcome", [Outcome.ADJOURNED])
def test_nothing_after_another_outcome(enrolment, outcome):
    a_published_decision(outcome, enrolment)
    assert "Ce qui reste" not in slot(enrolment)


def test_nothing_before_the_publication(enrolment):
    """R-JUR-6."""
    session = scenes.a_session(enrolment, opened=True)
    decide(session, enrolment, Outcome.PARTIAL)
    close_session(session, by=scenes.president_of(session))
    assert "Ce qui reste" not in slot(enrolment)


def test_it_is_a_slot_of_the_page_of_who_plans(enrolment):
    address = reverse("juries:remaining", args=[enrolment.pk])
    progress = reverse("assessments:enrolment_progress", args=[enrolment.pk])
    assert address in client_of(scenes.a_manager()).get(progress).content.decode()
    for user in (enrolment.candidate.user, UserFactory(roles=[Role.AUDITEUR])):
        assert address not in client_of(user).get(progress).content.decode()
        assert client_of(user).get(address).status_code == 404
