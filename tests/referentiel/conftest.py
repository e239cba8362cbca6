"""A draft and an administrateur's browser; a second connection, for what two people do at once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.enums import Role
from referentiel.models import Referentiel, SousElement
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel


@pytest.fixture
def second_connection() -> Iterator[Callable[..., None]]:
    """Runs SQL elsewhere, giving up after a short wait for a lock."""
    other = connection.copy()

    def execute(sql: str, *params: Any) -> None:
        with other.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
            cursor.execute(sql, params)

    yield execute
    other.close()


@pytest.fixture
def admin_client(db: None) -> Client:
    client = Client()
    client.force_login(UserFactory(roles=[Role.ADMINISTRATEUR]))
    return client


@pytest.fixture
def draft(db: None) -> Referentiel:
    referentiel = build_referentiel(blocs=2, published=False)
    SousElement.objects.create(critere=referentiel.criteres.first(), position=1, text="Premier")
    return referentiel


@pytest.fixture
def alone(settings: Any) -> None:
    """An installation where one administrateur is enough to publish."""
    settings.PUBLICATION_NEEDS_TWO = False
