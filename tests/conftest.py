"""What every test stands on."""

from pathlib import Path
from typing import Any

import pytest
from django.test import TransactionTestCase

from core import protection

_teardown = TransactionTestCase._fixture_teardown


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
def files_of_this_test(settings: Any, tmp_path: Path) -> None:
    """Rows are rolled back and files are not: shared, they would be strays to the next test that reconciles."""
    settings.FILES_DIR = tmp_path / "files"
