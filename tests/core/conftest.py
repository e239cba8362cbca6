"""A database that several threads and processes can write to at once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from core import jobs
from tests.core.working import Press


@pytest.fixture
def database_on_disk(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """PostgreSQL as it is; for SQLite, whose test database is in memory, a file with the same content."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    memory: Any = connection.connection
    name = connection.settings_dict["NAME"]
    path = tmp_path / "test.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        memory.backup(file)
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = memory, name


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Press:
    handler = Press()
    monkeypatch.setitem(jobs._handlers, "test", handler)
    return handler


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The keys a message was sent for."""
    found: list[Any] = []
    monkeypatch.setattr(jobs, "_wakers", [found.append])
    return found
