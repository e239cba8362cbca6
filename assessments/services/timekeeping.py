"""Moving the clock of a soutenance: the server's time, each move once, never in the way of marking (R-SCO-7)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments.clock import Clock
from assessments.enums import ClockMove, ClockState, SoutenanceState
from assessments.models import ClockEvent, Soutenance
from assessments.queries.clock import clock_of
from assessments.services.locking import lock_soutenance
from assessments.services.marking import OperationReused, refuse_before_its_day
from core import journal
from core.exceptions import InvalidInput, Refusal
from core.models import JournalEntry

LONGEST_EXTRA = 180  # minutes
NOTE_LIMIT = 300  # characters
OLDEST = timedelta(hours=3)
TOLERANCE = timedelta(seconds=10)  # what travel and rounding may put between two moves made in their order
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")

_REFUSALS = {
    ClockState.NOT_STARTED: "Le chronomètre n’a pas commencé : démarrez-le d’abord.",
    ClockState.RUNNING: "Le chronomètre tourne déjà.",
    ClockState.PAUSED: "Le chronomètre est en pause : reprenez d’abord.",
    ClockState.INCIDENT: "Un incident technique est en cours : reprenez d’abord.",
    ClockState.ENDED: "La soutenance est terminée. Une erreur ? Reprenez, le temps écoulé depuis ne compte pas.",
}


class UnlawfulMove(Refusal):
    """The clock does not allow this move where it stands."""


@dataclass(frozen=True)
class Move:
    """A move as a screen asks for it; ``seconds_ago`` says how long it waited there before it could leave."""

    move: ClockMove
    minutes: int | None = None
    note: str = ""
    seconds_ago: int = 0

    def checked(self) -> "Move":
        """Itself, its note trimmed; raises :class:`InvalidInput`."""
        note = self.note.strip()
        if self.move == ClockMove.EXTRA:
            if self.minutes is None or not 1 <= self.minutes <= LONGEST_EXTRA:
                raise InvalidInput(f"Indiquez combien de minutes rendre, de 1 à {LONGEST_EXTRA}.")
        elif self.minutes is not None:
            raise InvalidInput("Des minutes ne se donnent qu’en rendant du temps.")
        if self.move == ClockMove.INCIDENT and not note:
            raise InvalidInput("Dites en quelques mots ce qui se passe : l’incident figure au dossier.")
        if self.move != ClockMove.INCIDENT and note:
            raise InvalidInput("Seul un incident porte une note.")
        if len(note) > NOTE_LIMIT or _CONTROL.search(note):
            raise InvalidInput(f"La note tient sur une ligne de {NOTE_LIMIT} caractères au plus.")
        if not 0 <= self.seconds_ago <= OLDEST.total_seconds():
            raise InvalidInput("Ce mouvement date de plus de trois heures : il n’est plus repris.")
        return Move(self.move, self.minutes, note, self.seconds_ago)


def move_clock(soutenance: Soutenance, *, asked: Move, operation: UUID, by: User) -> ClockEvent:
    """Move the clock, once per ``operation``; a replay gives back the event the first delivery made.

    The event is dated by the server: now, less the time the move says it waited offline, so that a pause made during
    a network cut is a pause of that moment. Starting the clock starts a planned soutenance; no move is ever late.
    Raises InvalidInput, OperationReused or UnlawfulMove; nothing is changed then.
    """
    asked = asked.checked()
    with transaction.atomic():
        locked = lock_soutenance(soutenance)
        told = ClockEvent.objects.filter(pk=operation).first()
        if told:
            return _replayed(told, locked, asked, by)
        if JournalEntry.objects.filter(operation=operation).exists():
            raise _reused()
        _refuse_unless_it_takes_place(locked)
        events = list(locked.clock_events.all())
        at = _instant(asked, events)
        _refuse_unlawful(clock_of(soutenance, events, at=at), asked.move)
        event = ClockEvent.objects.create(
            pk=operation,
            soutenance=locked,
            number=len(events) + 1,
            move=asked.move,
            at=at,
            minutes=asked.minutes,
            note=asked.note,
            by=by,
        )
        journal.record("clock.moved", locked, by=by, operation=operation, data=traced(event))
        _start(locked, at)
    return event


def traced(event: ClockEvent) -> dict[str, object]:
    """What the journal keeps of a move."""
    return {
        "number": event.number,
        "move": str(event.move),
        "at": event.at.isoformat(),
        "minutes": event.minutes,
        "note": event.note,
    }


def _replayed(told: ClockEvent, soutenance: Soutenance, asked: Move, by: User) -> ClockEvent:
    same = (told.soutenance_id, told.by_id, told.move, told.minutes, told.note) == (
        soutenance.pk,
        by.pk,
        asked.move,
        asked.minutes,
        asked.note,
    )
    if not same:
        raise _reused()
    return told


def _reused() -> OperationReused:
    return OperationReused("Cet identifiant d’opération a déjà servi à autre chose.")


def _refuse_unless_it_takes_place(soutenance: Soutenance) -> None:
    refuse_before_its_day(soutenance)
    if not soutenance.is_markable:
        state = soutenance.get_state_display().lower()
        raise UnlawfulMove(f"Cette soutenance est {state} : son chronomètre ne bouge plus.")


def _instant(asked: Move, events: list[ClockEvent]) -> datetime:
    """When the move was made; never before the last one known, which another screen may have made meanwhile."""
    at = timezone.now() - timedelta(seconds=asked.seconds_ago)
    if not events or at >= events[-1].at:
        return at
    last = events[-1]
    if last.at - at > TOLERANCE:
        raise UnlawfulMove(
            f"Ce mouvement date de {timezone.localtime(at):%H:%M:%S}, mais le chronomètre a bougé depuis "
            f"({last.get_move_display()} à {timezone.localtime(last.at):%H:%M:%S}). Regardez l’heure affichée."
        )
    return last.at


def _refuse_unlawful(clock: Clock, move: ClockMove) -> None:
    if move in clock.moves:
        return
    if move == ClockMove.NEXT_PHASE and clock.state == ClockState.RUNNING:
        raise UnlawfulMove("C’est la dernière phase : terminez la soutenance avec « Fin ».")
    raise UnlawfulMove(_REFUSALS[clock.state])


def _start(soutenance: Soutenance, at: datetime) -> None:
    """The start of the clock starts a soutenance that no mark started before (R-SCO-1)."""
    if soutenance.state == SoutenanceState.PLANNED:
        Soutenance.objects.filter(pk=soutenance.pk, state=SoutenanceState.PLANNED).update(
            state=SoutenanceState.RUNNING, started_at=at
        )
