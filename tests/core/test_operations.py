"""One effect per form, even when the second copy arrives between the look and the writing (R-ALL-1)."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from accounts.models import User
from core import operations
from core.exceptions import Refusal
from core.operations import made_once
from tests.accounts.factories import UserFactory
from tests.core.factories import record

pytestmark = pytest.mark.django_db


def refuse() -> User:
    raise Refusal("Un compte existe déjà.")


@pytest.fixture
def overtaken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first look finds nothing: what the other copy makes is stored just after it."""
    look, looks = operations.already_made, 0

    def look_too_early(*args: Any, **options: Any) -> Any:
        nonlocal looks
        looks += 1
        return None if looks == 1 else look(*args, **options)

    monkeypatch.setattr(operations, "already_made", look_too_early)


def made_by(person: User) -> UUID:
    operation = uuid4()
    record("account.opened", person, operation=operation)
    return operation


def test_a_copy_that_is_refused_gives_what_the_first_one_made(overtaken: None) -> None:
    person: User = UserFactory()
    assert made_once(User, refuse, operation=made_by(person), by=person) == person


def test_a_refusal_of_its_own_is_said() -> None:
    person: User = UserFactory()
    with pytest.raises(Refusal, match="existe déjà"):
        made_once(User, refuse, operation=uuid4(), by=person)


def test_a_known_operation_makes_nothing_again() -> None:
    person: User = UserFactory()
    assert made_once(User, refuse, operation=made_by(person), by=person) == person
