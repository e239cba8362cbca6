"""R-JUR-7, RGPD art. 17: what was delivered is erased for good, and nothing else can empty or change it."""

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core import files, jobs
from core.exceptions import InvalidInput, Refusal
from core.models import Job, JournalEntry, StoredFile
from core.reconcile import problems
from juries.models import Certificate, CertificateCopy
from juries.services.copying import issue_copy
from juries.services.erasing import GONE, erase_delivered
from juries.services.rectifying import rectify_certificate
from juries.services.revoking import revoke_certificate
from juries.tasks.certificates import print_certificate
from tests import scenes
from tests.assessments.http import client_of
from tests.candidates.visits import read
from tests.juries.deliveries import a_parchemin, published, renamed
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db
REASON = "Demande du titulaire."


@pytest.fixture
def certificate() -> Certificate:
    return a_parchemin()


def erase(certificate: Certificate) -> int:
    return erase_delivered(certificate.decision.enrolment.candidate, reason=REASON, by=scenes.a_manager())


def test_content_files_and_written_reasons_go_what_verifies_stays(
    certificate, django_capture_on_commit_callbacks
) -> None:
    issue_copy(certificate, reason="Perdu à Quimper.", by=scenes.a_manager())
    jobs.run_due()
    before = Certificate.objects.values("number", "code", "token", "fingerprint", "issued_at", "revoked_at").get()
    printed = list(StoredFile.objects.filter(pk__in=[certificate.pdf_id, CertificateCopy.objects.get().pdf_id]))
    with django_capture_on_commit_callbacks(execute=True):
        assert erase(certificate) == 1
    certificate.refresh_from_db()
    copy = CertificateCopy.objects.get()
    assert (certificate.content_json, certificate.pdf_id, copy.reason, copy.pdf_id) == ("", None, "", None)
    assert Certificate.objects.values(*before).get() == before
    assert not StoredFile.objects.filter(pk__in=[one.pk for one in printed]).exists()
    assert not any(files.path_of(one.sha256).exists() for one in printed)
    entry = JournalEntry.objects.get(verb="certificate.erased")
    assert (entry.reason, entry.data["number"]) == (REASON, certificate.number)
    assert problems() == []


def test_all_that_the_person_holds_goes_with_the_reasons_of_revocation_and_correction(certificate) -> None:
    renamed(certificate)
    new = rectify_certificate(certificate, reason="Léa et non Lia.", by=scenes.a_manager())
    revoke_certificate(new, reason="Fraude de Léa.", by=scenes.a_manager())
    jobs.run_due()
    assert erase(certificate) == 2
    rows = Certificate.objects.values_list("content_json", "correction_reason", "revocation_reason")
    assert set(rows) == {("", "", GONE)}
    assert problems() == []


def test_a_reason_is_needed_and_nothing_is_erased_twice(certificate) -> None:
    with pytest.raises(InvalidInput, match="pourquoi"):
        erase_delivered(certificate.decision.enrolment.candidate, reason="  ", by=scenes.a_manager())
    erase(certificate)
    with pytest.raises(Refusal, match="ne reste à effacer"):
        erase(certificate)


def test_the_reglement_keeps_them_until_their_time_has_passed() -> None:
    """R-REF-6."""
    published(scenes.a_certifiable_enrolment(build_referentiel(retention_years=10)))
    certificate = Certificate.objects.get()
    day = timezone.localdate(certificate.issued_at)
    with pytest.raises(Refusal, match=f"jusqu’au .*{day.year + 10}"):
        erase(certificate)
    with time_machine.travel(day.replace(year=day.year + 10), tick=False):
        assert erase(certificate) == 1


def test_without_an_erasure_the_database_empties_nothing(certificate) -> None:
    issue_copy(certificate, reason="Perdu.", by=scenes.a_manager())
    jobs.run_due()
    for model, changes in (
        (Certificate, {"content_json": ""}),
        (Certificate, {"pdf": None}),
        (CertificateCopy, {"reason": ""}),
        (CertificateCopy, {"pdf": None}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.update(**changes)


def test_an_erasure_changes_nothing_else_and_is_never_taken_back(certificate) -> None:
    content = certificate.content_json
    told = {"erased_at": timezone.now(), "erased_by": scenes.a_manager(), "erasure_reason": REASON}
    for changes in ({"content_json": "{}"}, {"content_json": "", "pdf": None, "number": "X"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Certificate.objects.update(**told, **changes)
    erase(certificate)
    for changes in (
        {"content_json": content},
        {"erased_at": None, "erased_by": None, "erasure_reason": "", "content_json": content},
        {"fingerprint": "0" * 64},
    ):
        with pytest.raises(IntegrityError, match="certificat"), transaction.atomic():
            Certificate.objects.update(**changes)


def test_nothing_is_printed_of_it_any_more() -> None:
    published(scenes.a_certifiable_enrolment())
    certificate = Certificate.objects.get()  # its PDF is still to be printed
    erase(certificate)
    jobs.run_due()
    certificate.refresh_from_db()
    assert certificate.pdf_id is None
    with pytest.raises(Refusal, match="effacé"):
        issue_copy(certificate, reason="Perdu.", by=scenes.a_manager())
    with pytest.raises(Refusal, match="effacé"):
        rectify_certificate(certificate, reason="Nom.", by=scenes.a_manager())
    assert problems() == []


def test_what_was_being_printed_when_it_was_erased_is_dropped() -> None:
    published(scenes.a_certifiable_enrolment())
    certificate = Certificate.objects.get()
    effect = print_certificate(Job.objects.get(subject=str(certificate.pk)))
    erase(certificate)
    assert effect() == {"pdf": None}


def test_it_is_confirmed_on_a_page_which_says_what_goes_and_what_stays(certificate) -> None:
    client = client_of(scenes.a_manager())
    address = reverse("juries:erase", args=[certificate.pk])
    page = read(client.get(address))
    assert certificate.number in page
    assert "Ce que l’effacement causera" in page
    assert Certificate.objects.get().erased_at is None
    assert "Ce champ est obligatoire" in read(client.post(address, {"reason": ""}))
    shown = read(client.post(address, {"reason": REASON}, follow=True))
    assert "Contenu effacé le" in shown
    assert "Rectifier" not in shown
    assert "Il ne reste rien à effacer" in read(client.get(address))
    assert client.get(reverse("juries:certificate_pdf", args=[certificate.pk])).status_code == 404
