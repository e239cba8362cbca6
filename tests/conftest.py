"""What every test stands on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase, override_settings

from core import protection

ON_THE_DATABASE = {"db", "transactional_db", "live_server"}
LONGEST = (
    "test_jury_machine",
    "test_canary",
    "test_matrix",
    "test_soutenance_of_2h30",
    "test_accessibility",
    "test_jury_day",
)
"""Started first, so that nobody waits for them at the end."""
_teardown = TransactionTestCase._fixture_teardown


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest first; and what never asks the database anything is played with the embedded one, not twice."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)
    if connection.vendor == "sqlite":
        return
    kept = [item for item in items if _asks_the_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _asks_the_database(item: pytest.Item) -> bool:
    marked = any(item.get_closest_marker(name) for name in ("django_db", "services", "browser"))
    return marked or bool(ON_THE_DATABASE & set(getattr(item, "fixturenames", ())))


def _teardown_without_protections(self: TransactionTestCase) -> None:
    """Emptying a test database is the one thing the protections must not refuse; the flush puts them back."""
    protection.remove()
    _teardown(self)
    protection.install()


@pytest.fixture(autouse=True, scope="session")
def _protections_step_aside_for_flush() -> Any:
    TransactionTestCase._fixture_teardown = _teardown_without_protections  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = _teardown  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def files_of_this_test(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """Rows are rolled back and files are not: shared, they would be strays to the next test that reconciles.

    The tests of services have an installation of their own, whose processes know its folder.
    """
    if request.node.get_closest_marker("services"):
        yield
        return
    with override_settings(FILES_DIR=tmp_path / "files"):
        yield
