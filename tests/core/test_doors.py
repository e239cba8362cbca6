"""Who is answered what at the door: the API's anonymous callers, the demo's visitors."""

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from accounts.enums import Role
from core.middleware import DemoOnLoopbackMiddleware
from tests.accounts.factories import UserFactory


@pytest.mark.django_db
def test_the_api_asks_an_anonymous_caller_to_say_who_they_are() -> None:
    answer = Client().get("/api/v1/enrolments/")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Token")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["enrolments/00000000-0000-4000-8000-000000000000/", "referentiels/999999/"])
def test_the_api_says_in_french_that_there_is_nothing_there(address: str) -> None:
    client = Client()
    client.force_login(UserFactory(roles=[Role.GESTIONNAIRE]), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Cela n’existe pas, ou n’est pas pour vous."}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "192.0.2.7"}, 403),
        ({"HTTP_X_FORWARDED_FOR": "192.0.2.7"}, 403),
        ({"HTTP_X_FORWARDED_PROTO": "https"}, 403),
        ({"HTTP_X_FORWARDED_HOST": "demo.exemple.fr"}, 403),
        ({"HTTP_FORWARDED": "for=192.0.2.7"}, 403),
    ],
)
def test_the_demo_answers_its_own_machine_only(settings: Settings, headers: dict[str, str], status: int) -> None:
    settings.DEMO = True
    door = DemoOnLoopbackMiddleware(lambda _: HttpResponse())
    assert door(RequestFactory().get("/", **headers)).status_code == status


def test_elsewhere_than_in_the_demo_that_door_is_not_there(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(MiddlewareNotUsed):
        DemoOnLoopbackMiddleware(lambda _: HttpResponse())
