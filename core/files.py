"""Files on disk, under the address of their content. A row never commits before its file is safe on disk."""

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from core.fingerprints import sha256_hex
from core.models import StoredFile

CHUNK = 1 << 20
ASIDE = ".writing-"  # what a file is called until its bytes are safe


class DamagedFileError(Exception):
    """The bytes on disk are gone, or no longer what was stored."""


class DiskFullError(Exception):
    """There is no room left for the bytes."""


def path_of(sha256: str) -> Path:
    return Path(settings.FILES_DIR) / sha256[:2] / sha256


def write(content: bytes) -> str:
    """Put ``content`` on disk (written aside, synced, renamed) and return its SHA-256; safe to repeat.

    Bytes damaged since are replaced. Raises :class:`DiskFullError`; nothing is visible then.
    """
    sha256 = sha256_hex(content)
    path = path_of(sha256)
    if path.exists() and path.read_bytes() == content:
        return sha256
    try:
        _write_aside(path, content)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            message = f"Le disque est plein : {len(content)} octets n’ont pas pu être écrits."
            raise DiskFullError(message) from error
        raise
    return sha256


def _write_aside(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=ASIDE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).rename(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    _sync_directory(path.parent)
    _sync_directory(path.parent.parent)


@dataclass(frozen=True)
class Arrival:
    """A file that arrived and that nothing sees yet; ``settle`` puts it in its place, in the caller's transaction."""

    sha256: str
    size: int
    aside: Path

    def settle(self) -> None:
        path = path_of(self.sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.aside.rename(path)
        _sync_directory(path.parent)
        _sync_directory(path.parent.parent)


@contextmanager
def arriving(source: IO[bytes]) -> Iterator[Arrival]:
    """Copy ``source`` beside the files, safe on disk and hashed on the way, never whole in memory.

    What is not settled when the block ends leaves no trace. Raises :class:`DiskFullError`.
    """
    directory = Path(settings.FILES_DIR)
    directory.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=directory, prefix=ASIDE)
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            sha256 = _copied(source, file)
        yield Arrival(sha256, aside.stat().st_size, aside)
    finally:
        aside.unlink(missing_ok=True)


def _copied(source: IO[bytes], file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    source.seek(0)
    try:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError("Le disque est plein : le fichier n’a pas pu être écrit.") from error
        raise
    return digest.hexdigest()


def opened(file: StoredFile) -> IO[bytes]:
    """The stored bytes as an open file, checked against their address first; raises :class:`DamagedFileError`."""
    try:
        stream = path_of(file.sha256).open("rb")
    except FileNotFoundError as error:
        raise DamagedFileError(f"Le fichier {file.sha256} manque sur le disque.") from error
    if hashlib.file_digest(stream, "sha256").hexdigest() != file.sha256:
        stream.close()
        raise DamagedFileError(f"Le fichier {file.sha256} a été altéré sur le disque.")
    stream.seek(0)
    return stream


def keep(sha256: str, *, media_type: str) -> StoredFile:
    """The row of a file already written, created in the caller's transaction."""
    return StoredFile.objects.get_or_create(
        sha256=sha256,
        defaults={"size": path_of(sha256).stat().st_size, "media_type": media_type, "stored_at": timezone.now()},
    )[0]


def forget(file: StoredFile) -> bool:
    """Remove the row, in the caller's transaction, and the bytes once it commits; False when another row names them."""
    sha256 = file.sha256
    try:
        file.delete()
    except ProtectedError:
        return False
    transaction.on_commit(lambda: _unlink_unless_kept(sha256))
    return True


def _unlink_unless_kept(sha256: str) -> None:
    """The same bytes may have been kept again meanwhile."""
    if not StoredFile.objects.filter(pk=sha256).exists():
        path_of(sha256).unlink(missing_ok=True)


def read(file: StoredFile) -> bytes:
    """The stored bytes, checked against their address; raises :class:`DamagedFileError`."""
    try:
        content = path_of(file.sha256).read_bytes()
    except FileNotFoundError as error:
        raise DamagedFileError(f"Le fichier {file.sha256} manque sur le disque.") from error
    if sha256_hex(content) != file.sha256:
        raise DamagedFileError(f"Le fichier {file.sha256} a été altéré sur le disque.")
    return content


def is_whole(file: StoredFile) -> bool:
    """Whether its bytes are on disk as they were stored."""
    try:
        read(file)
    except DamagedFileError:
        return False
    return True


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
