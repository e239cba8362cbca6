"""What an enrolment still has to present, bloc by bloc (R-VAL-1)."""

from dataclasses import dataclass
from typing import Any

from assessments.models import Soutenance
from candidates.models import Enrolment
from referentiel.models import Bloc, Competence


@dataclass(frozen=True)
class Remaining:
    """A bloc not acquired: the compétences to plan, and those a coming soutenance already covers."""

    bloc: Bloc
    competences: list[Competence]
    planned: list[Competence]


def remaining_of(enrolment: Enrolment) -> list[Remaining]:
    """The blocs aimed at and not acquired, in order; the same queries whatever their number."""
    acquired = set(enrolment.competence_acquisitions.standing().values_list("competence", flat=True))
    done = enrolment.bloc_acquisitions.standing().values("bloc")
    planned = set(Soutenance.objects.filter(enrolment=enrolment).awaiting_marks().values_list("competences", flat=True))
    blocs = enrolment.blocs.exclude(pk__in=done).order_by("number").prefetch_related("activites__competences")
    return [_remaining(bloc, acquired, planned) for bloc in blocs]


def _remaining(bloc: Bloc, acquired: set[int], planned: set[Any]) -> Remaining:
    missing = [
        competence
        for activite in bloc.activites.all()
        for competence in activite.competences.all()
        if competence.pk not in acquired
    ]
    return Remaining(
        bloc=bloc,
        competences=[one for one in missing if one.pk not in planned],
        planned=[one for one in missing if one.pk in planned],
    )
