"""What a runner does: the notices of an appeal, which lead to its page and say nothing of it (R-JUR-8)."""

from uuid import UUID

from accounts.models import User
from core.jobs import Effect, handles
from core.mail import address_of, nothing_to_send
from core.models import Job
from juries.models import Appeal
from juries.tasks.notices import written_to

RECEIVED = "appeal_received"
TO_ASSIGN = "appeal_to_assign"
ASSIGNED = "appeal_assigned"
REASSIGNED = "appeal_reassigned"
ANSWERED = "appeal_answered"
WITHDRAWN = "appeal_withdrawn"


@handles(RECEIVED)
def acknowledge(job: Job) -> Effect:
    """To the candidate: it was received."""
    return _to_candidate(job, "emails/appeal_received.txt")


@handles(ANSWERED)
def tell_it_is_answered(job: Job) -> Effect:
    """To the candidate: there is an answer to read."""
    return _to_candidate(job, "emails/appeal_answered.txt")


@handles(TO_ASSIGN)
def call_for_somebody(job: Job) -> Effect:
    """To a gestionnaire: an appeal waits for somebody to instruct it."""
    return _to_staff(job, "emails/appeal_to_assign.txt")


@handles(ASSIGNED)
def tell_its_owner(job: Job) -> Effect:
    """To who instructs it, unless it changed hands meanwhile."""
    appeal = _appeal(job)
    if appeal.owner_id != _person(job):
        return nothing_to_send("Le recours est confié à quelqu’un d’autre.")
    return _to_staff(job, "emails/appeal_assigned.txt")


@handles(REASSIGNED)
def tell_its_former_owner(job: Job) -> Effect:
    """To who instructed it and does no more: they cannot open it again, unless it came back to them meanwhile."""
    if _appeal(job).owner_id == _person(job):
        return nothing_to_send("Le recours est revenu à cette personne.")
    return _to_staff(job, "emails/appeal_reassigned.txt")


@handles(WITHDRAWN)
def tell_it_is_withdrawn(job: Job) -> Effect:
    """To who was instructing it."""
    return _to_staff(job, "emails/appeal_withdrawn.txt")


def _to_candidate(job: Job, template: str) -> Effect:
    appeal = _appeal(job)
    return _written(job, template, appeal, appeal.decision.enrolment.candidate.user)


def _to_staff(job: Job, template: str) -> Effect:
    """The person is in the job's evidence: each of them is written to once, or once each time it is given."""
    return _written(job, template, _appeal(job), User.objects.filter(pk=_person(job)).first())


def _person(job: Job) -> UUID:
    return UUID(job.evidence.partition(" ")[0])


def _written(job: Job, template: str, appeal: Appeal, user: User | None) -> Effect:
    return written_to(user, job, template, appeal.decision.enrolment, link=address_of("juries:appeal", appeal.pk))


def _appeal(job: Job) -> Appeal:
    found: Appeal = Appeal.objects.select_related(
        "decision__enrolment__candidate__user", "decision__enrolment__referentiel__certification"
    ).get(pk=job.subject)
    return found
