"""Livrables: by whom, until when, read by whom, and what the answer carries."""

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import User
from assessments.models import Deliverable, Soutenance
from assessments.notebooks import cells_of
from assessments.services.handing_in import hand_in_file, hand_in_link, remove_deliverable
from assessments.services.submission import submit
from core import protection
from core.exceptions import InvalidInput, Refusal
from core.files import ASIDE
from core.models import JournalEntry, StoredFile
from core.reconcile import problems
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments import handed
from tests.assessments.http import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def soutenance() -> Soutenance:
    return scenes.a_soutenance()


@pytest.fixture
def candidate(soutenance) -> User:
    return soutenance.enrolment.candidate.user


def hand_in(soutenance: Soutenance, by: User, content: bytes | None = None, name: str = "rapport.pdf") -> Deliverable:
    content = handed.a_pdf() if content is None else content
    return hand_in_file(soutenance, source=io.BytesIO(content), name=name, size=len(content), title="", by=by)


def begin(soutenance: Soutenance) -> None:
    scenes.mark_all(scenes.grille_of(soutenance))
    soutenance.refresh_from_db()


def left_behind() -> list[Path]:
    return list(Path(settings.FILES_DIR).glob(f"{ASIDE}*"))


def test_a_file_is_stored_under_its_content_and_journaled(soutenance, candidate):
    deliverable = hand_in(soutenance, candidate)
    assert (deliverable.kind, deliverable.title, deliverable.file_name) == ("pdf", "rapport", "rapport.pdf")
    entry = JournalEntry.objects.get(verb="deliverable.added")
    assert (entry.actor, entry.data["file"]) == (candidate, deliverable.file_id)
    assert problems() == []
    assert left_behind() == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rapport.pdf", b"MZ\x90\x00" + bytes(100)),
        ("rapport.pdf", handed.a_pdf(handed.script_at_opening)),
        ("rapport.pdf", b""),
        ("rapport.exe", handed.a_pdf()),
    ],
)
def test_what_is_refused_leaves_nothing(soutenance, candidate, name, content):
    with pytest.raises(InvalidInput):
        hand_in(soutenance, candidate, content, name)
    assert not Deliverable.objects.exists()
    assert not StoredFile.objects.exists()
    assert left_behind() == []


def test_one_byte_over_the_limit_is_refused(soutenance, candidate, settings):
    content = handed.a_pdf()
    settings.UPLOAD_LIMIT = len(content) - 1
    with pytest.raises(InvalidInput, match="dépasse"):
        hand_in(soutenance, candidate, content)


def test_the_same_file_or_link_twice_is_one(soutenance, candidate):
    content = handed.a_pdf()
    hand_in(soutenance, candidate, content)
    hand_in_link(soutenance, url="https://exemple.fr/a", title="", by=candidate)
    with pytest.raises(Refusal, match="déjà déposé"):
        hand_in(soutenance, candidate, content)
    with pytest.raises(Refusal, match="déjà déposé"):
        hand_in_link(soutenance, url="https://exemple.fr/a", title="", by=candidate)
    assert left_behind() == []


def test_the_candidate_hands_in_until_the_start_and_the_manager_until_the_submission(soutenance, candidate):
    manager = scenes.a_manager()
    kept = hand_in(soutenance, candidate)
    begin(soutenance)
    with pytest.raises(Refusal, match="a commencé"):
        hand_in_link(soutenance, url="https://exemple.fr/a", title="", by=candidate)
    with pytest.raises(Refusal, match="a commencé"):
        remove_deliverable(kept, by=candidate)
    hand_in_link(soutenance, url="https://exemple.fr/b", title="", by=manager)
    submit(scenes.grille_of(soutenance), by=soutenance.evaluateur)
    with pytest.raises(Refusal, match="ne changent plus"):
        hand_in_link(soutenance, url="https://exemple.fr/c", title="", by=manager)


def test_a_removed_livrable_is_read_by_nobody_and_the_journal_keeps_it(soutenance, candidate):
    deliverable = hand_in(soutenance, candidate)
    remove_deliverable(deliverable, by=candidate)
    for user in (candidate, soutenance.evaluateur):
        assert client_of(user).get(reverse("assessments:deliverable", args=[deliverable.pk])).status_code == 404
    assert JournalEntry.objects.filter(verb="deliverable.removed", subject_id=str(deliverable.pk)).exists()
    with pytest.raises(Refusal, match="déjà retiré"):
        remove_deliverable(deliverable, by=candidate)
    assert problems() == []


