"""Marking one CE: acknowledged means stored (R-SCO-2, R-SCO-3, R-SCO-4, R-SCO-5)."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from assessments.enums import SoutenanceState
from assessments.marks import MarkValue
from assessments.models import Grille, Mark, Soutenance
from assessments.queries.marks import value_of
from assessments.services.locking import lock_grille, refuse_barred
from core import journal
from core.exceptions import Refusal, Stale
from core.fingerprints import canonical_json, sha256_hex
from core.models import JournalEntry
from referentiel.models import Critere

CHOICES = ("mine", "stored", "merged")
"""What may be chosen before two values of one CE."""


class GrilleLocked(Refusal):
    """The grille is submitted, or the soutenance is over (R-SCO-8)."""


class OperationReused(Refusal):
    """An operation identifier came back with another content."""


@dataclass(frozen=True)
class Acknowledgement:
    """What the server says once a change is stored; a replay of the operation says the same."""

    critere: int
    version: int
    saved_at: datetime
    saved_by: str


@dataclass(frozen=True)
class Resolution:
    """What a person chose before two values of one CE: theirs, the stored one, or one made of both (R-SCO-4)."""

    choice: str  # one of CHOICES
    version: int  # the one their refused change had started from


@dataclass(frozen=True)
class StoredMark:
    """A mark as the database holds it; version 0 stands for a CE never marked."""

    critere: int
    value: MarkValue
    version: int
    saved_at: datetime | None
    saved_by: str


class StaleMark(Stale):
    """The mark changed since the version this change started from; ``current`` is what is stored (R-SCO-4)."""

    def __init__(self, current: StoredMark) -> None:
        super().__init__("Cette appréciation a changé entre-temps. Comparez les deux versions et choisissez.")
        self.current = current


def change_mark(
    grille: Grille,
    *,
    critere: Critere,
    value: MarkValue,
    from_version: int,
    operation: UUID,
    by: User,
    resolves: Resolution | None = None,
) -> Acknowledgement:
    """Store one change of one CE, once per ``operation``; mark, journal entry and operation commit together.

    ``resolves`` tells that this change is the choice made before a conflict: the journal keeps it (R-SCO-4).
    The caller has checked that ``critere`` is judged in the grille's soutenance and that ``by`` may mark it.
    Raises InvalidInput, GrilleLocked, StaleMark or OperationReused; nothing is changed then.
    """
    value = value.checked()
    choice = {"resolves": asdict(resolves)} if resolves else {}
    request = sha256_hex(canonical_json([str(grille.pk), critere.pk, from_version, asdict(value), *choice.values()]))
    trace = {"request": request, **choice}
    try:
        with transaction.atomic():
            return _change(grille, critere, value, from_version, operation, trace, by)
    except IntegrityError:
        return _replayed(grille, critere, operation, trace)


def _change(
    grille: Grille,
    critere: Critere,
    value: MarkValue,
    from_version: int,
    operation: UUID,
    trace: dict[str, Any],
    by: User,
) -> Acknowledgement:
    locked = lock_grille(grille)
    mark = Mark.objects.filter(grille=locked, critere=critere).first()
    if (mark.version if mark else 0) != from_version:
        if JournalEntry.objects.filter(operation=operation).exists():
            return _replayed(locked, critere, operation, trace)
        raise StaleMark(stored(mark, critere))
    _refuse_if_locked(locked)
    if value == (value_of(mark) if mark else MarkValue()):
        return _repeat(locked, mark, critere, operation, trace, by)
    before = mark and traced(value_of(mark))
    mark = _write(mark, locked, critere, value, by)
    journal.record(
        "mark.changed",
        mark,
        by=by,
        operation=operation,
        data={
            "grille": str(grille.pk),
            "critere": critere.pk,
            "version": mark.version,
            "before": before,
            "after": traced(value),
            "saved_at": mark.changed_at.isoformat(),
            **trace,
        },
    )
    _start(locked.soutenance, mark.changed_at)
    return Acknowledgement(critere.pk, mark.version, mark.changed_at, str(by))


def _repeat(
    grille: Grille, mark: Mark | None, critere: Critere, operation: UUID, trace: dict[str, Any], by: User
) -> Acknowledgement:
    """What was sent is already there: nobody's authorship changes (R-SCO-5), and the operation is remembered."""
    current = stored(mark, critere)
    saved_at, saved_by = current.saved_at or timezone.now(), current.saved_by or str(by)
    data = {
        "critere": critere.pk,
        "version": current.version,
        "saved_at": saved_at.isoformat(),
        "saved_by": saved_by,
        **trace,
    }
    journal.record("mark.repeated", grille, by=by, operation=operation, data=data)
    return Acknowledgement(critere.pk, current.version, saved_at, saved_by)


