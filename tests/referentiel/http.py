"""The API of référentiels as an administrateur's program calls it."""

from typing import Any

from django.test import Client

from accounts.enums import Role
from referentiel.models import Referentiel
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of


def administrateur() -> Client:
    return client_of(UserFactory(roles=[Role.ADMINISTRATEUR]))


def at(referentiel: Referentiel, *parts: object) -> str:
    return "/".join(["/api/v1/referentiels", *map(str, [referentiel.pk, *parts]), ""])


def send(api: Client, method: str, address: str, body: Any = None, mark: str | None = None) -> Any:
    headers = {} if mark is None else {"If-Match": f'"{mark}"'}
    return getattr(api, method)(address, body, content_type="application/json", headers=headers)
