"""Each check of the ground finds what it is there to find."""

import io
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core import anchors, files, protection
from core.enums import JobState
from core.models import JournalEntry, StoredFile
from core.reconcile import problems
from tests.accounts.factories import UserFactory
from tests.core.factories import JobFactory, record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR, settings.FILES_DIR = tmp_path, tmp_path / "files"
    return tmp_path


@pytest.fixture
def unprotected() -> Iterator[None]:
    protection.remove()
    yield
    protection.install()


@pytest.fixture
def stored() -> StoredFile:
    return store(a_pdf(), "application/pdf")


def a_pdf() -> bytes:
    pdf, content = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    pdf.save(content)
    return content.getvalue()


def store(content: bytes, media_type: str) -> StoredFile:
    return files.keep(files.write(content), media_type=media_type)


def leave(name: str, *, seconds_ago: float) -> None:
    """A file on disk that no row names."""
    path = files.path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"reste")
    os.utime(path, (time.time() - seconds_ago,) * 2)


def test_nothing_is_wrong_with_what_was_stored_properly(stored: StoredFile) -> None:
    record("test.done", UserFactory())
    anchors.drop_anchor()
    store(b"une note", "text/plain")

    assert problems() == []


def test_a_broken_journal(unprotected: None) -> None:
    record("test.done", UserFactory())
    JournalEntry.objects.update(reason="Autre motif")

    assert problems() == ["Journal rompu à l’entrée 1 : son contenu ne correspond plus à son empreinte."]


def test_a_lost_anchor(unprotected: None) -> None:
    record("test.done", UserFactory())
    anchors.drop_anchor()
    JournalEntry.objects.filter(sequence=2).delete()

    assert problems() == ["Journal rompu à l’entrée 2 : une ancre l’atteste, le journal ne l’a plus telle quelle."]


def test_a_row_without_its_file(stored: StoredFile) -> None:
    files.path_of(stored.pk).unlink()

    assert problems() == [f"Le fichier {stored.pk} manque sur le disque."]


def test_a_damaged_file(stored: StoredFile) -> None:
    files.path_of(stored.pk).write_bytes(b"%PDF-1.7")

    assert problems() == [f"Le fichier {stored.pk} a été altéré sur le disque."]


def test_a_size_that_is_not_the_file_s(stored: StoredFile) -> None:
    size = stored.size
    StoredFile.objects.update(size=3)

    assert problems() == [f"Le fichier {stored.pk} fait {size} octets au lieu de 3."]


@pytest.mark.parametrize("content", [b"pas un PDF", b"%PDF-1.7\n%%EOF"])
def test_a_pdf_that_does_not_open(content: bytes) -> None:
    unreadable = store(content, "application/pdf")

    assert problems() == [f"Le fichier {unreadable.pk} n’est pas un PDF lisible."]


def test_a_file_without_its_row() -> None:
    leave("ab" * 32, seconds_ago=3600)

    assert problems() == [f"Le fichier ab/{'ab' * 32} est sur le disque, mais aucune ligne ne le nomme."]


def test_a_file_being_written_is_no_problem(folder: Path) -> None:
    leave("ab" * 32, seconds_ago=0)
    (folder / "files" / "ab" / f"{files.ASIDE}x").write_bytes(b"en cours")

    assert problems() == []


@pytest.mark.parametrize("state", [JobState.DUE, JobState.RUNNING])
def test_a_file_that_a_job_may_still_keep_is_no_problem(state: JobState) -> None:
    leave("ab" * 32, seconds_ago=3600)
    JobFactory(state=state)

    assert problems() == []


def test_a_failure_that_does_not_say_why() -> None:
    job = JobFactory(state=JobState.FAILED)
    JobFactory(state=JobState.FAILED, last_error="OSError : disque absent")

    assert problems() == [f"Le travail {job.pk} est en échec sans dire pourquoi."]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no snapshot to offer")
@pytest.mark.django_db(transaction=True)
def test_all_the_checks_read_one_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    def isolation() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_isolation")
            return [str(cursor.fetchone()[0])]

    monkeypatch.setattr("core.reconcile._checks", [isolation])

    assert problems() == ["repeatable read"]


def test_missing_protections_are_named() -> None:
    protection.remove()
    try:
        told = io.StringIO()
        with pytest.raises(CommandError):
            call_command("reconcile", stdout=told, stderr=told)
        assert "core_journalentry : protections absentes" in told.getvalue()
    finally:
        protection.install()


def test_a_check_that_stops_halfway_is_a_finding_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[str]:
        raise KeyError("data")

    monkeypatch.setattr("core.reconcile._checks", [broken, lambda: ["Un autre constat."]])
    assert problems() == ["Le contrôle broken s’est arrêté sur une donnée illisible (KeyError).", "Un autre constat."]
