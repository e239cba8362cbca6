"""Rectificatif: a document delivered again under a new number, because it did not name its holder rightly (R-JUR-7).

The decision stands, so no jury is asked: only what the civil status says changes. The former is revoked in the same
transaction, and says which document takes its place.
"""

from uuid import UUID

from django.utils import timezone

from accounts.models import User
from core.exceptions import InvalidInput, Refusal
from core.operations import made_once
from juries.certificate_content import CertificateContent
from juries.enums import SessionState
from juries.models import Certificate, Delivery
from juries.queries.certificates import delivery_content, holder_content, verification_content
from juries.queries.deliveries import missing_to_deliver
from juries.services.issuing import Numbered, locked_delivery, numbers_from, write_certificate
from juries.services.locking import locked_in
from juries.services.revoking import mark_revoked


def rectify_certificate(
    certificate: Certificate, *, reason: str, by: User, operation: UUID | None = None
) -> Certificate:
    """The document that takes the place of ``certificate``, bearing the civil status as it now stands.

    Raises Refusal when the former is no longer valid or names its holder as their file does; the same ``operation``
    sent twice delivers one.
    """
    reason = reason.strip()
    if not reason:
        raise InvalidInput("Indiquez ce qui était inexact : le journal le garde.")

    def rectify() -> Certificate:
        assert certificate.decision.session is not None  # it was taken
        session = locked_in(certificate.decision.session, SessionState.PUBLISHED)
        delivery = locked_delivery(session)
        former = (
            Certificate.objects.select_for_update(of=("self",)).select_related("certification").get(pk=certificate.pk)
        )
        _refuse_unless_standing(former)
        if missing := missing_to_deliver(session.referentiel):
            raise Refusal(" ".join(missing))
        assert delivery is not None  # else it would be missing
        now = timezone.now()
        numbered = next(numbers_from(former.certification, at=now))
        content = _corrected(former, numbered, delivery, issued_on=timezone.localdate(now).isoformat())
        mark_revoked(former, reason=f"Remplacé par le rectificatif {numbered.number}. {reason}", by=by)
        return write_certificate(
            numbered,
            content=content,
            kind=former.kind,
            decision=former.decision,
            bloc_number=former.bloc_number,
            certification=former.certification,
            issued_at=now,
            issued_by=by,
            replaces=former,
            correction_reason=reason,
            operation=operation,
        )

    return made_once(Certificate, rectify, operation=operation, by=by)


def _refuse_unless_standing(former: Certificate) -> None:
    following = Certificate.objects.filter(replaces=former).values_list("number", flat=True).first()
    if following:
        raise Refusal(f"Ce certificat est déjà remplacé par le rectificatif {following} : rectifiez plutôt celui-ci.")
    if former.erased_at:
        raise Refusal("Le contenu de ce certificat est effacé : il ne peut plus être rectifié.")
    if former.revoked_at:
        raise Refusal("Ce certificat est révoqué : aucun rectificatif n’en est délivré.")
    if former.content["holder"] == holder_content(former.decision):
        raise Refusal(
            "Ce certificat porte déjà l’état civil du dossier. Corrigez d’abord l’état civil du candidat, d’après sa "
            "pièce d’identité, puis délivrez le rectificatif."
        )


def _corrected(former: Certificate, numbered: Numbered, delivery: Delivery, *, issued_on: str) -> CertificateContent:
    """What the former bears, but for its number, its holder's civil status, who signs today, and what it replaces."""
    content: CertificateContent = former.content
    return {
        **content,
        "number": numbered.number,
        "holder": holder_content(former.decision),
        "delivery": delivery_content(delivery, issued_on=issued_on),
        "verification": verification_content(code=numbered.code, token=numbered.token),
        "replaces": {"number": former.number, "issued_on": content["delivery"]["issued_on"]},
    }
