"""The livrables of a soutenance, for whoever takes part in it."""

from django.db.models import QuerySet

from accounts.models import User
from assessments.models import Deliverable, Soutenance


def standing_of(soutenance: Soutenance) -> QuerySet[Deliverable]:
    """Those not removed, oldest first, with their file."""
    return soutenance.deliverables.standing().select_related("file", "added_by")


def readable_by(user: User) -> QuerySet[Deliverable]:
    """Those of the soutenances ``user`` sees: their évaluateurs, their candidate, gestionnaires and auditeurs."""
    return (
        Deliverable.objects.standing().filter(soutenance__in=Soutenance.objects.visible_to(user)).select_related("file")
    )
