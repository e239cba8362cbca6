"""Files: the same bytes once, whole or not at all."""

import errno
import io
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core import files
from core.fingerprints import sha256_hex
from core.models import StoredFile
from tests.juries.deliveries import a_parchemin

pytestmark = pytest.mark.django_db
CONTENT = b"%PDF-1.7 un dossier"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path
    return tmp_path


def visible(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*/*") if not path.name.startswith(files.ASIDE))


def kept() -> StoredFile:
    return files.keep(files.write(CONTENT), media_type="application/pdf")


def test_what_was_stored_is_read_back() -> None:
    stored = kept()

    assert files.read(stored) == CONTENT
    assert (stored.sha256, stored.size) == (sha256_hex(CONTENT), len(CONTENT))


def test_the_same_bytes_are_stored_once(folder: Path) -> None:
    assert kept() == kept()
    assert StoredFile.objects.count() == 1
    assert visible(folder) == [sha256_hex(CONTENT)]


def test_bytes_already_there_are_not_written_again() -> None:
    before = files.path_of(files.write(CONTENT)).stat()

    files.write(CONTENT)

    after = files.path_of(sha256_hex(CONTENT)).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_only_its_owner_reads_a_file() -> None:
    assert files.path_of(files.write(CONTENT)).stat().st_mode & 0o077 == 0


def test_a_missing_file_is_detected() -> None:
    stored = kept()
    files.path_of(stored.sha256).unlink()

    with pytest.raises(files.DamagedFileError, match="manque"):
        files.read(stored)


@pytest.mark.parametrize("damaged", [b"", CONTENT[:-1], CONTENT + b" ", CONTENT.swapcase()])
def test_a_damaged_file_is_detected_and_repaired_by_the_next_write(damaged: bytes) -> None:
    stored = kept()
    files.path_of(stored.sha256).write_bytes(damaged)

    with pytest.raises(files.DamagedFileError, match="altéré"):
        files.read(stored)

    files.write(CONTENT)
    assert files.read(stored) == CONTENT


def test_an_empty_file_is_refused() -> None:
    sha256 = files.write(b"")

    with pytest.raises(IntegrityError), transaction.atomic():
        files.keep(sha256, media_type="text/plain")


def test_no_row_without_its_file() -> None:
    with pytest.raises(FileNotFoundError):
        files.keep(sha256_hex(CONTENT), media_type="application/pdf")

    assert not StoredFile.objects.exists()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_process_killed_between_write_and_rename_leaves_nothing_visible(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files.Path, "rename", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    child = os.fork()
    if child == 0:
        files.write(CONTENT)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    monkeypatch.undo()

    assert visible(folder) == []
    assert len(list(folder.glob(f"*/{files.ASIDE}*"))) == 1
    assert files.read(kept()) == CONTENT


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_an_error_on_the_way_leaves_nothing_at_all(folder: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def breaks(*_: Any) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(files.os if step == "fsync" else files.Path, step, breaks)

    with pytest.raises(OSError, match="Input/output"):
        files.write(CONTENT)

    assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("step", ["mkstemp", "fsync"])
def test_a_full_disk_is_said_in_words_and_nothing_is_half_done(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, step: str
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(number, "full")

    monkeypatch.setattr(files.os if step == "fsync" else files.tempfile, step, full)

    with pytest.raises(files.DiskFullError, match="Le disque est plein"):
        files.write(CONTENT)

    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_file_that_arrives_is_seen_only_once_settled() -> None:
    with files.arriving(io.BytesIO(b"arrive")) as arrival:
        assert not files.path_of(arrival.sha256).exists()
        arrival.settle()
    assert (arrival.size, files.path_of(arrival.sha256).read_bytes()) == (6, b"arrive")


def test_what_is_not_settled_leaves_no_trace() -> None:
    with files.arriving(io.BytesIO(b"repart")) as arrival:
        pass
    assert not arrival.aside.exists()
    assert not files.path_of(arrival.sha256).exists()


@pytest.mark.django_db
def test_an_open_file_was_checked_against_its_address() -> None:
    stored = files.keep(files.write(b"ce qui est lu"), media_type="text/plain")
    with files.opened(stored) as stream:
        assert stream.read() == b"ce qui est lu"
    files.path_of(stored.sha256).write_bytes(b"autre chose")
    with pytest.raises(files.DamagedFileError, match="altéré"):
        files.opened(stored)
    files.path_of(stored.sha256).unlink()
    with pytest.raises(files.DamagedFileError, match="manque"):
        files.opened(stored)


def test_what_is_forgotten_leaves_no_row_and_once_committed_no_bytes(
    folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    stored = kept()

    with django_capture_on_commit_callbacks(execute=True):
        assert files.forget(stored)
        assert visible(folder) == [sha256_hex(CONTENT)]

    assert not StoredFile.objects.exists()
    assert visible(folder) == []


def test_bytes_kept_again_in_between_stay(folder: Path, django_capture_on_commit_callbacks: Any) -> None:
    stored = kept()

    with django_capture_on_commit_callbacks(execute=True):
        files.forget(stored)
        kept()

    assert visible(folder) == [sha256_hex(CONTENT)]


def test_what_another_row_names_is_not_forgotten(folder: Path) -> None:
    certificate = a_parchemin()
    assert certificate.pdf is not None

    assert not files.forget(certificate.pdf)

    assert files.read(certificate.pdf)
