"""« Ma situation » (R-CAN-2, R-CAN-4)."""

import re
from datetime import date

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from candidates.consent import CURRENT_TEXT_VERSION, TEXTS
from candidates.enums import ConsentScope
from candidates.models import HandicapDisclosure
from candidates.services.accommodating import grant_tiers_temps
from candidates.services.disclosure import read_mention, withdraw_consent
from core.models import JournalEntry
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.candidates.disclosing import CANARY, MENTION, agreed, stored
from tests.candidates.visits import BACKEND, logged_in, logged_in_candidate, read

pytestmark = pytest.mark.django_db

PAGE, WITHDRAW, EXPORT = "/ma-situation/", "/ma-situation/retirer/", "/mes-donnees.json"
CONSENT_QUERIES = 10  # session, person, roles, candidate, consent, mention, keys, how many readings, page, measures


def filled(**fields: str) -> dict[str, str]:
    return {"scope": "jury", "mention": MENTION, "text_version": CURRENT_TEXT_VERSION, **fields}


# --- Who comes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CANDIDATE])
def test_the_pages_are_for_candidates(client: Client, role: Role) -> None:
    logged_in(client, role)

    for address in (PAGE, WITHDRAW, EXPORT):
        assert client.get(address).status_code == 404
    assert client.post(PAGE, filled()).status_code == 404


def test_a_candidate_without_a_file_has_nothing_to_say(client: Client) -> None:
    logged_in(client, Role.CANDIDATE)

    assert client.get(PAGE).status_code == 404


def test_an_anonymous_visitor_is_sent_to_the_login_page(client: Client) -> None:
    for address in (PAGE, WITHDRAW, EXPORT):
        assert client.get(address).headers["Location"] == f"/compte/login/?next={address}"


def test_a_candidate_sees_their_own_situation_only(client: Client) -> None:
    """R-CAN-4."""
    agreed(scenes.a_candidate())
    logged_in_candidate(client)

    page = read(client.get(PAGE))

    assert CANARY not in page
    assert "Aucun accord en vigueur" in page


def test_candidates_find_the_page_in_the_navigation(client: Client) -> None:
    logged_in_candidate(client)

    assert '<a href="/ma-situation/" aria-current="page">Ma situation</a>' in read(client.get(PAGE))


# --- Giving and changing --------------------------------------------------------------------------------------------


def test_the_text_in_force_is_read_before_agreeing(client: Client) -> None:
    logged_in_candidate(client)

    page = read(client.get(PAGE))

    for paragraph in TEXTS[CURRENT_TEXT_VERSION]:
        assert re.sub(r"[\u00a0\u202f]", " ", paragraph) in page
    assert not re.search(r'name="scope"[^>]*checked', page)


def test_a_candidate_agrees_and_sees_what_stands(client: Client) -> None:
    candidate = logged_in_candidate(client)

    with time_machine.travel("2026-03-12T14:30:00+01:00", tick=False):
        page = read(client.post(PAGE, filled(), follow=True))

    consent = HandicapDisclosure.objects.get()
    assert (consent.candidate, consent.scope, consent.mention) == (candidate, "jury", MENTION)
    for told in (
        "Votre accord est enregistré",
        "Aménagements et mention au jury final",
        "12 mars 2026 à 14 h 30",
        f"Version {CURRENT_TEXT_VERSION}",
        MENTION,
    ):
        assert told in page


def test_the_mention_is_kept_only_for_the_jury(client: Client) -> None:
    logged_in_candidate(client)

    page = read(client.post(PAGE, filled(scope="accommodations"), follow=True))

    assert "Aménagements seulement" in page
    assert CANARY not in page
    assert "gAAAAA" not in stored()


def test_a_consent_is_changed(client: Client) -> None:
    candidate = logged_in_candidate(client)
    agreed(candidate)

    page = read(client.post(PAGE, filled(mention="Autre chose."), follow=True))

    assert "Autre chose." in page
    assert CANARY not in page
    assert HandicapDisclosure.objects.standing().count() == 1


def test_a_form_sent_twice_agrees_once(client: Client) -> None:
    logged_in_candidate(client)

    for _ in range(2):
        assert client.post(PAGE, filled()).status_code == 302

    assert HandicapDisclosure.objects.count() == 1
    assert JournalEntry.objects.filter(verb="confidential.consent_given").count() == 1


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"mention": " "}, "limitez votre accord aux aménagements"),
        ({"mention": "a" * 10_000}, "au plus 3000 caractères"),
        ({"mention": "canari\x07"}, "caractères invisibles"),
        ({"scope": "tout"}, "choix valide"),
        ({"scope": ""}, "obligatoire"),
        ({"text_version": "1999-01"}, "relisez-le"),
        ({"text_version": ""}, "relisez-le"),
    ],
)
def test_a_refused_consent_says_why_and_loses_nothing(client: Client, fields: dict[str, str], told: str) -> None:
    logged_in_candidate(client)

    answer = client.post(PAGE, filled(**fields))

    page = read(answer)
    assert told in page
    assert fields.get("mention", MENTION).strip() in page
    assert f'name="text_version" value="{CURRENT_TEXT_VERSION}"' in page
    assert not HandicapDisclosure.objects.exists()


