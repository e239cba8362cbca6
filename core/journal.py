"""The append-only, chained journal (R-ALL-1).

An entry's hash covers its content and the previous entry's hash, so that nothing can be altered, removed or inserted
without breaking a link. Writers queue for the chain's end at the last moment of their transaction.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction
from django.utils import timezone

from core.fingerprints import canonical_json, sha256_hex
from core.models import JournalEntry

if TYPE_CHECKING:
    from accounts.models import User

GENESIS = "0" * 64
CONFIDENTIAL = "confidential."
"""Verbs that begin so tell by their mere existence what nobody may list: they are kept out of the journal's page."""
_CHAIN_LOCK = 7_202_611


@dataclass(frozen=True)
class BrokenLink:
    """The first entry that does not fit the chain, and in what way."""

    sequence: int
    problem: str


def record(
    verb: str,
    subject: models.Model,
    *,
    by: "User | None",
    data: Mapping[str, Any] | None = None,
    reason: str = "",
    operation: uuid.UUID | None = None,
) -> JournalEntry:
    """Append an entry inside the caller's transaction, so that it commits with what it tells.

    ``operation`` is a client-made identifier that a unique constraint lets in once; ``by`` is None for the system.
    Never pass passwords, tokens, handicap mentions or private notes (R-ALL-4).
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A journal entry commits with the change it tells.")
    sequence, previous = _end_of_the_chain()
    entry = JournalEntry(
        sequence=sequence + 1,
        at=timezone.now(),
        actor=by,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        data=dict(data or {}),
        reason=reason,
        operation=operation,
        previous_hash=previous,
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    return entry


def entry_hash(entry: JournalEntry) -> str:
    """SHA-256 of the entry's canonical content, previous hash included."""
    return sha256_hex(
        canonical_json(
            {
                "sequence": entry.sequence,
                "at": _instant(entry.at),
                "actor": entry.actor_id and str(entry.actor_id),
                "verb": entry.verb,
                "subject": f"{entry.subject_type}:{entry.subject_id}",
                "data": entry.data,
                "reason": entry.reason,
                "operation": entry.operation and str(entry.operation),
                "previous": entry.previous_hash,
            }
        )
    )


def first_broken_link() -> BrokenLink | None:
    """Walk the whole chain; None when every link holds."""
    return next(_broken_links(), None)


def _broken_links() -> Iterator[BrokenLink]:
    expected, previous = 1, GENESIS
    for entry in JournalEntry.objects.order_by("sequence").iterator(chunk_size=2000):
        if entry.sequence != expected:
            yield BrokenLink(expected, f"l’entrée manque : la suivante porte le numéro {entry.sequence}")
        elif entry.previous_hash != previous:
            yield BrokenLink(entry.sequence, "elle ne porte pas l’empreinte de la précédente")
        elif entry.hash != entry_hash(entry):
            yield BrokenLink(entry.sequence, "son contenu ne correspond plus à son empreinte")
        expected, previous = entry.sequence + 1, entry.hash


def _end_of_the_chain() -> tuple[int, str]:
    """The last entry's number and hash, which stay the last ones until this transaction ends.

    One writer at a time: SQLite's IMMEDIATE transactions already queue, PostgreSQL takes a lock until the commit. Both
    statements go in one trip, and the second sees what was committed while the first waited.
    """
    lock = f"SELECT pg_advisory_xact_lock({_CHAIN_LOCK}); " if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"{lock}SELECT sequence, hash FROM core_journalentry ORDER BY sequence DESC LIMIT 1")
        last: tuple[int, str] | None = cursor.fetchone()
    return last or (0, GENESIS)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
