"""The certificateur's key, a PKCS#12 file, and the certificates whose signatures are believed (R-JUR-5, R-JUR-7)."""

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from django.conf import settings
from django.utils import timezone

from core.exceptions import Refusal
from core.signing_own_key import own_key_file
from core.templatetags.fr import datetime_fr

OWN_KEY = "signing-key.p12"

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class SigningKeyRefused(Refusal):
    """Nothing can be signed with the key as it is installed; the sentence says what to do, never the passphrase."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, its certificate, and the authorities' certificates that came with it."""

    private_key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def subject(self) -> str:
        """Who signs, as the certificate names them."""
        return self.certificate.subject.rfc4514_string()

    @property
    def is_self_signed(self) -> bool:
        """Nobody but its holder vouches for this key."""
        return self.certificate.issuer == self.certificate.subject


def signing_key(*, at: datetime) -> SigningKey:
    """The key to sign with at the instant ``at``, its certificate being valid then.

    Its certificates join the believed ones before it signs anything. Raises :class:`SigningKeyRefused`.
    """
    path = Path(settings.SIGNING_KEY_FILE) if settings.SIGNING_KEY_FILE else _own_key()
    try:
        modified = path.stat().st_mtime_ns
        key = _opened(path, modified, settings.SIGNING_KEY_PASSPHRASE)
    except OSError:
        raise SigningKeyRefused(
            "La clé de signature est introuvable ou illisible. Demandez à l’exploitant de vérifier le fichier PKCS#12 "
            "que désigne SIGNING_KEY_FILE, et les droits pour le lire."
        ) from None
    _refuse_outside_validity(key.certificate, at)
    for certificate in (key.certificate, *key.chain):
        _remember(certificate)
    return key


@lru_cache(maxsize=4)
def _opened(path: Path, _modified: int, passphrase: str) -> SigningKey:
    """Opening costs thousands of hashes by design: once per process, again when the file changes."""
    try:
        private_key, certificate, others = pkcs12.load_key_and_certificates(
            path.read_bytes(), passphrase.encode() or None
        )
    except ValueError:
        raise SigningKeyRefused(
            "La clé de signature ne s’ouvre pas : sa phrase secrète est fausse, ou le fichier n’est pas un PKCS#12 "
            "intact. Demandez à l’exploitant de vérifier SIGNING_KEY_FILE et SIGNING_KEY_PASSPHRASE."
        ) from None
    if certificate is None or not isinstance(private_key, PrivateKey) or not _may_sign(certificate):
        raise SigningKeyRefused(
            "La clé de signature ne convient pas : il faut un fichier PKCS#12 avec une clé ECDSA ou RSA et son "
            "certificat, fait pour signer. Demandez à l’exploitant d’en installer un autre."
        )
    chain = tuple(other for other in dict.fromkeys(others) if other != certificate)  # a « fullchain » holds it again
    return SigningKey(private_key, certificate, chain)


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _refuse_outside_validity(certificate: x509.Certificate, at: datetime) -> None:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if at > ends:
        raise SigningKeyRefused(
            f"Le certificat de signature a expiré le {datetime_fr(ends)} : rien ne peut plus être signé. "
            "Demandez à l’exploitant d’installer la clé qui le remplace ; ce qui est déjà signé le reste."
        )
    if at < begins:
        raise SigningKeyRefused(
            f"Le certificat de signature ne sera valable que le {datetime_fr(begins)} : rien ne peut être signé avant. "
            "Attendez cette date, ou demandez à l’exploitant d’installer une clé déjà valable."
        )


def trusted_certificates() -> tuple[x509.Certificate, ...]:
    """Every certificate this installation has signed with, and those put in ``SIGNING_TRUSTED_DIR`` by hand.

    Raises :class:`SigningKeyRefused` when one of its files cannot be read.
    """
    paths = sorted(Path(settings.SIGNING_TRUSTED_DIR).glob("*.pem"))
    try:
        return tuple(found for path in paths for found in _certificates(path, path.stat().st_mtime_ns))
    except (OSError, ValueError):
        raise SigningKeyRefused(
            "Un certificat du dossier SIGNING_TRUSTED_DIR est illisible, et aucune signature ne peut être vérifiée "
            "sans lui. Demandez à l’exploitant de le remplacer ou de le retirer."
        ) from None


@lru_cache(maxsize=64)
def _certificates(path: Path, _modified: int) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_pem_x509_certificates(path.read_bytes()))


def _remember(certificate: x509.Certificate) -> None:
    """Keep the certificate, so that what it signs still verifies once the key is replaced."""
    path = Path(settings.SIGNING_TRUSTED_DIR) / f"{certificate.fingerprint(hashes.SHA256()).hex()}.pem"
    try:
        if not path.exists():
            _put(path, certificate.public_bytes(Encoding.PEM))
    except OSError:
        raise SigningKeyRefused(
            "Le certificat de signature ne peut pas être conservé, et ce qu’il signerait deviendrait invérifiable. "
            "Demandez à l’exploitant d’ouvrir en écriture le dossier que désigne SIGNING_TRUSTED_DIR."
        ) from None


def _own_key() -> Path:
    path = Path(settings.DATA_DIR) / OWN_KEY
    if not path.exists():
        passphrase = settings.SIGNING_KEY_PASSPHRASE.encode()
        _put(path, own_key_file(passphrase=passphrase, made_in=timezone.now().year))
    return path


def _put(path: Path, content: bytes) -> None:
    """Write a file of mode 0600, whole or not at all; when another process was first, theirs stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(aside)
    except FileExistsError:
        pass
    finally:
        Path(aside).unlink(missing_ok=True)
