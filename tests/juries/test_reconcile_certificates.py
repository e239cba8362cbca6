"""R-JUR-7: each check of what was delivered finds what it is there to find."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from core import files, jobs, protection
from core.models import Job, JournalEntry, StoredFile
from core.reconcile import problems
from juries.certificate_document import certificate_pdf
from juries.enums import Outcome
from juries.models import Certificate, Decision
from juries.services.copying import issue_copy
from juries.services.erasing import erase_delivered
from juries.services.rectifying import rectify_certificate
from juries.services.revoking import revoke_certificate
from juries.tasks.certificates import CERTIFICATE
from tests import scenes
from tests.juries.deliveries import a_parchemin, published, re_examined, renamed, several

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_its_own(settings: Any, tmp_path: Path) -> None:
    """What other tests left on disk is no problem of this one."""
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def certificate() -> Iterator[Certificate]:
    """Delivered, printed, and copied; the triggers are gone, as for somebody who owns the database."""
    made = a_parchemin()
    issue_copy(made, reason="Original perdu.", by=scenes.a_manager())
    jobs.run_due()
    assert problems() == []
    protection.remove()
    yield made
    protection.install()


def test_what_is_revoked_replaced_or_not_asked_for_yet_is_no_problem():
    first, second, third = several(3, blocs=2)
    published(first, ready=False)
    session = published(second, outcomes=[Outcome.PARTIAL])
    published(third)
    revoke_certificate(Certificate.objects.get(bloc_number=1), reason="Erreur.", by=scenes.a_manager())
    re_examined(session.decisions.get(), Outcome.PARTIAL, blocs=[2])
    re_examined(Decision.objects.taken().get(enrolment=third), Outcome.CERTIFIED)
    jobs.run_due()
    assert problems() == []


def test_an_attestation_revoked_after_a_later_jury_is_not_due_again():
    (enrolment,) = several(1, blocs=2)
    published(enrolment, outcomes=[Outcome.PARTIAL])
    later = published(enrolment, outcomes=[Outcome.PARTIAL])
    later_blocs = Certificate.objects.order_by("bloc_number")
    revoke_certificate(later_blocs.first(), reason="Fraude.", by=scenes.a_manager())
    jobs.run_due()
    assert not later.decisions.get().certificates.exists()
    assert problems() == []


def test_a_hole_in_the_numbers(certificate):
    Certificate.objects.update(sequence=3)
    assert any("vient après un trou : le rang 1" in said for said in problems())


def test_a_certificate_that_went_and_one_the_journal_never_told(certificate):
    number = certificate.number
    certificate.copies.all().delete()
    certificate.delete()
    assert f"Le certificat {number} n’est plus celui que le journal raconte." in problems()
    JournalEntry.objects.filter(verb="certificate.issued").delete()
    other = a_parchemin()
    JournalEntry.objects.filter(subject_id=str(other.pk)).delete()
    assert f"Le certificat {other.number} : le journal n’en dit rien." in problems()


def test_a_content_changed(certificate):
    Certificate.objects.update(content_json=certificate.content_json.replace("Garnier", "Renard"))
    assert f"Le contenu du certificat {certificate.number} ne répond plus à son empreinte." in problems()
    Certificate.objects.update(content_json=certificate.content_json)
    assert problems() == []


def test_an_erasure_the_journal_does_not_tell_and_a_file_that_outlived_one(certificate):
    erase_delivered(certificate.decision.enrolment.candidate, reason="Durée écoulée.", by=scenes.a_manager())
    assert problems() == []
    printed = JournalEntry.objects.get(verb="certificate.signed").data["pdf"]
    StoredFile.objects.create(sha256=printed, size=1, media_type="application/pdf", stored_at=timezone.now())
    assert f"Le certificat {certificate.number} est effacé, mais le fichier {printed} est encore là." in problems()
    StoredFile.objects.filter(pk=printed).delete()
    JournalEntry.objects.filter(verb="certificate.erased").delete()
    expected = f"Le certificat {certificate.number} : son effacement n’est pas celui que le journal raconte."
    assert expected in problems()


def test_a_rectificatif_of_a_document_still_valid(certificate):
    renamed(certificate)
    rectify_certificate(certificate, reason="Prénom.", by=scenes.a_manager())
    jobs.run_due()
    assert problems() == []
    Certificate.objects.filter(pk=certificate.pk).update(revoked_at=None, revoked_by=None, revocation_reason="")
    assert any("ne tient pas lieu de" in said for said in problems())


def test_a_revocation_the_journal_does_not_tell(certificate):
    Certificate.objects.update(revoked_at=timezone.now(), revoked_by=scenes.a_manager(), revocation_reason="?")
    assert problems() == [f"Le certificat {certificate.number} : sa révocation n’est pas celle que le journal raconte."]


def test_a_pdf_that_no_job_will_print(certificate):
    Certificate.objects.update(pdf=None)
    Job.objects.filter(kind=CERTIFICATE).delete()
    assert any("aucun travail ne le produira" in said for said in problems())


def test_a_pdf_without_its_signature_or_with_another_byte(certificate):
    unsigned = certificate_pdf(certificate.content, fingerprint=certificate.fingerprint)
    stored = files.keep(files.write(unsigned), media_type="application/pdf")
    Certificate.objects.update(pdf=stored)
    expected = f"{certificate.number} : le fichier ne porte pas la seule signature du certificateur."
    assert expected in problems()

    changed = bytearray(files.read(certificate.pdf))
    changed[len(unsigned) // 2] ^= 1
    Certificate.objects.update(pdf=files.keep(files.write(bytes(changed)), media_type="application/pdf"))
    assert any(said.startswith(f"{certificate.number} : ") for said in problems())


def test_a_parchemin_left_valid_on_a_decision_that_was_replaced(certificate):
    re_examined(certificate.decision, Outcome.REFUSED)
    Certificate.objects.update(revoked_at=None, revoked_by=None, revocation_reason="")
    assert f"Le certificat {certificate.number} est valable, mais sa décision a été remplacée." in problems()


def test_an_attestation_that_its_decision_gives_a_right_to_and_that_is_not_there(certificate):
    (enrolment,) = several(1, blocs=2)
    published(enrolment, outcomes=[Outcome.PARTIAL])
    Certificate.objects.filter(bloc_number=2).delete()
    assert any("donne droit à un certificat" in said for said in problems())
