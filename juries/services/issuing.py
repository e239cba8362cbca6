"""Delivering what the published decisions of a session give a right to, once (R-JUR-7).

Rows are locked in one order everywhere: session, délivrance (it serialises the numbers), certificates, and the end of
the journal last.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from core import jobs, journal
from core.exceptions import Refusal
from core.fingerprints import canonical_json, sha256_hex
from juries.certificate_content import CertificateContent
from juries.codes import new_code, new_token, number_of
from juries.enums import CertificateKind, SessionState
from juries.models import Certificate, Delivery, JurySession
from juries.queries.certificates import Delivered, certificates_due
from juries.queries.deliveries import missing_to_deliver
from juries.services.locking import locked_in
from juries.services.revoking import revoke_what_no_longer_stands
from juries.tasks.certificates import CERTIFICATE
from referentiel.models import Certification


def issue_certificates(session: JurySession, *, by: User) -> list[Certificate]:
    """Issue what is due for a published session and was not yet; none when all is. Raises Refusal."""
    with transaction.atomic():
        locked = locked_in(session, SessionState.PUBLISHED)
        delivery = locked_delivery(locked)
        if missing := missing_to_deliver(locked.referentiel):
            raise Refusal(" ".join(missing))
        assert delivery is not None  # else it would be missing
        return _issue(locked, delivery, by=by)


@contextmanager
def delivering(session: JurySession, *, by: User) -> Iterator[None]:
    """Publish inside: what no longer stands is then revoked, what is due is issued if its mentions are written.

    One transaction with the publication. What could not be issued waits for somebody to ask from the session's page.
    """
    with transaction.atomic():
        locked = JurySession.objects.select_for_update().get(pk=session.pk)
        delivery = locked_delivery(locked)
        held = Certificate.objects.valid().filter(decision__enrolment__candidacies__session=locked)
        list(held.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
        yield
        locked.refresh_from_db(fields=["published_at"])
        revoke_what_no_longer_stands(locked, by=by)
        if delivery and not missing_to_deliver(locked.referentiel):
            _issue(locked, delivery, by=by)


def locked_delivery(session: JurySession) -> Delivery | None:
    """The row that serialises the numbers of a certification."""
    return Delivery.objects.select_for_update().filter(certification=session.referentiel.certification_id).first()


def _issue(session: JurySession, delivery: Delivery, *, by: User) -> list[Certificate]:
    now = timezone.now()
    certification, numbers = session.referentiel.certification, numbers_from(session.referentiel.certification, at=now)
    delivered = Delivered(session, delivery, at=now)
    return [
        write_certificate(
            numbered,
            content=delivered.content(due, number=numbered.number, code=numbered.code, token=numbered.token),
            kind=due.kind,
            decision=due.decision,
            bloc_number=due.bloc,
            certification=certification,
            issued_at=now,
            issued_by=by,
        )
        for due, numbered in zip(certificates_due(session), numbers, strict=False)  # the numbers have no end
    ]


@dataclass(frozen=True)
class Numbered:
    """A number, with what verifies it."""

    year: int
    sequence: int
    number: str
    code: str
    token: str


def numbers_from(certification: Certification, *, at: datetime) -> Iterator[Numbered]:
    """The numbers that follow the last one given this year, one after the other; the délivrance must be locked."""
    year = timezone.localdate(at).year
    numbered = Certificate.objects.filter(certification=certification, year=year)
    last = numbered.aggregate(last=Max("sequence"))["last"] or 0
    for sequence in count(last + 1):
        yield Numbered(year, sequence, number_of(certification.rncp_code, year, sequence), new_code(), new_token())


def write_certificate(
    numbered: Numbered, *, content: CertificateContent, operation: UUID | None = None, **fields: Any
) -> Certificate:
    """Write the act under its number, journal it and order its PDF. ``fields`` are those of Certificate."""
    frozen = canonical_json(content)
    certificate = Certificate.objects.create(
        **asdict(numbered), content_json=frozen, fingerprint=sha256_hex(frozen), **fields
    )
    replaced = {"replaces": certificate.replaces.number} if certificate.replaces else {}
    data = {
        "kind": certificate.kind,
        "number": certificate.number,
        "bloc": certificate.bloc_number,
        "decision": str(certificate.decision_id),
        "fingerprint": certificate.fingerprint,
        **replaced,
    }
    by, reason = certificate.issued_by, certificate.correction_reason
    journal.record("certificate.issued", certificate, by=by, reason=reason, data=data, operation=operation)
    label = f"{CertificateKind(certificate.kind).label} {certificate.number}"
    jobs.order(CERTIFICATE, subject=str(certificate.pk), evidence=certificate.fingerprint, label=label)
    return certificate
