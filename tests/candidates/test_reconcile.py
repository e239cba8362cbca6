"""No reading of a mention without a consent live at that time: each check finds what it is there to find (R-CAN-2)."""

from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from candidates.enums import ConsentScope
from candidates.models import Candidate, HandicapDisclosure
from candidates.services.disclosure import give_consent, read_mention, withdraw_consent
from core import journal
from core.reconcile import problems
from tests import scenes

pytestmark = pytest.mark.django_db
UNLAWFUL = "L’entrée {} du journal lit une mention sans consentement valable à cet instant."


@pytest.fixture
def candidate() -> Candidate:
    return scenes.a_candidate()


def consent(
    candidate: Candidate, scope: ConsentScope = ConsentScope.JURY, *, mention: str = "Une mention."
) -> HandicapDisclosure:
    assert candidate.user is not None
    return give_consent(candidate, scope=scope, mention=mention, by=candidate.user)


def read(disclosure: HandicapDisclosure, by: User | None) -> str:
    """A reading journaled without asking whether the consent stands; what reconcile should say of it."""
    with transaction.atomic():
        entry = journal.record("confidential.mention_read", disclosure, by=by, data={"purpose": "jury"})
    return UNLAWFUL.format(entry.sequence)


def withdraw(candidate: Candidate) -> None:
    assert candidate.user is not None
    withdraw_consent(candidate, by=candidate.user)


def test_readings_while_consent_stands_are_lawful(candidate: Candidate) -> None:
    for _ in range(2):
        consent(candidate)
        assert read_mention(candidate, by=scenes.a_manager(), purpose="jury") == "Une mention."
    withdraw(candidate)

    assert problems() == []


def test_a_reading_after_the_withdrawal(candidate: Candidate) -> None:
    disclosure = consent(candidate)
    withdraw(candidate)

    assert read(disclosure, candidate.user) in problems()


def test_a_reading_of_the_consent_that_another_replaced(candidate: Candidate) -> None:
    replaced = consent(candidate)
    consent(candidate, mention="Une autre.")

    assert read(replaced, candidate.user) in problems()


def test_a_reading_of_a_consent_to_measures_only(candidate: Candidate) -> None:
    disclosure = consent(candidate, ConsentScope.ACCOMMODATIONS)

    assert read(disclosure, candidate.user) in problems()


def test_a_reading_of_a_consent_nobody_gave(candidate: Candidate) -> None:
    disclosure = HandicapDisclosure.objects.create(
        candidate=candidate, text_version="1", scope=ConsentScope.JURY, given_at=timezone.now()
    )

    assert read(disclosure, candidate.user) in problems()


@pytest.mark.parametrize("fields", [{"withdrawn_at": None}])
def test_a_consent_put_back_behind_the_journal(candidate: Candidate, fields: dict[str, Any]) -> None:
    disclosure = consent(candidate)
    withdraw(candidate)
    HandicapDisclosure.objects.update(**fields)

    assert problems() == [f"Le consentement {disclosure.pk} et le journal ne disent pas la même chose de son retrait."]
