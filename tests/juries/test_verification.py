"""R-JUR-7: anyone verifies a certificate; one clear answer, and nothing of its holder."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from core.models import JournalEntry
from juries.models import Certificate
from juries.services.erasing import erase_delivered
from juries.services.revoking import revoke_certificate
from tests import scenes
from tests.candidates.visits import read
from tests.juries.deliveries import a_parchemin

pytestmark = pytest.mark.django_db
FORM = "/verifier/"
REASON = "Diplôme obtenu avec les livrables d’un autre."


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


@pytest.fixture
def certificate() -> Certificate:
    return a_parchemin()


def ask(client, code: str):
    return client.post(FORM, {"code": code})


def by_qr(client, certificate: Certificate):
    return client.get(reverse("juries:verify_token", args=[certificate.token]))


def answer_in(page: str) -> str:
    """What the page says, without the token of its form nor what was typed."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return re.sub(r'<input type="text"[^>]*>', "", page)


def test_a_code_and_a_qr_both_say_that_it_is_valid(client, certificate):
    typed = certificate.code.lower().replace("-", " ").replace("0", "o")
    for answer in (ask(client, typed), by_qr(client, certificate)):
        page = read(answer)
        assert answer.status_code == 200
        assert "Document valable" in page
        for said in ("Parchemin", certificate.number, certificate.certification.title):
            assert said in page


def test_the_qr_of_the_parchemin_leads_to_its_answer(client, certificate, settings):
    url = certificate.content["verification"]["url"]
    assert url.startswith(f"{settings.PUBLIC_URL}/verifier/")
    assert "Document valable" in read(client.get(url.removeprefix(settings.PUBLIC_URL)))


@pytest.mark.parametrize("typed", ["{}", " n° {} ", "{} "])
def test_the_number_typed_for_the_code_is_recognised_and_proves_nothing(client, certificate, typed):
    """Known or not: whether a number exists is disclosed to nobody."""
    for number in (certificate.number, "RNCP37431-2026-999999"):
        page = read(ask(client, typed.format(number.lower())))
        assert "C’est le numéro du document" in page
        assert "code de vérification" in page
        assert "Document" not in answer_in(page).split("<main")[1].split("</main")[0]


@pytest.mark.parametrize("typed", ["RNCP37431", "7K3M-0QXZ-9T4B", "2026-000001"])
def test_what_is_no_number_is_answered_like_a_code(client, typed):
    assert "Document inconnu" in read(ask(client, typed))


def test_nothing_else_is_disclosed(client, certificate):
    candidate = certificate.decision.enrolment.candidate
    revoke_certificate(certificate, reason=REASON, by=scenes.a_manager())
    for answer in (ask(client, certificate.code), by_qr(client, certificate)):
        page = read(answer)
        for secret in (
            candidate.family_name.upper(),
            candidate.given_names,
            candidate.birth_place,
            certificate.decision.session.name,
            certificate.decision.enrolment.number,
            str(certificate.pk),
            REASON,
        ):
            assert secret not in page, secret


def test_a_revocation_is_visible_at_once_with_its_date_and_without_its_reason(client, certificate):
    assert "Document valable" in read(by_qr(client, certificate))
    revoke_certificate(certificate, reason=REASON, by=scenes.a_manager())
    page = read(by_qr(client, certificate))
    assert "Document révoqué" in page
    assert "Révoqué le" in page
    assert "Document valable" not in page


def test_unknown_and_malformed_have_the_same_answer(client, certificate):
    answers = [ask(client, code) for code in ("0000-0000-0000", "n’importe quoi", "2026-000001", "\x00" + "A" * 11)]
    pages = {answer_in(read(answer)) for answer in answers}
    assert {answer.status_code for answer in answers} == {200}
    assert len(pages) == 1
    assert "Document inconnu" in pages.pop()
    tokens = [client.get(reverse("juries:verify_token", args=[token])) for token in ("A" * 22, "x", "é%00", "A" * 500)]
    assert {answer.status_code for answer in tokens} == {404}
    assert len({answer_in(read(answer)) for answer in tokens}) == 1


def test_after_the_holder_s_data_are_erased_valid_and_revoked_are_still_told_apart(client, certificate):
    other = a_parchemin()
    revoke_certificate(other, reason=REASON, by=scenes.a_manager())
    for one in (certificate, other):
        erase_delivered(one.decision.enrolment.candidate, reason="Durée écoulée.", by=scenes.a_manager())
        one.refresh_from_db()
        assert (one.content_json, one.pdf_id) == ("", None)
    assert "Document valable" in read(by_qr(client, certificate))
    assert "Document révoqué" in read(ask(client, other.code))
    revoke_certificate(certificate, reason=REASON, by=scenes.a_manager())
    assert "Document révoqué" in read(ask(client, certificate.code))


def test_reading_writes_nothing_and_is_neither_indexed_nor_kept(client, certificate):
    told = JournalEntry.objects.count()
    for answer in (client.get(FORM), by_qr(client, certificate), ask(client, certificate.code)):
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Cache-Control"] == "no-store"
    assert JournalEntry.objects.count() == told
    assert "sessionid" not in client.cookies


def test_one_query_and_none_for_what_is_not_a_code(client, certificate, django_assert_num_queries):
    with django_assert_num_queries(1):
        by_qr(client, certificate)
    with django_assert_num_queries(0):
        ask(client, "pas un code")


def test_too_many_from_one_address_are_told_when_to_come_back(client, certificate, settings):
    settings.VERIFICATIONS_ALLOWED, settings.VERIFICATIONS_WINDOW = 3, timedelta(hours=1)
    for _ in range(3):
        assert by_qr(client, certificate).status_code == 200
    refused = ask(client, certificate.code)
    page = read(refused)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert "Trop de vérifications" in page
    assert re.search(r"Réessayez après le .* à \d{1,2} h \d\d", page)
    assert certificate.number not in page
    assert f'value="{certificate.code}"' in page  # what was typed is not lost
    assert client.get(FORM).status_code == 200
    elsewhere = client.post(FORM, {"code": certificate.code}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 200


def test_the_date_shown_is_that_of_the_delivery(client, certificate):
    assert str(timezone.localdate(certificate.issued_at).year) in read(by_qr(client, certificate))


def test_the_foot_of_the_entrance_leads_there(client):
    assert f'href="{FORM}"' in client.get(reverse("account_login")).content.decode()
