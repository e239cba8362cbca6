"""The journal: append-only, chained, and every kind of tampering named at its first broken link (R-ALL-1)."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, models, transaction

from accounts.models import User
from core import protection
from core.anchors import drop_anchor, first_lost_anchor
from core.journal import GENESIS, BrokenLink, entry_hash, first_broken_link, record
from core.models import JournalEntry
from tests.accounts.factories import UserFactory
from tests.core import factories

pytestmark = pytest.mark.django_db
WRITERS, EACH = 4, 10


@pytest.fixture(autouse=True)
def _anchors_elsewhere(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def person() -> User:
    return UserFactory()


@pytest.fixture
def chain(person: User) -> list[JournalEntry]:
    return [factories.record("test.done", person, data={"n": n}) for n in range(1, 6)]


@pytest.fixture
def unprotected() -> Iterator[None]:
    """As for somebody who owns the database: the triggers that refuse to alter the journal are gone."""
    protection.remove()
    yield
    protection.install()


def at(sequence: int) -> models.QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(sequence=sequence)


# --- Writing --------------------------------------------------------------------------------------------------------


def test_an_untouched_chain_verifies(chain: list[JournalEntry]) -> None:
    assert [entry.sequence for entry in chain] == [1, 2, 3, 4, 5]
    assert chain[0].previous_hash == GENESIS
    assert [entry.previous_hash for entry in chain[1:]] == [entry.hash for entry in chain[:-1]]
    assert first_broken_link() is None


def test_an_empty_journal_verifies() -> None:
    assert first_broken_link() is None


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused(person: User) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        record("test.done", person, by=person)

    assert not JournalEntry.objects.exists()


def test_an_entry_is_rolled_back_with_what_it_tells(person: User) -> None:
    with transaction.atomic():
        record("test.done", person, by=person)
        transaction.set_rollback(True)

    assert not JournalEntry.objects.exists()
    assert factories.record("test.done", person).sequence == 1


def test_an_operation_is_recorded_once(person: User) -> None:
    operation = uuid4()
    factories.record("test.done", person, operation=operation)

    with pytest.raises(IntegrityError), transaction.atomic():
        record("test.done", person, by=person, operation=operation)

    assert first_broken_link() is None


@pytest.mark.parametrize(
    "data", [{"é": "« œuvre » \U0001f393"}, {"n": 1.5, "z": None, "a": [True, {"b": 2}]}, {"big": 2**53}]
)
def test_what_the_database_gives_back_has_the_hash_of_what_was_written(person: User, data: dict[str, Any]) -> None:
    factories.record("test.done", person, data=data, reason="Parce que\nc’est ainsi")

    entry = JournalEntry.objects.get()
    assert entry.hash == entry_hash(entry)
    assert first_broken_link() is None


# --- Tampering ------------------------------------------------------------------------------------------------------


CONTENTS: dict[str, dict[str, Any]] = {
    "data": {"data": {"n": 99}},
    "verb": {"verb": "test.other"},
    "reason": {"reason": "Autre motif"},
    "actor": {"actor": None},
    "subject": {"subject_id": "autre"},
    "operation": {"operation": uuid4()},
}


@pytest.mark.parametrize("changed", CONTENTS)
def test_a_changed_content_is_named(chain: list[JournalEntry], unprotected: None, changed: str) -> None:
    at(3).update(**CONTENTS[changed])

    assert first_broken_link() == BrokenLink(3, "son contenu ne correspond plus à son empreinte")


def test_a_changed_date_is_named(chain: list[JournalEntry], unprotected: None) -> None:
    at(3).update(at=chain[0].at)

    assert first_broken_link() == BrokenLink(3, "son contenu ne correspond plus à son empreinte")


def test_a_content_changed_with_its_hash_breaks_the_next_link(chain: list[JournalEntry], unprotected: None) -> None:
    forged = chain[2]
    forged.data = {"n": 99}
    at(3).update(data=forged.data, hash=entry_hash(forged))

    assert first_broken_link() == BrokenLink(4, "elle ne porte pas l’empreinte de la précédente")


def test_a_removed_entry_is_named(chain: list[JournalEntry], unprotected: None) -> None:
    at(3).delete()

    assert first_broken_link() == BrokenLink(3, "l’entrée manque : la suivante porte le numéro 4")


def test_a_removed_beginning_is_named(chain: list[JournalEntry], unprotected: None) -> None:
    at(1).delete()

    assert first_broken_link() == BrokenLink(1, "l’entrée manque : la suivante porte le numéro 2")


def test_a_removed_entry_whose_place_was_closed_up_is_named(chain: list[JournalEntry], unprotected: None) -> None:
    at(3).delete()
    for sequence in (4, 5):
        at(sequence).update(sequence=sequence - 1)

    assert first_broken_link() == BrokenLink(3, "elle ne porte pas l’empreinte de la précédente")


def test_an_inserted_entry_is_named(chain: list[JournalEntry], unprotected: None) -> None:
    for sequence in (5, 4, 3):
        at(sequence).update(sequence=sequence + 1)
    inserted = JournalEntry(
        sequence=3,
        at=chain[1].at,
        verb="test.forged",
        subject_type=chain[1].subject_type,
        subject_id=chain[1].subject_id,
        previous_hash=chain[1].hash,
    )
    inserted.hash = entry_hash(inserted)
    inserted.save(force_insert=True)

    assert first_broken_link() == BrokenLink(4, "elle ne porte pas l’empreinte de la précédente")


def test_entries_in_another_order_are_named(chain: list[JournalEntry], unprotected: None) -> None:
    at(2).update(sequence=99)
    at(3).update(sequence=2)
    at(99).update(sequence=3)

    assert first_broken_link() == BrokenLink(2, "elle ne porte pas l’empreinte de la précédente")


def test_a_tail_cut_off_is_seen_thanks_to_the_anchor(chain: list[JournalEntry], unprotected: None) -> None:
    drop_anchor()
    JournalEntry.objects.filter(sequence__gt=3).delete()

    assert first_broken_link() is None
    assert first_lost_anchor() == BrokenLink(6, "une ancre l’atteste, le journal ne l’a plus telle quelle")


def test_a_whole_chain_made_again_is_seen_thanks_to_the_anchor(chain: list[JournalEntry], unprotected: None) -> None:
    drop_anchor()
    previous = GENESIS
    for entry in JournalEntry.objects.order_by("sequence"):
        entry.previous_hash, entry.reason = previous, "Récrite"
        entry.hash = previous = entry_hash(entry)
        entry.save()

    assert first_broken_link() is None
    assert first_lost_anchor() == BrokenLink(6, "une ancre l’atteste, le journal ne l’a plus telle quelle")


# --- Writing together -----------------------------------------------------------------------------------------------


def test_writers_at_once_leave_no_hole(database_on_disk: None) -> None:
    """On PostgreSQL, and on a SQLite file with the production's settings."""
    person = UserFactory()
    errors: list[Exception] = []

    def write() -> None:
        try:
            for n in range(EACH):
                with transaction.atomic():
                    record("test.done", person, by=person, data={"n": n})
        except Exception as error:  # shown by the assertion below
            errors.append(error)
        connection.close()

    together([write] * WRITERS)

    assert errors == []
    sequences = JournalEntry.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(sequences) == list(range(1, WRITERS * EACH + 1))
    assert first_broken_link() is None


def test_a_writer_that_gives_up_leaves_no_hole(database_on_disk: None) -> None:
    person = UserFactory()

    def write(*, gives_up: bool) -> None:
        for _ in range(EACH):
            try:
                with transaction.atomic():
                    record("test.done", person, by=person)
                    assert not gives_up
            except AssertionError:
                continue
        connection.close()

    together([lambda: write(gives_up=False), lambda: write(gives_up=True)] * 2)

    assert JournalEntry.objects.count() == 2 * EACH
    assert first_broken_link() is None


def together(acts: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
