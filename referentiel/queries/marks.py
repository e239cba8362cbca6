"""What changes whenever a version does: a key under which what was read of it can be kept."""

from django.db.models import Max

from core.models import JournalEntry
from referentiel.models import Referentiel


def marks_of(*referentiels: Referentiel) -> list[str]:
    """One mark per version, in one query: its fingerprint once published, else the last entry told about it.

    Read before what is kept under it: a change made meanwhile is then read again, never missed.
    """
    entries = JournalEntry.objects.filter(
        subject_type=Referentiel._meta.label_lower, subject_id__in=[str(found.pk) for found in referentiels]
    )
    last = dict(entries.order_by().values_list("subject_id").annotate(last=Max("sequence")))
    return [
        f"{found.pk}-{found.created_at.timestamp()}-{_fingerprint(found)}-{last.get(str(found.pk), 0)}"
        for found in referentiels
    ]


def _fingerprint(referentiel: Referentiel) -> str:
    return "" if referentiel.is_draft else referentiel.publication.fingerprint
