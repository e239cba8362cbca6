"""Who comes to the pages, and what they read there."""

import html
import re

from django.test import Client

from accounts.enums import Role
from accounts.models import User
from candidates.models import Candidate
from tests import scenes
from tests.accounts.factories import UserFactory

BACKEND = "django.contrib.auth.backends.ModelBackend"


def logged_in(client: Client, *roles: Role) -> User:
    person: User = UserFactory(roles=roles)
    client.force_login(person, backend=BACKEND)
    return person


def logged_in_candidate(client: Client, **names: str) -> Candidate:
    candidate = scenes.a_candidate(**names)
    client.force_login(candidate.user, backend=BACKEND)
    return candidate


def read(response: object) -> str:
    """The text of a page as a person reads it: entities decoded, special spaces made plain."""
    content = response.content.decode()  # type: ignore[attr-defined]
    return re.sub(r"[\u00a0\u202f]", " ", html.unescape(content))


def operation_in(page: str) -> str:
    found = re.search(r'name="operation" value="([0-9a-f-]{36})"', page)
    assert found
    return found[1]
