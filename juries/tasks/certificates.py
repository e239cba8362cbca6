"""What a runner does: print and sign what was delivered, once, from its frozen content (R-JUR-7)."""

from typing import Any

from django.utils import timezone

from core import files, journal
from core.jobs import Effect, handles
from core.models import Job
from core.signing import sign_pdf
from juries.certificate_document import certificate_pdf
from juries.models import Certificate, CertificateCopy

CERTIFICATE = "certificate"
CERTIFICATE_COPY = "certificate_copy"
FIELD = "Certificateur"


@handles(CERTIFICATE)
def print_certificate(job: Job) -> Effect:
    """The signed PDF of a certificate; a job done twice keeps the first, and nothing is printed of one erased."""
    certificate = Certificate.objects.get(pk=job.subject)
    if certificate.pdf_id or certificate.erased_at:
        return lambda: {"pdf": certificate.pdf_id}
    content = certificate.content
    pdf = _signed(certificate_pdf(content, fingerprint=certificate.fingerprint), certificate)

    def effect() -> dict[str, Any]:
        locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
        if locked.pdf_id is None and locked.erased_at is None:
            sha256 = files.write(pdf)
            Certificate.objects.filter(pk=locked.pk).update(pdf=files.keep(sha256, media_type="application/pdf"))
            journal.record("certificate.signed", locked, by=None, data={"number": locked.number, "pdf": sha256})
            return {"pdf": sha256}
        return {"pdf": locked.pdf_id}

    return effect


@handles(CERTIFICATE_COPY)
def print_copy(job: Job) -> Effect:
    """The signed PDF of a duplicata, marked so."""
    copy = CertificateCopy.objects.select_related("certificate").get(pk=job.subject)
    if copy.pdf_id or copy.certificate.erased_at:
        return lambda: {"pdf": copy.pdf_id}
    certificate = copy.certificate
    printed = certificate_pdf(
        certificate.content,
        fingerprint=certificate.fingerprint,
        copy=(copy.rank, timezone.localdate(copy.issued_at).isoformat()),
    )
    pdf = _signed(printed, certificate)

    def effect() -> dict[str, Any]:
        erased = Certificate.objects.select_for_update().get(pk=certificate.pk).erased_at
        locked = CertificateCopy.objects.select_for_update().get(pk=copy.pk)
        if locked.pdf_id is None and erased is None:
            sha256 = files.write(pdf)
            CertificateCopy.objects.filter(pk=locked.pk).update(pdf=files.keep(sha256, media_type="application/pdf"))
            data = {"number": certificate.number, "rank": copy.rank, "pdf": sha256}
            journal.record("certificate.copy_signed", locked, by=None, data=data)
            return {"pdf": sha256}
        return {"pdf": locked.pdf_id}

    return effect


def _signed(pdf: bytes, certificate: Certificate) -> bytes:
    """With the certificateur's key; raises SigningKeyRefused, whose sentence « Travaux » shows."""
    delivery = certificate.content["delivery"]
    return sign_pdf(
        pdf,
        field=FIELD,
        signer_name=delivery["legal_name"],
        reason=f"Délivrance : {certificate.get_kind_display().lower()} n° {certificate.number}",
        location=delivery["place"],
        at=timezone.now(),
    )