def _write(mark: Mark | None, grille: Grille, critere: Critere, value: MarkValue, by: User) -> Mark:
    fields = {**asdict(value), "changed_by": by, "changed_at": timezone.now()}
    if mark is None:
        return Mark.objects.create(grille=grille, critere=critere, version=1, **fields)
    for name, content in fields.items():
        setattr(mark, name, content)
    mark.version += 1
    mark.save(update_fields=[*fields, "version"])
    return mark


def _refuse_if_locked(grille: Grille) -> None:
    refuse_before_its_day(grille.soutenance)
    if grille.is_submitted:
        raise GrilleLocked("Cette grille est soumise : elle ne change plus. Demandez sa réouverture au gestionnaire.")
    if not grille.soutenance.is_markable:
        state = grille.soutenance.get_state_display().lower()
        raise GrilleLocked(f"Cette soutenance est {state} : on ne peut plus y porter d’appréciation.")
    refuse_barred(grille)


def refuse_before_its_day(soutenance: Soutenance) -> None:
    """Neither marks nor the clock begin before the day of the soutenance."""
    if soutenance.state == SoutenanceState.PLANNED and soutenance.is_of_a_later_day(timezone.now()):
        raise GrilleLocked(
            f"Cette soutenance est prévue le {soutenance.starts_on:%d/%m/%Y} : elle s’évalue à partir de ce jour. "
            "Si elle a été avancée, demandez au gestionnaire de changer sa date."
        )


def _start(soutenance: Soutenance, at: datetime) -> None:
    """The first mark starts a soutenance nobody started (R-SCO-1)."""
    if soutenance.state == SoutenanceState.PLANNED:
        Soutenance.objects.filter(pk=soutenance.pk, state=SoutenanceState.PLANNED).update(
            state=SoutenanceState.RUNNING, started_at=at
        )


def _replayed(grille: Grille, critere: Critere, operation: UUID, trace: dict[str, Any]) -> Acknowledgement:
    """The answer the first delivery of this operation got."""
    entry = JournalEntry.objects.select_related("actor").filter(operation=operation).first()
    if entry is None:
        raise StaleMark(stored(Mark.objects.filter(grille=grille, critere=critere).first(), critere))
    if entry.data.get("request") != trace["request"]:
        raise OperationReused("Cet identifiant d’opération a déjà servi pour une autre saisie.")
    saved_at = datetime.fromisoformat(entry.data["saved_at"])
    saved_by = entry.data.get("saved_by") or str(entry.actor)
    return Acknowledgement(critere.pk, entry.data["version"], saved_at, saved_by)


def stored(mark: Mark | None, critere: Critere) -> StoredMark:
    """What the database holds for this CE, for a person to compare with what they typed."""
    if mark is None:
        return StoredMark(critere.pk, MarkValue(), 0, None, "")
    return StoredMark(critere.pk, value_of(mark), mark.version, mark.changed_at, str(mark.changed_by))


def traced(value: MarkValue) -> dict[str, Any]:
    """What the journal keeps of a value: the private note by its fingerprint only (R-ALL-4)."""
    note = sha256_hex(value.private_note) if value.private_note else ""
    return {**asdict(value), "ticks": list(value.ticks), "private_note": note}
