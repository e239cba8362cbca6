"""Duplicata: the same act printed again from its frozen content, and marked so (R-JUR-7)."""

from uuid import UUID

from django.utils import timezone

from accounts.models import User
from core import jobs, journal
from core.exceptions import InvalidInput, Refusal
from core.operations import made_once
from juries.models import Certificate, CertificateCopy
from juries.tasks.certificates import CERTIFICATE_COPY


def issue_copy(certificate: Certificate, *, reason: str, by: User, operation: UUID | None = None) -> CertificateCopy:
    """One more duplicata, numbered from 1, with why it was asked; the same ``operation`` sent twice issues one.

    Raises Refusal for a certificate revoked or erased: nothing of it is printed again.
    """
    reason = reason.strip()
    if not reason:
        raise InvalidInput("Indiquez pourquoi ce duplicata est demandé.")

    def issue() -> CertificateCopy:
        locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
        if locked.erased_at:
            raise Refusal("Le contenu de ce certificat est effacé : aucun duplicata n’en est délivré.")
        if locked.revoked_at:
            raise Refusal("Ce certificat est révoqué : aucun duplicata n’en est délivré.")
        copy = CertificateCopy.objects.create(
            certificate=locked,
            rank=locked.copies.count() + 1,
            reason=reason,
            issued_at=timezone.now(),
            issued_by=by,
        )
        data = {"number": locked.number, "rank": copy.rank}
        journal.record("certificate.copy_issued", copy, by=by, reason=reason, data=data, operation=operation)
        label = f"Duplicata {copy.rank} de {locked.number}"
        jobs.order(CERTIFICATE_COPY, subject=str(copy.pk), evidence=str(copy.pk), label=label)
        return copy

    return made_once(CertificateCopy, issue, operation=operation, by=by)
