"""Opening a candidate's file, correcting their civil status."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from accounts.enums import Role
from accounts.models import User
from candidates.civil_status import InvalidCivilStatus
from candidates.models import Candidate
from candidates.services.filing import AccountExists, correct_civil_status, open_file
from core import journal
from core.exceptions import Refusal
from core.models import JournalEntry
from tests import scenes
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db


def opened(**fields: Any) -> Candidate:
    known = {
        "family_name": "Lefèvre",
        "given_names": "Inès Marie",
        "birth_date": date(1996, 2, 9),
        "birth_place": "Rennes",
        "email": "ines@exemple.fr",
    }
    by = fields.pop("by", None) or scenes.a_manager()
    return open_file(**{**known, **fields}, by=by)


def test_a_file_opens_with_an_account_that_has_no_password() -> None:
    candidate = opened(usage_name="Roux")

    user = candidate.user
    assert (user.first_name, user.last_name, user.email) == ("Inès", "Roux", "ines@exemple.fr")
    assert user.has_role(Role.CANDIDATE)
    assert not user.has_usable_password()
    assert candidate.search_key == "lefevre roux ines marie"
    assert JournalEntry.objects.get(verb="candidate.opened").subject_id == str(candidate.pk)


def test_an_address_that_has_a_file_leads_to_it() -> None:
    candidate = opened()

    with pytest.raises(AccountExists, match="Ouvrez son dossier") as refusal:
        opened(email="INES@exemple.fr", family_name="Autre")

    assert refusal.value.candidate == candidate
    assert Candidate.objects.count() == 1


def test_an_address_of_the_staff_is_refused_without_a_file() -> None:
    UserFactory(email="paul@exemple.fr", roles=[Role.EVALUATEUR])

    with pytest.raises(AccountExists, match="pas celui d’un candidat") as refusal:
        opened(email="paul@exemple.fr")

    assert refusal.value.candidate is None


def test_the_same_form_sent_twice_opens_one_file() -> None:
    manager, operation = scenes.a_manager(), uuid4()

    first = opened(by=manager, operation=operation)
    second = opened(by=manager, operation=operation)

    assert first == second
    assert Candidate.objects.count() == 1
    assert JournalEntry.objects.filter(verb="candidate.opened").count() == 1


def test_an_operation_of_somebody_else_opens_nothing() -> None:
    operation = uuid4()
    opened(operation=operation)

    with pytest.raises(Refusal, match="a déjà servi"):
        opened(operation=operation, email="autre@exemple.fr")


def test_a_refused_civil_status_writes_nothing() -> None:
    manager = scenes.a_manager()

    with pytest.raises(InvalidCivilStatus):
        opened(by=manager, birth_date=date(2090, 1, 1))

    assert not Candidate.objects.exists()
    assert User.objects.get() == manager


def test_a_correction_is_journaled_before_and_after() -> None:
    candidate, manager = opened(), scenes.a_manager()

    status = replace(candidate.civil_status, family_name="Lefebvre", birth_date=date(1996, 9, 2))
    assert correct_civil_status(candidate, status=status, by=manager)

    candidate.refresh_from_db()
    assert candidate.civil_status == status
    assert candidate.search_key == "lefebvre ines marie"
    assert User.objects.get(pk=candidate.user_id).last_name == "Lefebvre"
    entry = JournalEntry.objects.get(verb="candidate.civil_status_corrected")
    assert entry.actor == manager
    assert entry.data == {
        "before": {"family_name": "Lefèvre", "birth_date": "1996-02-09"},
        "after": {"family_name": "Lefebvre", "birth_date": "1996-09-02"},
        "fingerprint": status.fingerprint,
    }
    assert journal.first_broken_link() is None


def test_correcting_nothing_writes_nothing() -> None:
    candidate = opened()

    assert not correct_civil_status(candidate, status=candidate.civil_status, by=scenes.a_manager())

    assert not JournalEntry.objects.filter(verb="candidate.civil_status_corrected").exists()


def test_a_correction_makes_the_dossiers_stale() -> None:
    """R-JUR-3: what was printed with the former name is out of date; other candidates' dossiers are not."""
    enrolment, other = scenes.a_certifiable_enrolment(), scenes.a_certifiable_enrolment()
    status = replace(enrolment.candidate.civil_status, birth_place="Nancy")

    correct_civil_status(enrolment.candidate, status=status, by=scenes.a_manager())

    assert enrolment.dossiers.get().is_stale
    assert not other.dossiers.get().is_stale
