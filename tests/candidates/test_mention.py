"""R-CAN-2: the mention is where its author put it, and nowhere else."""

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.views.debug import ExceptionReporter
from pytest_django import Settings

from accounts.enums import Role
from accounts.models import User
from candidates.consent import CURRENT_TEXT_VERSION
from candidates.enums import ConsentScope
from candidates.models import Candidate, HandicapDisclosure
from candidates.services.disclosure import (
    read_mention,
    withdraw_consent,
)
from core.models import JournalEntry
from tests import scenes
from tests.candidates.disclosing import CANARY, MENTION, agreed, reported, stored
from tests.candidates.visits import logged_in, read

pytestmark = pytest.mark.django_db


# --- At rest --------------------------------------------------------------------------------------------------------


def test_it_is_encrypted_at_rest(candidate: Candidate) -> None:
    disclosure = agreed(candidate)

    assert CANARY not in stored()
    assert "gAAAAA" in stored()
    assert HandicapDisclosure.objects.get(pk=disclosure.pk).mention == MENTION


def test_withdrawing_erases_it_from_the_database_at_once(candidate: Candidate) -> None:
    agreed(candidate)

    assert withdraw_consent(candidate, by=candidate.user)

    assert "gAAAAA" not in stored()
    consent = HandicapDisclosure.objects.get()
    assert (consent.mention, consent.scope, consent.text_version) == ("", "jury", CURRENT_TEXT_VERSION)
    assert consent.withdrawn_at
    assert not withdraw_consent(candidate, by=candidate.user)
    assert JournalEntry.objects.filter(verb="confidential.consent_withdrawn").count() == 1


def test_limiting_the_consent_to_accommodations_erases_it(candidate: Candidate) -> None:
    agreed(candidate)

    agreed(candidate, ConsentScope.ACCOMMODATIONS)

    assert "gAAAAA" not in stored()


def test_the_database_refuses_a_mention_without_a_standing_consent_to_the_jury(candidate: Candidate) -> None:
    disclosure = agreed(candidate)

    for change in ({"scope": "accommodations"}, {"withdrawn_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HandicapDisclosure.objects.filter(pk=disclosure.pk).update(**change)


def test_a_second_standing_consent_is_impossible(candidate: Candidate) -> None:
    agreed(candidate)

    with pytest.raises(IntegrityError), transaction.atomic():
        HandicapDisclosure.objects.create(
            candidate=candidate, text_version=CURRENT_TEXT_VERSION, scope="accommodations", given_at=timezone.now()
        )


# --- Elsewhere ------------------------------------------------------------------------------------------------------


def test_it_is_not_in_the_journal(candidate: Candidate, referent: User) -> None:
    agreed(candidate)
    read_mention(candidate, by=referent, purpose="referent")
    withdraw_consent(candidate, by=candidate.user)

    entries = JournalEntry.objects.filter(verb__startswith="confidential.")
    assert entries.count() == 3
    assert CANARY not in str(list(entries.values()))


def test_it_is_not_in_the_logs(client: Client, candidate: Candidate, caplog: pytest.LogCaptureFixture) -> None:
    client.force_login(candidate.user, backend="django.contrib.auth.backends.ModelBackend")
    connection.force_debug_cursor = True
    form = {"scope": "jury", "mention": MENTION, "text_version": CURRENT_TEXT_VERSION}

    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger="django.db.backends"):
        page = client.post(reverse("candidates:consent"), form, follow=True)
    connection.force_debug_cursor = False

    assert CANARY in read(page)
    assert "candidates_handicapdisclosure" in caplog.text
    assert CANARY not in caplog.text


def test_it_is_not_in_what_an_object_says_of_itself(candidate: Candidate) -> None:
    disclosure = agreed(candidate)

    assert CANARY not in f"{disclosure!r} {disclosure} {HandicapDisclosure.objects.all()!r}"


def test_a_dump_does_not_open_it_and_can_be_loaded_back(candidate: Candidate, tmp_path: Path) -> None:
    disclosure = agreed(candidate)
    for form in ("json", "xml"):
        dump = tmp_path / f"consents.{form}"
        call_command("dumpdata", "candidates.handicapdisclosure", format=form, output=str(dump))
        assert CANARY not in dump.read_text()
        assert "gAAAAA" in dump.read_text()
        HandicapDisclosure.objects.all().delete()

        call_command("loaddata", str(dump), verbosity=0)

        assert HandicapDisclosure.objects.get(pk=disclosure.pk).mention == MENTION
        assert CANARY not in stored()


def test_a_dump_without_its_key_is_refused_whole(candidate: Candidate, tmp_path: Path, settings: Settings) -> None:
    agreed(candidate)
    call_command("dumpdata", "candidates.handicapdisclosure", output=str(tmp_path / "consents.json"))
    HandicapDisclosure.objects.all().delete()
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(CommandError, match="clé de chiffrement"):
        call_command("loaddata", str(tmp_path / "consents.json"), verbosity=0)

    assert not HandicapDisclosure.objects.exists()


# --- Error reports --------------------------------------------------------------------------------------------------


def test_a_crash_while_it_is_written_reports_it_nowhere(
    client: Client, candidate: Candidate, settings: Settings, reports: None
) -> None:
    """The key is not one: encrypting fails in the deepest frame, which holds the text."""
    settings.ADMINS = [("Exploitation", "exploitation@exemple.fr")]
    settings.ENCRYPTION_KEYS = ["pas une clé"]
    client.force_login(candidate.user, backend="django.contrib.auth.backends.ModelBackend")
    client.raise_request_exception = False
    form = {"scope": "jury", "mention": MENTION, "text_version": CURRENT_TEXT_VERSION}

    answer = client.post(reverse("candidates:consent"), form)

    assert answer.status_code == 500
    assert "Une erreur s’est produite de notre côté" in read(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    everything = reported()
    assert "give_consent" in everything
    assert CANARY not in everything
    assert CANARY not in read(answer)


def test_a_crash_after_it_was_read_reports_it_nowhere(
    client: Client, candidate: Candidate, settings: Settings, reports: None
) -> None:
    """The database fails between the reading and the page."""

    def no_more_measures(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if '"candidates_accommodation"' in sql:
            raise OperationalError("disque plein")
        return execute(sql, *rest)

    settings.ADMINS = [("Exploitation", "exploitation@exemple.fr")]
    agreed(candidate)
    enrolment = scenes.an_enrolment(candidate=candidate)
    logged_in(client, Role.REFERENT_HANDICAP)
    client.raise_request_exception = False

    with connection.execute_wrapper(no_more_measures):
        answer = client.post(reverse("candidates:mention", args=[enrolment.pk]))

    assert answer.status_code == 500
    everything = reported()
    assert "accommodations.py" in everything
    assert CANARY not in everything


def test_a_service_that_crashes_outside_a_page_hides_it_too(candidate: Candidate, settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = ["pas une clé"]
    try:
        agreed(candidate)
    except ValueError:
        reporter = ExceptionReporter(RequestFactory().get("/"), *sys.exc_info())

    frames: list[dict[str, Any]] = reporter.get_traceback_frames()
    shown = [
        frame
        for frame in frames
        if frame["function"] not in ("agreed", "test_a_service_that_crashes_outside_a_page_hides_it_too")
    ]
    assert {"give_consent", "encrypt"} <= {frame["function"] for frame in shown}
    assert CANARY not in str([frame["vars"] for frame in shown])
