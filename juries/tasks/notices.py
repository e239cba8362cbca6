"""What a runner does: the notices that lead people to what they may read, and tell nothing of it (R-JUR-6, R-JUR-8)."""

from typing import Any

from accounts.models import User
from candidates.models import Enrolment
from core.jobs import Effect, handles
from core.mail import address_of, nothing_to_send, send_once
from core.models import Job
from juries.models import Decision

RESULT = "result_notice"
REVOKED = "certificate_revoked_notice"


@handles(RESULT)
def tell_of_the_result(job: Job) -> Effect:
    """The candidate of a published decision learns that there is one to read."""
    decision = Decision.objects.public().get(pk=job.subject)
    enrolment = _enrolment(decision.enrolment_id)
    link = address_of("juries:result", enrolment.pk)
    return written_to(enrolment.candidate.user, job, "emails/result_published.txt", enrolment, link=link)


@handles(REVOKED)
def tell_of_a_revocation(job: Job) -> Effect:
    """The holder learns that what was delivered to them has changed; which, and how, is read where they log in."""
    enrolment = _enrolment(job.subject)
    link = address_of("juries:enrolment_certificates", enrolment.pk)
    return written_to(enrolment.candidate.user, job, "emails/certificate_changed.txt", enrolment, link=link)


def _enrolment(pk: Any) -> Enrolment:
    found: Enrolment = Enrolment.objects.select_related("candidate__user", "referentiel__certification").get(pk=pk)
    return found


def written_to(user: User | None, job: Job, template: str, enrolment: Enrolment, **context: Any) -> Effect:
    """A message about ``enrolment``, to somebody who can still log in and read what it leads to."""
    if user is None or not user.is_active:
        return nothing_to_send("Le compte est fermé.")
    certification = enrolment.referentiel.certification
    told = {"certification": certification.title, "certifier": certification.certifier, **context}
    return send_once(job, to=user.email, template=template, context=told)
