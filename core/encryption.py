"""Encryption at rest, with keys that only the environment knows."""

import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class UndecipherableError(Exception):
    """The text was written with a key that is no longer among ``ENCRYPTION_KEYS``."""


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])


def derived_keys(purpose: str) -> dict[str, bytes]:
    """For each of ``ENCRYPTION_KEYS``, newest first, a 256-bit key that serves ``purpose`` only, under its identifier.

    Deriving again gives the same keys; none tells anything of another or of the key it comes from.
    """
    keys = {}
    for key in settings.ENCRYPTION_KEYS:
        secret = HKDF(hashes.SHA256(), length=32, salt=None, info=purpose.encode()).derive(key.encode())
        keys[hashlib.sha256(b"identifier:" + secret).hexdigest()[:16]] = secret
    return keys


def encrypt(text: str) -> str:
    """``text`` as a token; the same text gives a different token each time."""
    return _cipher().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text of a token made by :func:`encrypt`; raises :class:`UndecipherableError` without its key."""
    try:
        return _cipher().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise UndecipherableError("La clé de chiffrement qui a servi à écrire ce texte est absente.") from error
