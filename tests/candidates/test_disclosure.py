"""R-CAN-2: consent is the candidate's own, dated, bounded, and each reading of their mention is journaled."""

import pytest

from accounts.models import User
from candidates.consent import CURRENT_TEXT_VERSION
from candidates.enums import ConsentScope
from candidates.models import Candidate, HandicapDisclosure
from candidates.queries import readings_of
from candidates.services.disclosure import (
    give_consent,
    own_mention,
    read_mention,
    withdraw_consent,
)
from core.exceptions import InvalidInput, Refusal
from core.models import JournalEntry
from tests.candidates.disclosing import MENTION, agreed

pytestmark = pytest.mark.django_db


# --- Consent --------------------------------------------------------------------------------------------------------


def test_a_consent_names_its_text_its_date_and_its_scope(candidate: Candidate) -> None:
    disclosure = agreed(candidate)

    entry = JournalEntry.objects.get(verb="confidential.consent_given")
    assert entry.data == {"scope": "jury", "text_version": CURRENT_TEXT_VERSION}
    assert entry.subject_id == str(disclosure.pk)


def test_nobody_consents_or_withdraws_for_somebody_else(candidate: Candidate, referent: User) -> None:
    with pytest.raises(Refusal, match="Seul le candidat"):
        give_consent(candidate, scope=ConsentScope.JURY, mention=MENTION, by=referent)
    agreed(candidate)
    with pytest.raises(Refusal, match="Seul le candidat"):
        withdraw_consent(candidate, by=referent)
    with pytest.raises(Refusal, match="la personne qui l’a écrite"):
        own_mention(candidate, by=referent)

    assert HandicapDisclosure.objects.standing().count() == 1


def test_a_consent_is_given_on_the_text_that_is_in_force(candidate: Candidate) -> None:
    with pytest.raises(Refusal, match="relisez-le"):
        give_consent(
            candidate, scope=ConsentScope.ACCOMMODATIONS, mention="", by=candidate.user, text_version="1999-01"
        )


def test_consenting_twice_in_the_same_words_consents_once(candidate: Candidate) -> None:
    assert agreed(candidate) == agreed(candidate, mention=f"  {MENTION}\r\n")
    assert HandicapDisclosure.objects.count() == 1

    assert agreed(candidate, mention="Autre chose.") != agreed(candidate)
    assert HandicapDisclosure.objects.standing().count() == 1


@pytest.mark.parametrize(
    ("mention", "told"), [("  ", "limitez votre accord"), ("a" * 3_001, "dépasse"), ("a\x00b", "invisibles")]
)
def test_a_mention_that_cannot_be_kept_is_refused(candidate: Candidate, mention: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        agreed(candidate, mention=mention)

    assert not HandicapDisclosure.objects.exists()


# --- Reading --------------------------------------------------------------------------------------------------------


def test_each_reading_is_journaled_and_shown_to_its_author(candidate: Candidate, referent: User) -> None:
    agreed(candidate)

    assert read_mention(candidate, by=referent, purpose="referent") == MENTION
    assert read_mention(candidate, by=referent, purpose="referent") == MENTION

    assert [(entry.actor, entry.data) for entry in readings_of(candidate)] == [(referent, {"purpose": "referent"})] * 2
    withdraw_consent(candidate, by=candidate.user)
    assert readings_of(candidate).count() == 2


@pytest.mark.parametrize("situation", ["never", "accommodations", "withdrawn"])
def test_there_is_nothing_to_read_and_to_journal_while_no_consent_stands(
    candidate: Candidate, referent: User, situation: str
) -> None:
    if situation != "never":
        agreed(candidate, ConsentScope.ACCOMMODATIONS if situation == "accommodations" else ConsentScope.JURY)
    if situation == "withdrawn":
        withdraw_consent(candidate, by=candidate.user)

    assert read_mention(candidate, by=referent, purpose="referent") is None
    assert own_mention(candidate, by=candidate.user) == ""

    assert not JournalEntry.objects.filter(verb="confidential.mention_read").exists()
