"""The key an installation makes for itself when it was given none: P-256, self-signed, named after the machine.

It proves that a file has not changed; it proves to nobody outside who signed it.
"""

import socket
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

YEARS = 10
NAME_LENGTH = 64  # what X.509 allows a name
SELF_SIGNED = "Certificat auto-signé, sans valeur hors de cette installation"


def own_key_file(*, passphrase: bytes, made_in: int) -> bytes:
    """A PKCS#12 file with a new key, believed from the year before ``made_in`` (a story has a past) for ten years."""
    private_key = ec.generate_private_key(ec.SECP256R1())
    encryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    certificate = _certificate(private_key, made_in)
    return pkcs12.serialize_key_and_certificates(b"parchemin", private_key, certificate, None, encryption)


def _certificate(private_key: ec.EllipticCurvePrivateKey, made_in: int) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, f"Parchemin sur {socket.gethostname()}"[:NAME_LENGTH]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, SELF_SIGNED[:NAME_LENGTH]),
        ]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(made_in - 1, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(made_in + YEARS, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signs_only(), critical=True)
        .sign(private_key, hashes.SHA256())
    )


def _signs_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
