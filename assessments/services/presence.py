"""When the page of a grille last spoke, for those who supervise the day; it tells nothing of the marks."""

from datetime import datetime, timedelta

from django.utils import timezone

from assessments.models import Grille, Presence

EVERY = timedelta(seconds=10)
PENDING_LIMIT = 32_767  # what the column holds


def tell_presence(grille: Grille, *, pending: int, leaving: bool = False) -> datetime:
    """Note that the page of ``grille`` is open with ``pending`` changes to send, at most every ten seconds.

    A page that is ``leaving`` with nothing to send is forgotten: a closed page is not a silent one. Returns now.
    """
    now, known = timezone.now(), Presence.objects.filter(grille=grille)
    if grille.is_submitted or not grille.soutenance.is_markable or (leaving and not pending):
        known.delete()
        return now
    seen = {"seen_at": now, "pending": min(pending, PENDING_LIMIT)}
    if not known.filter(seen_at__lte=now - EVERY).update(**seen):
        Presence.objects.get_or_create(grille=grille, defaults=seen)
    return now
