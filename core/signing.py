"""PAdES signatures (B-B) with the certificateur's key, as incremental updates of a PDF/A-3a that stays one.

Nothing is fetched: no timestamp server, no revocation list. What is signed is checked by ``core.signatures``.
"""

import io
from datetime import datetime

from asn1crypto.keys import PrivateKeyInfo
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import SignatureObject, SimpleSigner
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko_certvalidator.registry import SimpleCertificateStore

from core.exceptions import Refusal
from core.signatures import DIGEST, SignatureState, asn1, check_signatures, finished, is_last_signature_intact
from core.signing_key import SigningKey, signing_key, trusted_certificates

# PDF/A wants a widget that prints; PDF/UA wants it out of the page unless it is tagged. It has no size either.
OUT_OF_THE_PAGE = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)
REST = 2048  # bytes: signed attributes, and a signature of up to RSA-8192


class CannotSign(Refusal):
    """This file cannot take this signature."""


def sign_pdf(pdf: bytes, *, field: str, signer_name: str, reason: str, location: str, at: datetime) -> bytes:
    """Return ``pdf`` followed by one more signature, in the new field ``field``; earlier ones stay valid.

    ``at`` is an aware instant, told by the file as the signing time. Raises ``SigningKeyRefused``, and ``CannotSign``
    when the field is taken, or when an earlier signature or the new one does not verify.
    """
    key = signing_key(at=at)
    trusted = trusted_certificates()
    _refuse_doubtful(check_signatures(pdf, trusted=trusted), field)
    writer = _Appender(io.BytesIO(pdf))
    writer.register_extension(ESIC_EXTENSION_1)
    described = SignatureObject(
        timestamp=at,
        subfilter=SigSeedSubFilter.PADES,
        name=signer_name,
        location=location,
        reason=reason,
        bytes_reserved=_room_for(key),
    )
    signed = _embedded(writer, field, f"Signature de {signer_name}", described, _signer(key))
    if not is_last_signature_intact(signed, trusted=trusted):
        raise CannotSign(
            "Ce document n’a pas été signé : la signature obtenue ne se vérifie pas. Rien n’a été gardé ; prévenez "
            "l’exploitant, la clé de signature est sans doute à remplacer."
        )
    return signed


class _Appender(IncrementalPdfFileWriter):
    def _update_meta(self) -> None:
        """Leave the metadata as they are: rewritten, they would lose the schema that PDF/A asks for PDF/UA."""


def _refuse_doubtful(states: tuple[SignatureState, ...], field: str) -> None:
    if any(state.field == field for state in states):
        raise CannotSign("Ce document porte déjà cette signature : il n’y a rien à signer de nouveau.")
    for state in states:
        if not state.is_intact:
            raise CannotSign(
                f"Ce document ne peut plus être signé, une signature qu’il porte n’est plus bonne. {state.problem} "
                "Prévenez l’exploitant : le fichier d’origine est à restaurer."
            )


def _signer(key: SigningKey) -> SimpleSigner:
    registry = SimpleCertificateStore.from_certs([asn1(certificate) for certificate in key.chain])
    private = key.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(asn1(key.certificate), PrivateKeyInfo.load(private), registry)


def _room_for(key: SigningKey) -> int:
    """How many digits hold the signature at most: its certificates, the issuer's name again, and the rest."""
    certificates = [len(certificate.public_bytes(Encoding.DER)) for certificate in (key.certificate, *key.chain)]
    return 2 * (certificates[0] + sum(certificates) + REST)


def _embedded(
    writer: IncrementalPdfFileWriter, field: str, label: str, described: SignatureObject, signer: SimpleSigner
) -> bytes:
    spec = SigFieldSpec(field, invis_sig_settings=OUT_OF_THE_PAGE, readable_field_name=label)
    steps = PdfCMSEmbedder(spec).write_cms(field, writer)
    next(steps)
    steps.send(SigObjSetup(described))
    prepared, output = steps.send(SigIOSetup(DIGEST))
    steps.send(finished(signer.async_sign(prepared.document_digest, DIGEST, use_pades=True)))
    signed: bytes = output.getvalue()
    return signed
