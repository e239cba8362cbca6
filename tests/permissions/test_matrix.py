"""Rights are per object: each person × each route × own, foreign or absent; foreign is absent is 404."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from tests.permissions.matrix import MATRIX, Route
from tests.permissions.world import EVERYONE, World, build_world

TOKEN = 22  # characters: what a word of a route never has
ELSEWHERE = ("compte/", "administration/")
"""Django's and allauth's own pages, tested by their authors; their doors are tested in tests/accounts."""


def named_routes(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if not str(pattern.pattern).startswith(ELSEWHERE):
                yield from named_routes(pattern, namespace + (f"{pattern.namespace}:" if pattern.namespace else ""))
        else:
            yield f"{namespace}{pattern.name}"


def test_every_route_has_a_row_in_the_matrix() -> None:
    assert set(named_routes()) == {row.name for row in MATRIX}


def status_for(row: Route, world: World, client: Client, *, absent: bool = False) -> int:
    """The answer to one person; whatever it wrote is undone."""
    ids = {argument: world.ids[key] for argument, key in row.ids}
    if absent:
        ids = {argument: _absent(value) for argument, value in ids.items()}
    options = {"content_type": "application/json"} if row.name.startswith("api:") and row.method != "get" else {}
    with transaction.atomic():
        answer = getattr(client, row.method)(reverse(row.name, kwargs=ids), dict(row.data), **options)
        transaction.set_rollback(True)
    return int(answer.status_code)


def _absent(value: object) -> object:
    """An identifier of the same shape that names nothing; words stay as they are."""
    if isinstance(value, str) and len(value) == TOKEN:
        return "A" * TOKEN
    return uuid4() if isinstance(value, UUID) else 999_999 if isinstance(value, int) else value


PARTS = 4
"""The matrix is read in as many parts, so that several processes share it."""


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_every_route_answers_each_person_as_the_matrix_says(part: int) -> None:
    world = build_world()
    clients = {name: Client() for name in EVERYONE}
    for name, client in clients.items():
        client.force_login(world.people[name], backend="django.contrib.auth.backends.ModelBackend")
    wrong = []
    for row in MATRIX[part::PARTS]:
        stranger = next((name for name in EVERYONE if name not in row.may), "")
        for name, client in clients.items():
            status = status_for(row, world, client)
            if (status == 404) == (name in row.may) or status >= 500:
                wrong.append(f"{row.method} {row.name} {dict(row.ids)} as {name}: {status}")
            asks_for_absent = row.ids and (name in row.may or name == stranger)  # the others were told 404 already
            if asks_for_absent and (status := status_for(row, world, client, absent=True)) != 404:
                wrong.append(f"{row.method} {row.name} on an absent object as {name}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_nothing_but_the_public_pages_answers_before_login() -> None:
    world = build_world()
    answers = {row.name: status_for(row, world, Client()) for row in MATRIX}
    let_in = {name for name, status in answers.items() if status not in (301, 302, 401, 403)}
    assert let_in == {row.name for row in MATRIX if row.public}
