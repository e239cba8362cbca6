"""Granting measures (R-CAN-3): what the évaluateur needs to know, never why."""

from datetime import date
from fractions import Fraction
from uuid import UUID

from django.db import transaction

from accounts.models import User
from candidates.enums import AccommodationKind
from candidates.lines import one_line
from candidates.models import Accommodation, Enrolment
from candidates.signals import accommodations_changed
from core import journal
from core.exceptions import InvalidInput, Refusal
from core.operations import already_made

DEFAULT_TIERS_TEMPS = Fraction(1, 3)
"""D613-26 C. éduc.: one third more, by default."""
FINEST = 60  # the largest denominator: nobody counts in smaller parts than a minute of an hour
MEASURE_LIMIT = 300  # characters


def grant_tiers_temps(
    enrolment: Enrolment,
    *,
    granted_on: date,
    by: User,
    extra_time: Fraction = DEFAULT_TIERS_TEMPS,
    operation: UUID | None = None,
) -> Accommodation:
    """More time in each phase of the soutenances that have not begun."""
    if not 0 < extra_time <= 1 or extra_time.denominator > FINEST:
        raise InvalidInput("Le temps ajouté est une fraction entre 0 et 1, par exemple 1/3 ou 1/2.")
    measure = Accommodation(kind=AccommodationKind.TIERS_TEMPS, extra_time=extra_time, granted_on=granted_on)
    return _grant(enrolment, measure, operation, by)


def grant_measure(
    enrolment: Enrolment, *, measure: str, granted_on: date, by: User, operation: UUID | None = None
) -> Accommodation:
    """Another measure, described as évaluateurs and documents will show it."""
    words = one_line(measure, limit=MEASURE_LIMIT)
    if not words:
        raise InvalidInput("Décrivez la mesure, par exemple « Interprète en langue des signes ».")
    return _grant(
        enrolment, Accommodation(kind=AccommodationKind.OTHER, measure=words, granted_on=granted_on), operation, by
    )


def end_accommodation(accommodation: Accommodation, *, ended_on: date, by: User) -> None:
    """The measure no longer applies to soutenances that have not begun; ending it twice ends it once."""
    with transaction.atomic():
        enrolment = Enrolment.objects.select_for_update().get(pk=accommodation.enrolment_id)
        if Accommodation.objects.standing().filter(pk=accommodation.pk).update(ended_on=ended_on):
            journal.record("accommodation.ended", accommodation, by=by, data={"measure": accommodation.label})
            accommodations_changed.send(Enrolment, enrolment=enrolment, by=by)


def _grant(enrolment: Enrolment, measure: Accommodation, operation: UUID | None, by: User) -> Accommodation:
    with transaction.atomic():
        Enrolment.objects.select_for_update().get(pk=enrolment.pk)
        known = already_made(Accommodation, operation=operation, by=by)
        if known:
            return known
        _refuse_twice(enrolment, measure)
        measure.enrolment, measure.granted_by = enrolment, by
        measure.save(force_insert=True)
        data = {"measure": measure.label}
        journal.record("accommodation.granted", measure, by=by, operation=operation, data=data)
        accommodations_changed.send(Enrolment, enrolment=enrolment, by=by)
    return measure


def _refuse_twice(enrolment: Enrolment, measure: Accommodation) -> None:
    standing = enrolment.accommodations.standing().filter(kind=measure.kind)
    if measure.kind == AccommodationKind.TIERS_TEMPS and standing.exists():
        raise Refusal("Un tiers-temps est déjà accordé : mettez-y fin d’abord pour en changer la fraction.")
    if measure.kind == AccommodationKind.OTHER and standing.filter(measure=measure.measure).exists():
        raise Refusal("Cette mesure est déjà accordée, dans les mêmes mots.")
