"""What one of two évaluateurs may not learn of the other, whatever other role they hold (R-SCO-9)."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from assessments.models import Grille
from core.queries import conceals


@conceals
def marks_of_the_other(reader: User) -> Q:
    """The entries of the marks that the other évaluateur makes, until both have submitted: they carry the verdicts."""
    assigned = Q(soutenance__evaluateur=reader) | Q(soutenance__second_evaluateur=reader)
    awaited = Grille.objects.filter(soutenance=OuterRef("soutenance"), submitted_at=None)
    others = Grille.objects.filter(assigned, Exists(awaited)).exclude(evaluateur=reader)
    grilles = [str(pk) for pk in others.values_list("pk", flat=True)]
    if not grilles:
        return Q(pk__in=[])
    return Q(verb="mark.changed", data__grille__in=grilles) | Q(verb="mark.repeated", subject_id__in=grilles)
