"""Measures without reasons (R-CAN-3)."""

from datetime import date
from fractions import Fraction
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import User
from candidates.enums import AccommodationKind
from candidates.models import Accommodation, Enrolment
from candidates.services.accommodating import end_accommodation, grant_measure, grant_tiers_temps
from core.exceptions import InvalidInput, Refusal
from core.models import JournalEntry
from tests import scenes
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


@pytest.fixture
def referent() -> User:
    return UserFactory(roles=[Role.REFERENT_HANDICAP])


@pytest.fixture
def enrolment() -> Enrolment:
    return scenes.an_enrolment()


def test_a_tiers_temps_lengthens_the_soutenances_to_come(enrolment: Enrolment, referent: User) -> None:
    soutenance = scenes.a_soutenance(enrolment)

    measure = grant_tiers_temps(enrolment, granted_on=DAY, by=referent)

    soutenance.refresh_from_db()
    assert measure.extra_time == soutenance.extra_time == Fraction(1, 3)
    assert "1/3 de temps en plus" in measure.label
    end_accommodation(measure, ended_on=DAY, by=referent)
    soutenance.refresh_from_db()
    assert soutenance.extra_time == 0


@pytest.mark.parametrize("extra_time", [Fraction(0), Fraction(-1, 3), Fraction(4, 3), Fraction(1, 61)])
def test_the_added_time_is_a_fraction_between_0_and_1(
    enrolment: Enrolment, referent: User, extra_time: Fraction
) -> None:
    with pytest.raises(InvalidInput, match="entre 0 et 1"):
        grant_tiers_temps(enrolment, granted_on=DAY, by=referent, extra_time=extra_time)


def test_one_tiers_temps_at_a_time(enrolment: Enrolment, referent: User) -> None:
    grant_tiers_temps(enrolment, granted_on=DAY, by=referent)

    with pytest.raises(Refusal, match="mettez-y fin d’abord"):
        grant_tiers_temps(enrolment, granted_on=DAY, by=referent, extra_time=Fraction(1, 2))
    with pytest.raises(IntegrityError), transaction.atomic():
        Accommodation.objects.create(
            enrolment=enrolment,
            kind=AccommodationKind.TIERS_TEMPS,
            extra_time=Fraction(1, 2),
            granted_on=DAY,
            granted_by=referent,
        )


def test_another_measure_is_said_in_one_line(enrolment: Enrolment, referent: User) -> None:
    measure = grant_measure(enrolment, measure="  Interprète\n en LSF ", granted_on=DAY, by=referent)

    assert measure.label == "Interprète en LSF"
    assert JournalEntry.objects.get(verb="accommodation.granted").data == {"measure": "Interprète en LSF"}


@pytest.mark.parametrize(
    ("measure", "told"), [(" ", "Décrivez"), ("a" * 301, "300 caractères"), ("a\x07b", "invisibles")]
)
def test_a_measure_that_cannot_be_printed_is_refused(
    enrolment: Enrolment, referent: User, measure: str, told: str
) -> None:
    with pytest.raises(InvalidInput, match=told):
        grant_measure(enrolment, measure=measure, granted_on=DAY, by=referent)


def test_the_same_measure_is_not_granted_twice(enrolment: Enrolment, referent: User) -> None:
    grant_measure(enrolment, measure="Salle isolée", granted_on=DAY, by=referent)

    with pytest.raises(Refusal, match="déjà accordée"):
        grant_measure(enrolment, measure="Salle isolée", granted_on=DAY, by=referent)


@pytest.mark.parametrize("kind", ["tiers_temps", "measure"])
def test_the_same_form_sent_twice_grants_once(enrolment: Enrolment, referent: User, kind: str) -> None:
    operation = uuid4()

    for _ in range(2):
        if kind == "measure":
            grant_measure(enrolment, measure="Salle isolée", granted_on=DAY, by=referent, operation=operation)
        else:
            grant_tiers_temps(enrolment, granted_on=DAY, by=referent, operation=operation)

    assert Accommodation.objects.count() == 1
    assert JournalEntry.objects.filter(verb="accommodation.granted").count() == 1


def test_a_measure_ends_once_and_may_be_granted_again(enrolment: Enrolment, referent: User) -> None:
    measure = grant_tiers_temps(enrolment, granted_on=DAY, by=referent)

    for _ in range(2):
        end_accommodation(measure, ended_on=DAY, by=referent)

    assert JournalEntry.objects.filter(verb="accommodation.ended").count() == 1
    assert grant_tiers_temps(enrolment, granted_on=DAY, by=referent, extra_time=Fraction(1, 2)).ended_on is None
