"""What a planner should look at twice: overlapping slots, compétences already acquired."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from assessments.models import Soutenance
from assessments.queries.soutenances import phases_of
from assessments.timing import ends_at
from candidates.models import Enrolment
from referentiel.models import Competence

LONGEST = timedelta(days=1)  # no slot is longer


@dataclass(frozen=True)
class Slot:
    """A time to hold a soutenance in; ``but`` is the soutenance that is being moved there."""

    starts_at: datetime
    extra_time: Fraction
    but: Soutenance | None = None


def concerns_about(
    enrolment: Enrolment, evaluateurs: list[User], competences: list[Competence], slot: Slot
) -> list[str]:
    """One sentence per overlap and per compétence already acquired, in an order that does not change."""
    return [*_overlaps(enrolment, evaluateurs, slot), *_acquired(enrolment, competences)]


def _overlaps(enrolment: Enrolment, evaluateurs: list[User], slot: Slot) -> list[str]:
    """Slots still awaited that meet this one, tiers-temps included (R-CAN-3)."""
    end = ends_at(slot.starts_at, phases_of(Soutenance(enrolment=enrolment, extra_time=slot.extra_time)))
    involved = Q(evaluateur__in=evaluateurs) | Q(second_evaluateur__in=evaluateurs)
    near = (
        Soutenance.objects.awaiting_marks()
        .filter(involved | Q(enrolment__candidate=enrolment.candidate_id))
        .filter(starts_at__lt=end, starts_at__gt=slot.starts_at - LONGEST)
        .other_than(slot.but)
        .select_related("enrolment__candidate", "enrolment__referentiel__reglement", "evaluateur", "second_evaluateur")
        .order_by("starts_at", "pk")
    )
    return [
        sentence
        for other in near
        if ends_at(other.starts_at, phases_of(other)) > slot.starts_at
        for sentence in _said_of(other, enrolment, evaluateurs)
    ]


def _said_of(other: Soutenance, enrolment: Enrolment, evaluateurs: list[User]) -> list[str]:
    start, end = timezone.localtime(other.starts_at), timezone.localtime(ends_at(other.starts_at, phases_of(other)))
    when = f"le {start:%d/%m/%Y} de {start:%H:%M} à {end:%H:%M}"
    busy = {other.evaluateur_id, other.second_evaluateur_id}
    said = [f"{who} évalue déjà {other.enrolment.candidate} {when}." for who in evaluateurs if who.pk in busy]
    if other.enrolment.candidate_id == enrolment.candidate_id:
        said.insert(0, f"{enrolment.candidate} a déjà une soutenance {when}.")
    return said


def _acquired(enrolment: Enrolment, competences: list[Competence]) -> list[str]:
    standing = enrolment.competence_acquisitions.standing().filter(competence__in=competences)
    recognised = enrolment.bloc_acquisitions.standing().recognised()
    recognised = recognised.filter(bloc__activites__competences__in=competences).distinct()
    return [
        f"Le bloc {acquisition.bloc.number} est déjà reconnu par équivalence : rien n’y est à représenter."
        for acquisition in recognised.select_related("bloc").order_by("bloc__number")
    ] + [
        f"{acquisition.competence.code} est déjà acquise (le {timezone.localdate(acquisition.acquired_at):%d/%m/%Y})."
        for acquisition in standing.select_related("competence").order_by("competence__code")
    ]
