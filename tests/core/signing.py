"""Keys and certificates for the tests of signatures, and another tool that signs."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

AT = datetime(2026, 3, 12, 14, 30, tzinfo=UTC)
BEGINS, ENDS = datetime(2025, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
PASSPHRASE = "phrase-secrète-42"
ELSEWHERE = "http://192.0.2.1/ocsp"  # an address of documentation: nothing answers there

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def curve() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Holder:
    """Somebody with a key and the certificate an issuer gave them."""

    key: Key
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def packed(self) -> bytes:
        """The PKCS#12 file, under ``PASSPHRASE``."""
        encryption = BestAvailableEncryption(PASSPHRASE.encode())
        return pkcs12.serialize_key_and_certificates(b"k", self.key, self.certificate, self.chain, encryption)

    def written(self, path: Path) -> Path:
        path.write_bytes(self.packed())
        return path


def holder(
    name: str = "Certificateur",
    *,
    begins: datetime = BEGINS,
    ends: datetime = ENDS,
    issuer: Holder | None = None,
    make: Callable[[], Key] = curve,
    signs: bool = True,
) -> Holder:
    key = make()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    ocsp = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(ELSEWHERE))
    usage = dict.fromkeys(("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.AuthorityInformationAccess([ocsp]), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=signs,
                content_commitment=signs,
                key_encipherment=not signs,
                data_encipherment=False,
                **usage,
            ),
            critical=True,
        )
        .sign(issuer.key if issuer else key, hashes.SHA256())
    )
    return Holder(key, certificate, (issuer.certificate,) if issuer else ())


def signed_elsewhere(pdf: bytes, someone: Holder, *, field: str) -> bytes:
    """Signed with the same key by a tool that refuses nothing, at the time of the clock."""
    signer = signers.SimpleSigner.load_pkcs12_data(someone.packed(), [], PASSPHRASE.encode())
    asked = signers.PdfSignatureMetadata(field_name=field, subfilter=fields.SigSeedSubFilter.PADES)
    made: bytes = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), asked, signer=signer).getvalue()
    return made