def test_what_the_manager_added_is_not_the_candidate_s_to_remove(soutenance, candidate):
    deliverable = hand_in_link(soutenance, url="https://exemple.fr/a", title="", by=scenes.a_manager())
    with pytest.raises(Refusal, match="gestionnaire"):
        remove_deliverable(deliverable, by=candidate)


# --- Pages


def send(user: User, soutenance: Soutenance, **data):
    return client_of(user).post(reverse("assessments:deliverables", args=[soutenance.pk]), data)


def test_a_refused_file_keeps_what_was_typed_and_says_why(soutenance, candidate):
    bad = SimpleUploadedFile("rapport.pdf", b"<html></html>")
    answer = send(candidate, soutenance, title="Rapport final", file=bad)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Ce fichier s’appelle .pdf mais n’est pas un PDF." in page
    assert 'value="Rapport final"' in page
    assert not StoredFile.objects.exists()


def test_more_bytes_than_the_limit_are_not_read_and_the_page_says_so(soutenance, candidate, settings):
    settings.UPLOAD_LIMIT = 100_000
    big = SimpleUploadedFile("rapport.pdf", b"%PDF-" + bytes(300_000))
    answer = send(candidate, soutenance, title="Rapport final", file=big)
    page = answer.content.decode()
    assert (answer.status_code, "dépasse 0 Mio" in page, 'value="Rapport final"' in page) == (422, True, True)