def test_what_was_typed_is_shown_as_text(client: Client) -> None:
    logged_in_candidate(client)

    answer = client.post(PAGE, filled(mention="</textarea><script>alert(1)</script>"), follow=True)

    assert "<script>alert" not in answer.content.decode()


def test_the_page_is_never_kept_nor_completed_by_the_browser(client: Client) -> None:
    agreed(logged_in_candidate(client))

    answer = client.get(PAGE)

    page = read(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.search(r'<textarea name="mention"[^>]*autocomplete="off"', page)
    assert '"historyCacheSize":0' in page
    assert "hx-push-url" not in page
    assert "hx-boost" not in page


def test_a_text_that_changed_since_is_shown_again_and_the_old_one_stays(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(logged_in_candidate(client))
    monkeypatch.setitem(TEXTS, "2031-01", ("Un texte tout neuf.",))
    monkeypatch.setattr("candidates.views.consent.CURRENT_TEXT_VERSION", "2031-01")

    page = read(client.get(PAGE))

    assert "Un texte tout neuf." in page
    assert "Il a changé depuis" in page
    assert f"Version {CURRENT_TEXT_VERSION}" in page
    assert "La mention est conservée chiffrée." in page


# --- Withdrawing ----------------------------------------------------------------------------------------------------


def test_withdrawing_is_confirmed_on_a_page_and_immediate(client: Client) -> None:
    candidate = logged_in_candidate(client)
    agreed(candidate)
    asked = read(client.get(WITHDRAW))
    assert "L’effet est immédiat" in asked
    assert "Votre mention est effacée" in asked
    assert HandicapDisclosure.objects.standing().exists()

    page = read(client.post(WITHDRAW, follow=True))

    assert "Votre accord est retiré" in page
    assert CANARY not in page
    assert "gAAAAA" not in stored()
    assert read_mention(candidate, by=UserFactory(), purpose="referent") is None


def test_withdrawing_nothing_or_twice_does_nothing(client: Client) -> None:
    candidate = logged_in_candidate(client)
    assert client.get(WITHDRAW).headers["Location"] == PAGE
    agreed(candidate, ConsentScope.ACCOMMODATIONS)
    assert "effacer ma mention" not in read(client.get(WITHDRAW))

    for _ in range(2):
        assert client.post(WITHDRAW).status_code == 302

    assert JournalEntry.objects.filter(verb="confidential.consent_withdrawn").count() == 1


# --- Who read it ----------------------------------------------------------------------------------------------------


def test_the_candidate_sees_who_read_it_when_and_as_what(client: Client) -> None:
    candidate = logged_in_candidate(client)
    agreed(candidate)
    assert "Personne d’autre que vous ne l’a lue" in read(client.get(PAGE))
    with time_machine.travel("2026-03-12T14:30:00+01:00", tick=False):
        read_mention(candidate, by=UserFactory(first_name="Aurélie", last_name="Picard"), purpose="referent")
        read_mention(candidate, by=UserFactory(first_name="Isabelle", last_name="Mercier"), purpose="jury:x")
    withdraw_consent(candidate, by=candidate.user)

    page = read(client.get(PAGE))

    for told in (
        "Aurélie Picard",
        "référent handicap",
        "Isabelle Mercier",
        "membre de votre jury",
        "12 mars 2026 à 14 h 30",
    ):
        assert told in page


def test_reading_ones_own_mention_is_not_a_reading(client: Client) -> None:
    agreed(logged_in_candidate(client))

    client.get(PAGE)

    assert not JournalEntry.objects.filter(verb="confidential.mention_read").exists()


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_page_costs_the_same_whatever_it_shows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, how_many: int
) -> None:
    enrolments = [
        scenes.an_enrolment(candidate=candidate) for candidate in [scenes.a_candidate()] for _ in range(how_many)
    ]
    candidate = enrolments[0].candidate
    agreed(candidate)
    for enrolment in enrolments:
        grant_tiers_temps(enrolment, granted_on=date(2026, 1, 12), by=scenes.a_manager())
        read_mention(candidate, by=scenes.an_evaluateur(), purpose="referent")
    client.force_login(candidate.user, backend=BACKEND)

    with django_assert_num_queries(CONSENT_QUERIES):
        client.get(PAGE)
