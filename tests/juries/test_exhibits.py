"""R-JUR-8: what is joined to an appeal is what its name says, and is served to those who may read it, never shown."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from core.exceptions import InvalidInput
from juries.models import Appeal, AppealFile
from tests import scenes
from tests.assessments.handed import PIXEL, a_pdf, a_pptx, a_zip, script_at_opening
from tests.assessments.http import client_of
from tests.juries.appealing import (
    STATEMENT,
    a_published_decision,
    an_appeal_given_to,
    an_exhibit,
    an_instructor,
    candidate_of,
    contest,
)

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 32 + b"\xff\xd9"


@pytest.fixture
def decision():
    return a_published_decision()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("preuve.pdf", a_pdf(), "application/pdf"),
        ("photo.png", PIXEL, "image/png"),
        ("photo.jpg", JPEG, "image/jpeg"),
        ("PHOTO.JPEG", JPEG, "image/jpeg"),
    ],
)
def test_pdfs_and_pictures_are_accepted(decision, name, content, media_type):
    appeal = contest(decision, an_exhibit(content, name))
    (joined,) = appeal.files.all()
    assert (joined.name, joined.file.media_type) == (name, media_type)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("preuve.pdf", b"du texte", "n’est pas un PDF"),
        ("preuve.pdf", a_pdf(script_at_opening), "JavaScript"),
        ("photo.png", JPEG, "n’est pas une image"),
        ("photo.jpg", PIXEL, "n’est pas une image"),
        ("photo.png", PIXEL[:-4], "incomplète"),
        ("photo.png", PIXEL + b"<script>", "suivie d’autre chose"),
        ("photo.png", PIXEL[:8] + a_zip({"a": "b"}) + PIXEL[-8:], "archive"),
        ("page.html", b"<html>", "n’est pas accepté"),
        ("dessin.svg", b"<svg/>", "n’est pas accepté"),
        ("diaporama.pptx", a_pptx(), "un PDF ou une image"),
        ("preuve.exe.pdf", a_pdf(), "un PDF ou une image"),
        ("vide.pdf", b"", "vide"),
        ("dossier/preuve.pdf", a_pdf(), "chemin"),
    ],
)
def test_the_rest_is_refused_by_its_name_and_nothing_is_filed(decision, name, content, words):
    with pytest.raises(InvalidInput, match=words) as refused:
        contest(decision, an_exhibit(a_pdf(), "bonne.pdf"), an_exhibit(content, name))
    assert f"« {name} »" in str(refused.value)
    assert not Appeal.objects.exists()
    assert not AppealFile.objects.exists()


def test_ten_files_at_most(decision):
    with pytest.raises(InvalidInput, match="10 fichiers au plus"):
        contest(decision, *[an_exhibit(PIXEL, f"{rank}.png") for rank in range(11)])


def test_the_same_file_joined_twice_is_joined_once(decision):
    appeal = contest(decision, an_exhibit(PIXEL, "un.png"), an_exhibit(PIXEL, "deux.png"))
    assert appeal.files.count() == 1


def test_a_file_that_is_too_heavy_is_refused_and_the_statement_stays(decision, settings):
    settings.UPLOAD_LIMIT = 1000
    sent = {
        "kind": "error",
        "statement": STATEMENT,
        "operation": "8b7a1f0e-0000-4000-8000-000000000001",
        "exhibits": [SimpleUploadedFile("lourd.pdf", b"%PDF-" + b"x" * 2000)],
    }
    answer = client_of(candidate_of(decision)).post(reverse("juries:file_appeal", args=[decision.pk]), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert STATEMENT in page
    assert "trop lourd" in page
    assert not Appeal.objects.exists()


def test_a_refused_file_asks_to_join_the_files_again(decision):
    sent = {
        "kind": "error",
        "statement": STATEMENT,
        "operation": "8b7a1f0e-0000-4000-8000-000000000002",
        "exhibits": [SimpleUploadedFile("faux.pdf", b"du texte")],
    }
    answer = client_of(candidate_of(decision)).post(reverse("juries:file_appeal", args=[decision.pk]), sent)
    page = answer.content.decode()
    assert "à joindre de nouveau" in page
    assert STATEMENT in page
    assert "« faux.pdf »" in page


def test_it_is_served_to_those_who_read_the_appeal_as_a_download(decision):
    owner = an_instructor()
    appeal = an_appeal_given_to(owner, decision)
    other = contest_again(decision, appeal)
    (joined,) = other.files.all()
    address = reverse("juries:exhibit", args=[other.pk, joined.pk])
    for user in (candidate_of(decision), scenes.a_manager()):
        answer = client_of(user).get(address)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert b"".join(answer.streaming_content) == PIXEL
    for stranger in (owner, an_instructor(), scenes.a_candidate("Autre").user):
        assert client_of(stranger).get(address).status_code == 404
    assert client_of(scenes.a_manager()).get(reverse("juries:exhibit", args=[appeal.pk, joined.pk])).status_code == 404


def contest_again(decision, appeal) -> Appeal:
    client_of(candidate_of(decision)).post(reverse("juries:withdraw_appeal", args=[appeal.pk]))
    return contest(decision, an_exhibit(PIXEL, "photo.png"))


def test_a_file_joined_never_changes(decision):
    contest(decision, an_exhibit(PIXEL, "photo.png"))
    for write in (lambda: AppealFile.objects.update(name="autre.png"), lambda: AppealFile.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
