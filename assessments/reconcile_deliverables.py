"""The livrables against the journal: what was handed in is what is read."""

from collections.abc import Iterator

from assessments.models import Deliverable
from assessments.services.handing_in import traced
from core.models import JournalEntry
from core.reconcile import reconciles

CHUNK = 500


@reconciles
def every_deliverable_is_what_the_journal_tells() -> Iterator[str]:
    """Kind, title, content and address are those journaled, a removal is told, and none is missing."""
    entries = JournalEntry.objects.filter(subject_type=Deliverable._meta.label_lower)
    added = dict(entries.filter(verb="deliverable.added").values_list("subject_id", "data"))
    removed = set(entries.filter(verb="deliverable.removed").values_list("subject_id", flat=True))
    for deliverable in Deliverable.objects.order_by("pk").iterator(chunk_size=CHUNK):
        key = str(deliverable.pk)
        if added.pop(key, None) != traced(deliverable):
            yield f"Le livrable {key} n’est pas celui que dit le journal."
        if (deliverable.removed_at is not None) != (key in removed):
            yield f"Le livrable {key} est retiré ou présent contre ce que dit le journal."
    for key in added:
        yield f"Le journal raconte le dépôt du livrable {key}, qui n’est pas enregistré."