@pytest.mark.parametrize(
    ("data", "words"),
    [({}, "Choisissez un fichier"), ({"url": "http://exemple.fr"}, "https"), ({"url": "https://10.0.0.1/"}, "locale")],
)
def test_nothing_or_a_wrong_link_is_refused(soutenance, candidate, data, words):
    answer = send(candidate, soutenance, **data)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_a_pdf_is_shown_in_our_own_frame_only_and_never_kept(soutenance, candidate):
    deliverable = hand_in(soutenance, candidate, name="Rapport d’été.pdf")
    answer = client_of(soutenance.evaluateur).get(reverse("assessments:deliverable", args=[deliverable.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert answer["Content-Disposition"] == "inline; filename*=utf-8''Rapport%20d%E2%80%99%C3%A9t%C3%A9.pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_slides_and_downloads_are_attachments_framed_by_nobody(soutenance, candidate):
    slides = hand_in(soutenance, candidate, handed.a_pptx(), 'dia"pos.pptx')
    report = hand_in(soutenance, candidate)
    client = client_of(candidate)
    for address in (
        reverse("assessments:deliverable", args=[slides.pk]),
        reverse("assessments:deliverable", args=[report.pk]) + "?telecharger",
    ):
        answer = client.get(address)
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["X-Frame-Options"] == "DENY"
        b"".join(answer.streaming_content)  # closed as a server would, the database left open


def test_a_notebook_is_read_as_data_and_runs_nothing(soutenance, candidate):
    content = handed.a_notebook(
        handed.markdown("# Titre\n<script>alert(1)</script>"),
        handed.code("print(1)", handed.data(text_html="<script>alert(2)</script>", text_plain="tableau")),
        handed.code(
            "x",
            handed.data(text_html="<img src=x onerror=alert(3)>"),
            {"output_type": "error", "traceback": ["\x1b[31mErreur\x1b[0m"]},
        ),
        handed.code(
            "y", {"output_type": "display_data", "data": {"image/svg+xml": "<svg onload=alert(4)>", "image/png": "%s"}}
        ),
    )
    deliverable = hand_in(soutenance, candidate, content, "analyse.ipynb")
    answer = client_of(soutenance.evaluateur).get(reverse("assessments:deliverable", args=[deliverable.pk]))
    page = answer.content.decode()
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "tableau" in page
    assert "Erreur" in page
    assert "Sortie non affichée (text/html)" in page
    for forbidden in ("<script", "<svg", "onerror", "onload", "alert(2)", "\x1b"):
        assert forbidden not in page


def test_a_notebook_of_half_characters_is_still_shown(soutenance, candidate):
    content = handed.a_notebook(handed.markdown("avant \ud800 après"), handed.code("x\udc00", handed.data(a_ud="1")))
    deliverable = hand_in(soutenance, candidate, content, "analyse.ipynb")
    answer = client_of(soutenance.evaluateur).get(reverse("assessments:deliverable", args=[deliverable.pk]))
    assert "avant \ufffd après" in answer.content.decode()


def test_a_notebook_s_pictures_are_pictures_or_nothing():
    true, false = base64.b64encode(handed.PIXEL).decode(), base64.b64encode(b"<svg/>").decode()
    bundle = [
        {"output_type": "display_data", "data": {"image/png": value}} for value in (true, false, "pas du base64", 3)
    ]
    outputs = cells_of(handed.a_notebook(handed.code("plot()", *bundle)))[0].outputs
    assert [output.picture[:22] for output in outputs] == ["data:image/png;base64,", "", "", ""]
    assert outputs[1].hidden == "image/png"


def test_a_stranger_is_told_nothing_exists(soutenance, candidate):
    """Foreign is absent: 404."""
    deliverable = hand_in(soutenance, candidate)
    strangers = [scenes.an_evaluateur(), scenes.a_candidate().user, UserFactory(roles=[Role.JURY])]
    for stranger in strangers:
        client = client_of(stranger)
        assert client.get(reverse("assessments:deliverable", args=[deliverable.pk])).status_code == 404
        assert client.get(reverse("assessments:deliverables", args=[soutenance.pk])).status_code == 404
        assert client.post(reverse("assessments:remove_deliverable", args=[deliverable.pk])).status_code == 404
    assert send(soutenance.evaluateur, soutenance, url="https://exemple.fr/").status_code == 404


@pytest.mark.parametrize("items", [1, 3])
def test_the_list_costs_the_same_whatever_was_handed_in(
    soutenance, candidate, items: int, django_assert_num_queries: DjangoAssertNumQueries
):
    for number in range(items):
        hand_in_link(soutenance, url=f"https://exemple.fr/{number}", title="", by=candidate)
    client = client_of(candidate)
    with django_assert_num_queries(7):
        client.get(reverse("assessments:deliverables", args=[soutenance.pk]))


# --- Reconcile


# --- In the database, whoever writes


CHANGES = [{"title": "Autre chose"}, {"file_name": "autre.pdf"}, {"url": "https://exemple.fr/"}]


@pytest.mark.parametrize("changes", CHANGES)
def test_a_livrable_is_never_rewritten(soutenance, candidate, changes):
    deliverable = hand_in(soutenance, candidate)
    with pytest.raises(DatabaseError, match="Un livrable ne change pas"), transaction.atomic():
        Deliverable.objects.filter(pk=deliverable.pk).update(**changes)
    with pytest.raises(DatabaseError, match="Un livrable ne change pas"), transaction.atomic():
        Deliverable.objects.filter(pk=deliverable.pk).delete()


def test_once_the_soutenance_is_submitted_its_livrables_neither_come_nor_go(soutenance, candidate):
    kept, removed = hand_in(soutenance, candidate), hand_in(soutenance, candidate, handed.a_notebook(), "autre.ipynb")
    remove_deliverable(removed, by=candidate)
    grille = scenes.grille_of(soutenance)
    scenes.mark_all(grille)
    submit(grille, by=grille.evaluateur)
    late = {"soutenance": soutenance, "added_by": candidate, "added_at": timezone.now()}
    for change in (
        lambda: Deliverable.objects.filter(pk=kept.pk).update(removed_at=timezone.now()),
        lambda: Deliverable.objects.filter(pk=removed.pk).update(removed_at=None),
        lambda: Deliverable.objects.create(kind="link", title="T", url="https://e.fr/", **late),
    ):
        with pytest.raises(DatabaseError, match="Un livrable ne change pas"), transaction.atomic():
            change()
    assert [one.pk for one in soutenance.deliverables.standing()] == [kept.pk]


@pytest.fixture
def unprotected(soutenance, candidate) -> Iterator[Deliverable]:
    deliverable = hand_in(soutenance, candidate)
    assert problems() == []
    protection.remove()
    yield deliverable
    protection.install()


def test_a_livrable_altered_behind_the_journal(unprotected):
    Deliverable.objects.filter(pk=unprotected.pk).update(title="Autre chose")
    assert problems() == [f"Le livrable {unprotected.pk} n’est pas celui que dit le journal."]


def test_a_livrable_that_came_back_without_a_word(unprotected):
    remove_deliverable(unprotected, by=unprotected.added_by)
    Deliverable.objects.filter(pk=unprotected.pk).update(removed_at=None)
    assert problems() == [f"Le livrable {unprotected.pk} est retiré ou présent contre ce que dit le journal."]


def test_a_livrable_that_vanished(unprotected):
    Deliverable.objects.filter(pk=unprotected.pk).delete()
    assert problems() == [f"Le journal raconte le dépôt du livrable {unprotected.pk}, qui n’est pas enregistré."]
