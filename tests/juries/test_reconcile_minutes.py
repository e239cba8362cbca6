"""R-JUR-5: each check of the procès-verbaux and of their signed files finds what it is there to find."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from core import files, jobs, protection
from core.models import Job, JournalEntry, StoredFile
from core.reconcile import problems
from core.signing import sign_pdf
from juries.models import Minutes, MinutesSignature
from juries.services.sessions import close_session
from juries.services.signing import sign_minutes
from tests import scenes
from tests.juries.sittings import decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def minutes() -> Iterator[Minutes]:
    """Drawn up and signed by both members; the triggers are gone, as for somebody who owns the database."""
    enrolment = scenes.a_certifiable_enrolment()
    session = scenes.a_session(enrolment, opened=True)
    decide(session, enrolment)
    close_session(session, by=scenes.president_of(session))
    jobs.run_due()
    made = Minutes.objects.get()
    for member in session.members.all():
        sign_minutes(made, by=member.user)
    assert problems() == []
    protection.remove()
    yield made
    protection.install()


def kept(pdf: bytes) -> StoredFile:
    return files.keep(files.write(pdf), media_type="application/pdf")


def replace_file(rank: int, pdf: bytes) -> None:
    """As somebody would who owns the database and the disk; the journal still tells the former file."""
    MinutesSignature.objects.filter(rank=rank).update(pdf=kept(pdf))


def file_of(rank: int) -> bytes:
    return files.read(MinutesSignature.objects.get(rank=rank).pdf)


def says(*words: str) -> bool:
    return any(all(word in said for word in words) for said in problems())


def test_a_session_closed_without_minutes_and_without_a_job(minutes: Minutes) -> None:
    MinutesSignature.objects.all().delete()
    minutes.delete()
    Job.objects.filter(kind="minutes").delete()
    assert says(str(minutes.session_id), "aucun travail ne le dressera")


def test_a_content_changed(minutes: Minutes) -> None:
    Minutes.objects.update(content_json=minutes.content_json.replace("Garnier", "Renard") + " ")
    assert says(f"Le contenu du procès-verbal {minutes.pk} ne répond plus à son empreinte.")


def test_one_byte_changed_in_the_second_signed_file(minutes: Minutes) -> None:
    pdf = bytearray(file_of(2))
    pdf[-40] ^= 1
    replace_file(2, bytes(pdf))
    assert says("fichier signé de rang 2, champ ")


def test_a_file_that_lost_the_signature_of_a_member(minutes: Minutes) -> None:
    replace_file(2, file_of(1))
    assert says("rang 2", "ne porte pas les signatures des rangs 1 à 2")


def test_a_file_signed_by_nobody(minutes: Minutes) -> None:
    replace_file(1, files.read(minutes.pdf))
    assert says("rang 1", "ne porte pas les signatures des rangs 1 à 1")


def test_a_signature_under_another_name_than_a_member_s(minutes: Minutes) -> None:
    options = {"signer_name": "X", "reason": "X", "location": "X", "at": timezone.now()}
    replace_file(1, sign_pdf(files.read(minutes.pdf), field="Membre-7", **options))
    assert says("rang 1", "ne porte pas les signatures")
    assert says("rang 2", "ne prolonge pas le fichier précédent")


def test_a_file_to_sign_that_is_already_signed(minutes: Minutes) -> None:
    Minutes.objects.update(pdf=kept(file_of(1)))
    assert says(f"Procès-verbal {minutes.pk} : le fichier à signer porte déjà une signature.")


def test_a_signature_the_journal_does_not_tell_or_one_that_went(minutes: Minutes) -> None:
    MinutesSignature.objects.filter(rank=2).delete()
    assert says("rang 2, que le journal raconte, n’existe plus")
    JournalEntry.objects.filter(verb="minutes.signed", data__rank=1).delete()
    assert says("rang 1 n’est pas celle que le journal raconte")


def test_a_rank_that_is_missing(minutes: Minutes) -> None:
    MinutesSignature.objects.filter(rank=1).delete()
    assert says("la signature de rang 1 manque")
