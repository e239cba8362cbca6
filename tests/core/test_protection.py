"""The generator of the triggers, on the ground's own append-only table (R-ALL-1)."""

import threading
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models.signals import pre_migrate
from django.utils import timezone

from core import protection
from core.journal import GENESIS, first_broken_link, record
from core.models import JournalEntry
from core.protection import Protection, append_only, installed_triggers, registered
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db
sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own ways of writing")
postgresql_only = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own ways of writing")
MESSAGE = "Le journal ne s.efface ni ne se modifie"


@pytest.fixture
def entry() -> JournalEntry:
    with transaction.atomic():
        return record("test.done", UserFactory(), by=None, data={"n": 1})


def execute(sql: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_every_registered_table_has_its_triggers() -> None:
    expected = {name for rule in registered() for name in rule.trigger_names}

    assert expected
    assert expected <= installed_triggers()


def test_triggers_can_be_put_back_as_often_as_one_likes() -> None:
    before = installed_triggers()

    protection.install()
    protection.install()

    assert installed_triggers() == before


def test_triggers_are_gone_once_removed_and_back_once_installed() -> None:
    before = installed_triggers()

    protection.remove()
    removed = installed_triggers()
    protection.install()

    assert not any("_frozen_" in name for name in removed)
    assert installed_triggers() == before


@sqlite_only
def test_before_migrations_that_run_the_triggers_step_aside_and_not_otherwise() -> None:
    """A table rebuilt by SQLite does not get its name back while a trigger elsewhere names it."""
    before = installed_triggers()

    protection.step_aside(plan=[])
    assert installed_triggers() == before
    protection.step_aside(plan=[("a migration", False)])
    stepped_aside = installed_triggers()
    protection.install()

    assert not any("_frozen_" in name for name in stepped_aside)
    assert installed_triggers() == before


def test_the_triggers_step_aside_when_migrations_begin() -> None:
    """And only then: `migrate` with nothing to do leaves them where they are."""
    listening, _ = pre_migrate._live_receivers(apps.get_app_config("core"))

    assert protection.step_aside in listening


def test_an_append_only_table_takes_new_rows(entry: JournalEntry) -> None:
    with transaction.atomic():
        record("test.done", entry, by=None)

    assert JournalEntry.objects.count() == 2
    assert first_broken_link() is None


def saved(entry: JournalEntry) -> None:
    entry.reason = "autre"
    entry.save()


def bulk_updated(entry: JournalEntry) -> None:
    entry.reason = "autre"
    JournalEntry.objects.bulk_update([entry], ["reason"])


def upserted(entry: JournalEntry) -> None:
    entry.reason = "autre"
    JournalEntry.objects.bulk_create([entry], update_conflicts=True, unique_fields=["id"], update_fields=["reason"])


WAYS = {
    "save": saved,
    "bulk_update": bulk_updated,
    "upsert": upserted,
    "update": lambda _: JournalEntry.objects.update(reason="autre"),
    "update in SQL": lambda _: execute("UPDATE core_journalentry SET reason = 'autre'"),
    "change of key": lambda _: execute("UPDATE core_journalentry SET id = id + 1"),
    "change of JSON": lambda _: execute("UPDATE core_journalentry SET data = '{}'"),
    "delete": lambda entry: entry.delete(),
    "queryset delete": lambda _: JournalEntry.objects.all().delete(),
    "delete in SQL": lambda _: execute("DELETE FROM core_journalentry"),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_append_only_row_is_refused_any_change(entry: JournalEntry, way: str) -> None:
    before = JournalEntry.objects.values().get()

    with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic():
        WAYS[way](entry)

    assert JournalEntry.objects.values().get() == before


REPLACEMENTS = {
    "by key": "INSERT OR REPLACE INTO core_journalentry SELECT * FROM core_journalentry",
    "in short": "REPLACE INTO core_journalentry SELECT * FROM core_journalentry",
    "by a unique column": (
        "INSERT OR REPLACE INTO core_journalentry (sequence, at, verb, subject_type, subject_id, data, reason,"
        " previous_hash, hash) SELECT sequence, at, 'autre', subject_type, subject_id, data, reason,"
        " previous_hash, 'autre' FROM core_journalentry"
    ),
}


@sqlite_only
@pytest.mark.parametrize("way", REPLACEMENTS)
def test_an_append_only_row_is_not_replaced(entry: JournalEntry, way: str) -> None:
    with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic():
        execute(REPLACEMENTS[way])

    assert JournalEntry.objects.get().verb == "test.done"


@postgresql_only
def test_an_append_only_table_is_not_truncated(entry: JournalEntry) -> None:
    execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic():
        execute("TRUNCATE core_journalentry")

    assert JournalEntry.objects.exists()


def test_an_update_that_changes_nothing_is_let_through(entry: JournalEntry) -> None:
    entry.save()
    entry.refresh_from_db()
    entry.save(force_update=True)
    JournalEntry.objects.update(reason=entry.reason, data=entry.data, at=entry.at)
    execute("UPDATE core_journalentry SET reason = reason, sequence = '1'")

    assert JournalEntry.objects.get().previous_hash == GENESIS
    assert first_broken_link() is None


def test_conditions_say_old_and_new_where_they_belong() -> None:
    rule = Protection(JournalEntry, message="Non.", when="{row}.verb = 'x'", once_written="{row}.sequence > 3")

    assert rule.existing("OLD") == "((OLD.verb = 'x') OR (OLD.sequence > 3))"
    assert append_only(JournalEntry, message="Non.").existing("OLD") == "((1 = 0) OR (1 = 1))"


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_writers_of_the_journal_queue_and_the_chain_holds() -> None:
    user = UserFactory()

    def write() -> None:
        for _ in range(5):
            with transaction.atomic():
                record("test.done", user, by=user, data={"at": timezone.now().isoformat()})
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert JournalEntry.objects.count() == 20
    assert first_broken_link() is None
