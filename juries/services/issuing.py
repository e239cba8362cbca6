"""Delivering what the published decisions of a session give a right to, once (R-JUR-7).

Rows are locked in one order everywhere: session, délivrance (it serialises the numbers), certificates, and the end of
the journal last.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from core import jobs, journal
from core.exceptions import Refusal
from core.fingerprints import canonical_json, sha256_hex
from juries.codes import new_code, new_token, number_of
from juries.enums import SessionState
from juries.models import Certificate, Delivery, JurySession
from juries.queries.certificates import Delivered, Due, certificates_due
from juries.queries.deliveries import missing_to_deliver
from juries.services.locking import locked_in
from juries.services.revoking import revoke_what_no_longer_stands
from juries.tasks.certificates import CERTIFICATE


def issue_certificates(session: JurySession, *, by: User) -> list[Certificate]:
    """Issue what is due for a published session and was not yet; none when all is. Raises Refusal."""
    with transaction.atomic():
        locked = locked_in(session, SessionState.PUBLISHED)
        delivery = _locked_delivery(locked)
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
        delivery = _locked_delivery(locked)
        held = Certificate.objects.valid().filter(decision__enrolment__candidacies__session=locked)
        list(held.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
        yield
        locked.refresh_from_db(fields=["published_at"])
        revoke_what_no_longer_stands(locked, by=by)
        if delivery and not missing_to_deliver(locked.referentiel):
            _issue(locked, delivery, by=by)


def _locked_delivery(session: JurySession) -> Delivery | None:
    return Delivery.objects.select_for_update().filter(certification=session.referentiel.certification_id).first()


def _issue(session: JurySession, delivery: Delivery, *, by: User) -> list[Certificate]:
    now = timezone.now()
    year = timezone.localdate(now).year
    numbered = Certificate.objects.filter(certification=delivery.certification_id, year=year)
    last = numbered.aggregate(last=Max("sequence"))["last"] or 0
    delivered = Delivered(session, delivery, at=now)
    return [
        _issue_one(due, delivered, year=year, sequence=sequence, by=by)
        for sequence, due in enumerate(certificates_due(session), start=last + 1)
    ]


def _issue_one(due: Due, delivered: Delivered, *, year: int, sequence: int, by: User) -> Certificate:
    certification = delivered.session.referentiel.certification
    number, code, token = number_of(certification.rncp_code, year, sequence), new_code(), new_token()
    content = canonical_json(delivered.content(due, number=number, code=code, token=token))
    certificate = Certificate.objects.create(
        kind=due.kind,
        decision=due.decision,
        bloc_number=due.bloc,
        certification=certification,
        year=year,
        sequence=sequence,
        number=number,
        code=code,
        token=token,
        content_json=content,
        fingerprint=sha256_hex(content),
        issued_at=delivered.at,
        issued_by=by,
    )
    data = {
        "kind": due.kind,
        "number": number,
        "bloc": due.bloc,
        "decision": str(due.decision.pk),
        "fingerprint": certificate.fingerprint,
    }
    journal.record("certificate.issued", certificate, by=by, data=data)
    jobs.order(
        CERTIFICATE, subject=str(certificate.pk), evidence=certificate.fingerprint, label=f"{due.kind.label} {number}"
    )
    return certificate
