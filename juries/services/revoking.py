"""Revoking what was delivered: by a person, with a reason, or because a later decision takes its place (R-JUR-7)."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import jobs, journal
from core.exceptions import InvalidInput, Refusal
from core.templatetags.fr import date_fr
from juries.models import Certificate, Decision, JurySession
from juries.tasks.notices import REVOKED


def revoke_certificate(certificate: Certificate, *, reason: str, by: User) -> None:
    """Say for good, with a reason, that it is worth nothing any more, and let its holder know that there is to read.

    Raises Refusal when that is already said.
    """
    reason = reason.strip()
    if not reason:
        raise InvalidInput("Indiquez pourquoi ce certificat est révoqué : le journal le garde.")
    with transaction.atomic():
        locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
        if locked.revoked_at:
            raise Refusal(f"Ce certificat est déjà révoqué, depuis le {date_fr(locked.revoked_at)}.")
        mark_revoked(locked, reason=reason, by=by)
        _let_the_holder_know(locked.decision.enrolment_id, evidence=locked.pk)


def revoke_what_no_longer_stands(session: JurySession, *, by: User) -> None:
    """Revoke, in the transaction that publishes ``session``, what rested on decisions it takes the place of.

    A later jury leaves what an earlier one granted; only a re-examination questions it. A parchemin then falls, to be
    issued again if the candidate is certified again; an attestation falls unless its bloc is acknowledged again. One
    that is adjourned questions nothing yet.
    """
    again = session.candidacies.filter(reexamines__isnull=False).select_related("reexamines__session")
    for candidacy in again:
        decision = session.decisions.taken().get(enrolment=candidacy.enrolment_id)
        if decision.postpones_id:
            continue
        assert candidacy.reexamines is not None
        resting = Certificate.objects.valid().filter(decision__in=_line_of(candidacy.reexamines))
        fallen = list(resting.exclude(bloc_number__in=decision.blocs).order_by("number"))
        for certificate in fallen:
            reason = f"La décision dont il procède est remplacée par celle de la session « {session.name} »."
            mark_revoked(certificate, reason=reason, by=by)
        if fallen:
            _let_the_holder_know(candidacy.enrolment_id, evidence=session.pk)


def _let_the_holder_know(enrolment: UUID, *, evidence: UUID) -> None:
    """One notice, however many fall at once; who has no account is told by other means."""
    jobs.order(REVOKED, subject=str(enrolment), evidence=str(evidence), label="Avis de certificat révoqué")


def _line_of(decision: Decision) -> list[Decision]:
    """A decision, the one it re-examined if any, and so on."""
    line = [decision]
    while earlier := _re_examined_by(line[-1]):
        line.append(earlier)
    return line


def _re_examined_by(decision: Decision) -> Decision | None:
    assert decision.session is not None  # taken
    candidacy = decision.session.candidacies.select_related("reexamines__session").get(enrolment=decision.enrolment_id)
    return candidacy.reexamines


def mark_revoked(certificate: Certificate, *, reason: str, by: User) -> None:
    """Revoke a certificate that is locked and valid."""
    Certificate.objects.filter(pk=certificate.pk).update(
        revoked_at=timezone.now(), revoked_by=by, revocation_reason=reason
    )
    journal.record("certificate.revoked", certificate, by=by, reason=reason, data={"number": certificate.number})
