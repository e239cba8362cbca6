"""What the API receives: JSON to a reasonable depth, refused in words beyond it, whatever the route."""

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.settings import api_settings

from core.parsers import DEEPEST, TOO_DEEP, JSONBody, is_deeper_than
from tests import scenes
from tests.assessments.http import client_of

ENDLESS = {
    "lists": "[" * 100_000,
    "objects": '{"a":' * 100_000,
    "lists that end": "[" * 500 + "]" * 500,
    "objects that end": '{"a":' * 200 + "1" + "}" * 200,
}


@pytest.fixture
def evaluateur() -> Client:
    return client_of(scenes.an_evaluateur())


@pytest.mark.django_db
@pytest.mark.parametrize("body", ENDLESS.values(), ids=list(ENDLESS))
def test_lists_in_lists_without_end_are_refused_in_words(evaluateur: Client, body: str) -> None:
    answer = evaluateur.post(reverse("api:snippets"), body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (400, {"detail": TOO_DEEP})


def test_no_route_reads_json_otherwise() -> None:
    (parser,) = api_settings.DEFAULT_PARSER_CLASSES
    assert parser is JSONBody


@pytest.mark.parametrize(("depth", "refused"), [(0, False), (1, False), (DEEPEST, False), (DEEPEST + 1, True)])
def test_the_depth_is_counted_to_the_level(depth: int, refused: bool) -> None:
    sent: object = "x"
    for level in range(depth):
        sent = [sent, 1] if level % 2 else {"a": sent, "b": 0}
    assert is_deeper_than(DEEPEST, sent) == refused
