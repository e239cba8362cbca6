"""The moves of each clock against the journal (R-SCO-7)."""

from collections.abc import Iterator

from assessments.models import ClockEvent
from assessments.services.timekeeping import traced
from core.models import JournalEntry
from core.reconcile import reconciles

CHUNK = 500


@reconciles
def every_move_of_a_clock_is_what_the_journal_tells() -> Iterator[str]:
    """Move, rank, instant, minutes and note are those journaled under the same operation, and none is missing."""
    told = {
        entry.operation: (entry.subject_id, entry.data)
        for entry in JournalEntry.objects.filter(verb="clock.moved").iterator(chunk_size=CHUNK)
    }
    ranks: dict[object, int] = {}
    for event in ClockEvent.objects.order_by("soutenance_id", "number").iterator(chunk_size=CHUNK):
        if told.pop(event.pk, None) != (str(event.soutenance_id), traced(event)):
            yield f"Le mouvement de chronomètre {event.pk} n’est pas celui que dit le journal."
        ranks[event.soutenance_id] = ranks.get(event.soutenance_id, 0) + 1
        if event.number != ranks[event.soutenance_id]:
            yield f"Soutenance {event.soutenance_id} : les mouvements de son chronomètre ne se suivent pas."
    for operation in told:
        yield f"Le journal raconte le mouvement de chronomètre {operation}, qui n’est pas enregistré."
