"""Erasing what was delivered to a person once nothing justifies keeping it (R-JUR-7, R-REF-6, RGPD art. 17).

What is needed to answer whoever holds the paper stays: number, codes, fingerprint, dates, revocation. The content, the
files, and the reasons people wrote go. The procès-verbal and the journal are the acts themselves and are not touched.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from candidates.models import Candidate
from core import files, journal
from core.exceptions import InvalidInput, Refusal
from core.templatetags.fr import date_fr
from juries.models import Certificate, CertificateCopy
from juries.queries.certificate_lists import kept_until

GONE = "Motif effacé avec les données du titulaire."


def erase_delivered(candidate: Candidate, *, reason: str, by: User) -> int:
    """Erase the content and files of every certificate of ``candidate``; how many were.

    Raises Refusal while the règlement keeps one of them, or when there is nothing left to erase.
    """
    reason = reason.strip()
    if not reason:
        raise InvalidInput("Indiquez pourquoi ces documents sont effacés : le journal le garde.")
    with transaction.atomic():
        held = Certificate.objects.select_for_update(of=("self",)).filter(
            decision__enrolment__candidate=candidate, erased_at=None
        )
        certificates = list(held.select_related("decision__enrolment__referentiel__reglement", "pdf").order_by("pk"))
        if not certificates:
            raise Refusal("Rien de ce qui a été délivré à cette personne ne reste à effacer.")
        _refuse_while_kept(certificates)
        for certificate in certificates:
            _erase(certificate, reason=reason, by=by)
    return len(certificates)


def _refuse_while_kept(certificates: list[Certificate]) -> None:
    kept: list[date] = [until for one in certificates if (until := kept_until(one))]
    if kept and max(kept) > timezone.localdate():
        raise Refusal(
            f"Le règlement conserve ces documents jusqu’au {date_fr(max(kept))} : ils pourront être effacés ensuite."
        )


def _erase(certificate: Certificate, *, reason: str, by: User) -> None:
    copies = CertificateCopy.objects.filter(certificate=certificate).select_related("pdf")
    printed = [pdf for pdf in (certificate.pdf, *(copy.pdf for copy in copies)) if pdf]
    told = {"revocation_reason": GONE} if certificate.revoked_at else {}
    Certificate.objects.filter(pk=certificate.pk).update(
        content_json="",
        correction_reason="",
        pdf=None,
        erased_at=timezone.now(),
        erased_by=by,
        erasure_reason=reason,
        **told,
    )
    CertificateCopy.objects.filter(certificate=certificate).update(pdf=None, reason="")
    for stored in printed:
        files.forget(stored)
    data = {"number": certificate.number, "fingerprint": certificate.fingerprint}
    journal.record("certificate.erased", certificate, by=by, reason=reason, data=data)
