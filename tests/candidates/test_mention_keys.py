"""R-CAN-2: the keys the mention is encrypted with change, and may be lost."""

import io

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from candidates.models import Candidate
from candidates.services.disclosure import (
    MentionUnreadable,
    encrypt_mentions_again,
    own_mention,
    read_mention,
    withdraw_consent,
)
from core import encryption
from core.models import JournalEntry
from tests import scenes
from tests.candidates.disclosing import MENTION, agreed, stored
from tests.candidates.visits import read

pytestmark = pytest.mark.django_db


def test_a_new_key_reads_what_the_old_one_wrote(candidate: Candidate, settings: Settings) -> None:
    agreed(candidate)
    (old,), new = settings.ENCRYPTION_KEYS, Fernet.generate_key().decode()

    settings.ENCRYPTION_KEYS = [new, old]
    assert own_mention(candidate, by=candidate.user) == MENTION

    out = io.StringIO()
    call_command("encrypt_mentions_again", stdout=out)
    settings.ENCRYPTION_KEYS = [new]
    assert "récente : 1." in out.getvalue().replace("\u00a0", " ")
    assert own_mention(candidate, by=candidate.user) == MENTION
    assert encrypt_mentions_again() == 1


def test_a_missing_key_is_told_clearly_and_loses_nothing(
    client: Client, candidate: Candidate, referent: User, settings: Settings
) -> None:
    agreed(candidate)
    enrolment = scenes.an_enrolment(candidate=candidate)
    keys, settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS, [Fernet.generate_key().decode()]

    with pytest.raises(MentionUnreadable, match="Rien n’est perdu"):
        read_mention(candidate, by=referent, purpose="referent")
    client.force_login(referent, backend="django.contrib.auth.backends.ModelBackend")
    page = read(client.post(reverse("candidates:mention", args=[enrolment.pk]), follow=True))
    assert "ne peut pas être déchiffrée" in page
    client.force_login(candidate.user, backend="django.contrib.auth.backends.ModelBackend")
    page = read(client.get(reverse("candidates:consent")))
    assert "ne peut pas être déchiffrée" in page
    assert "gAAAAA" not in page
    assert not JournalEntry.objects.filter(verb="confidential.mention_read").exists()

    settings.ENCRYPTION_KEYS = keys
    assert read_mention(candidate, by=referent, purpose="referent") == MENTION


def test_a_missing_key_keeps_nobody_from_changing_or_withdrawing(candidate: Candidate, settings: Settings) -> None:
    agreed(candidate)
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    agreed(candidate, mention="Autre chose.")
    assert own_mention(candidate, by=candidate.user) == "Autre chose."
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert withdraw_consent(candidate, by=candidate.user)

    assert "gAAAAA" not in stored()


def test_a_stolen_token_typed_as_a_mention_stays_a_token(candidate: Candidate) -> None:
    token = encryption.encrypt("le secret d’une autre personne")

    agreed(candidate, mention=token)

    assert own_mention(candidate, by=candidate.user) == token
