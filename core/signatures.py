"""What the signatures of a PDF are worth, strictly: a file we signed last is believed only byte for byte (R-JUR-5).

A signature covers the file but its own envelope; so the envelope must be the very one we write around what it signs.
"""

import asyncio
import hashlib
import io
from collections.abc import Collection, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms
from asn1crypto.x509 import Certificate as Asn1Certificate
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.signers import ExternalSigner
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator.registry import SimpleCertificateStore

DIGEST = "sha256"
MARK = b"/ByteRange ["

UNREADABLE = "Le fichier est endommagé : il ne se lit plus comme le PDF qui a été signé."
HIDDEN = "Le fichier est endommagé : il porte une signature qui ne se retrouve plus dans ses champs."
UNCOVERED = "La signature ne couvre pas tout le fichier qui la précède."
ADDED = "Le fichier a été complété après sa dernière signature."
CHANGED = "Le fichier a été modifié depuis cette signature."
ENVELOPE = "L’enveloppe de la signature a été modifiée."
UNKNOWN = "Le certificat de cette signature n’est pas de ceux que le certificateur a déclarés."
OUT_OF_DATE = "Le certificat n’était pas valable à la date que porte la signature."


@dataclass(frozen=True, slots=True)
class SignatureState:
    """One signature of a file. ``problem`` is a French sentence, empty when the signature is intact.

    ``field`` is empty when the file is too damaged to say which signature it was.
    """

    field: str
    signer: str
    signed_at: datetime | None
    is_intact: bool
    problem: str = ""


def check_signatures(pdf: bytes, *, trusted: Collection[x509.Certificate]) -> tuple[SignatureState, ...]:
    """Every signature of ``pdf``, in the order they were made; none when it carries none.

    The caller knows which fields it expects: a file whose signatures were all taken away is an unsigned file.
    Any byte changed, added or inserted anywhere leaves at least one of them not intact.
    """
    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    except Exception:  # A damaged file fails anywhere in the parser, with anything.
        return (SignatureState("", "", None, is_intact=False, problem=UNREADABLE),)
    believed = frozenset(certificate.public_bytes(Encoding.DER) for certificate in trusted)
    states = [_state(pdf, signature, believed, is_last=signature is found[-1]) for signature in found]
    if pdf.count(MARK) != len(found):
        states.append(SignatureState("", "", None, is_intact=False, problem=HIDDEN))
    return tuple(states)


def is_last_signature_intact(pdf: bytes, *, trusted: Collection[x509.Certificate]) -> bool:
    """Whether the last signature of a file just signed is good, the earlier ones having been checked before."""
    found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    believed = frozenset(certificate.public_bytes(Encoding.DER) for certificate in trusted)
    return bool(found) and _state(pdf, found[-1], believed, is_last=True).is_intact


def _state(pdf: bytes, signature: EmbeddedPdfSignature, believed: frozenset[bytes], *, is_last: bool) -> SignatureState:
    try:
        problem = _problem(pdf, signature, believed, is_last=is_last)
    except Exception:  # As above: what cannot be read back was changed.
        problem = CHANGED
    try:
        signer, signed_at = str(signature.sig_object.get("/Name", "")), signature.self_reported_timestamp
    except Exception:  # As above: whatever it is, the file is not what was signed.
        signer, signed_at, problem = "", None, problem or CHANGED
    return SignatureState(signature.field_name, signer, signed_at, is_intact=not problem, problem=problem)


def _problem(pdf: bytes, signature: EmbeddedPdfSignature, believed: frozenset[bytes], *, is_last: bool) -> str:
    start, gap, resumed, length = (int(number) for number in signature.byte_range)
    end = resumed + length
    if start or not 0 < gap < resumed or pdf[gap : gap + 1] != b"<" or pdf[resumed - 1 : resumed] != b">":
        return UNCOVERED
    if is_last and end != len(pdf):
        return ADDED
    if not _is_sound(signature, pdf[:gap] + pdf[resumed:end]) or not (is_last or _only_signed_since(signature)):
        return CHANGED
    if pdf[gap + 1 : resumed - 1] != _envelope(signature, room=resumed - gap - 2):
        return ENVELOPE
    return _problem_of_certificates(signature, believed)


def _problem_of_certificates(signature: EmbeddedPdfSignature, believed: frozenset[bytes]) -> str:
    """Those that came with the signature are not signed: each must be, to the byte, one that is believed."""
    certificate, at = signature.signer_cert, signature.self_reported_timestamp
    if not {found.dump() for found in (certificate, *signature.other_embedded_certs)} <= believed:
        return UNKNOWN
    is_valid = at is not None and certificate.not_valid_before <= at <= certificate.not_valid_after
    return "" if is_valid else OUT_OF_DATE


def _is_sound(signature: EmbeddedPdfSignature, signed: bytes) -> bool:
    digest = hashlib.sha256(signed).digest()
    return all(validate_sig_integrity(signature.signer_info, signature.signer_cert, "data", digest))


def _envelope(signature: EmbeddedPdfSignature, *, room: int) -> bytes:
    """The digits we would have written around what is signed, padding included: nothing else is left to change."""
    info = signature.signer_info
    signer = ExternalSigner(
        signature.signer_cert,
        SimpleCertificateStore.from_certs(signature.other_embedded_certs),
        info["signature"].native,
    )
    attributes: cms.CMSAttributes = info["signed_attrs"].untag()
    written = finished(signer.async_sign_prescribed_attributes(DIGEST, attributes))
    content: bytes = written.dump()
    return content.hex().upper().encode().ljust(room, b"0")


def _only_signed_since(signature: EmbeddedPdfSignature) -> bool:
    """Whether later revisions did nothing but sign."""
    signature.compute_integrity_info()
    change = signature.diff_result
    return isinstance(change, DiffResult) and change.modification_level <= ModificationLevel.FORM_FILLING


def asn1(certificate: x509.Certificate) -> Asn1Certificate:
    """The certificate as pyHanko reads it."""
    return Asn1Certificate.load(certificate.public_bytes(Encoding.DER))


def finished(coroutine: Coroutine[Any, Any, cms.ContentInfo]) -> cms.ContentInfo:
    """The result of a coroutine of pyHanko, in a loop of its own: the caller's thread may already be running one."""
    with ThreadPoolExecutor(max_workers=1) as aside:
        return aside.submit(asyncio.run, coroutine).result()
