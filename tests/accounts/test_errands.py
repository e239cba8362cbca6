"""R-JUR-8: who instructs an appeal, whatever their roles, is led to it from every page and from home."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import User
from juries.services.instructing import assign_appeal
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.juries.appealing import a_published_decision, an_appeal_given_to, an_instructor, contest

pytestmark = pytest.mark.django_db
ENTRY = "Recours confiés"


def home_of(user: User) -> str:
    return client_of(user).get("/", follow=True).content.decode()


@pytest.mark.parametrize("role", [Role.EVALUATEUR, Role.JURY, Role.REFERENT_HANDICAP, Role.ADMINISTRATEUR])
def test_who_was_given_an_appeal_is_led_to_it_whatever_their_role(role: Role) -> None:
    owner = UserFactory(roles=[role])
    assert ENTRY not in home_of(owner)
    an_appeal_given_to(owner)
    home = home_of(owner)
    assert ENTRY in home
    assert "Les recours que vous instruisez" in home
    page = client_of(owner).get(reverse("juries:appeals"))
    assert page.status_code == 200
    assert 'aria-current="page"' in page.content.decode()


@pytest.mark.parametrize("role", [Role.GESTIONNAIRE, Role.AUDITEUR])
def test_who_sees_all_the_appeals_has_one_entry(role: Role) -> None:
    owner = UserFactory(roles=[role])
    an_appeal_given_to(owner)
    home = home_of(owner)
    assert ENTRY not in home
    assert home.count(f'href="{reverse("juries:appeals")}"') == home.count(f'href="{reverse("core:jobs")}"')


def test_nobody_else_is_led_there() -> None:
    owner, former = an_instructor(), an_instructor()
    appeal = contest(a_published_decision())
    assign_appeal(appeal, owner=former, by=scenes.a_manager())
    assign_appeal(appeal, owner=owner, by=scenes.a_manager())
    assert ENTRY not in home_of(former)
    assert ENTRY in home_of(owner)


def test_it_costs_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """Read with the roles."""
    user = User.objects.get(pk=an_instructor().pk)
    with django_assert_num_queries(1):
        assert (user.roles, user.errands) == ({Role.EVALUATEUR}, frozenset())


def test_who_has_lost_every_role_has_no_errand(client: Client) -> None:
    owner = an_instructor()
    an_appeal_given_to(owner)
    owner.role_grants.all().delete()
    assert User.objects.get(pk=owner.pk).errands == frozenset()
    assert client_of(owner).get(reverse("juries:appeals")).status_code == 404
