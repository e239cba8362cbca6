"""Ordering dossiers, and saying which are stale."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from candidates.models import Enrolment
from core import files, jobs, journal
from core.models import Job
from juries.enums import SessionState
from juries.models import Dossier, JurySession
from juries.queries.evidence import evidence_of
from juries.queries.session_dossiers import candidacies_lacking
from juries.services.locking import locked_in
from juries.tasks.dossiers import DOSSIER


def order_dossier(enrolment: Enrolment, *, by: User | None) -> Job:
    """Order the dossier and the proposal of the evidence as it stands; the same evidence orders nothing twice.

    A job that had failed, or whose PDF was damaged since, is due again: whoever orders by hand, or presents the
    candidate, means it to be there.
    """
    with transaction.atomic():
        Enrolment.objects.select_for_update().get(pk=enrolment.pk)
        job = jobs.order(
            DOSSIER,
            subject=str(enrolment.pk),
            evidence=evidence_of(enrolment),
            label=f"Dossier et proposition {enrolment.number}",
        )
        jobs.order_again(job, by=by, spoilt=_damage(job))
        journal.record("dossier.ordered", enrolment, by=by, data={"job": str(job.pk)})
    return job


def order_session_dossiers(session: JurySession, *, by: User) -> int:
    """Order every dossier that is missing, stale or failed, before the session closes; how many were."""
    with transaction.atomic():
        locked = locked_in(session, SessionState.PREPARING, SessionState.OPEN)
        lacking = [candidacy.enrolment for candidacy in candidacies_lacking(locked)]
        for enrolment in sorted(lacking, key=lambda one: str(one.pk)):  # two orders lock them in the same order
            order_dossier(enrolment, by=by)
    return len(lacking)


def order_session_dossier(session: JurySession, enrolment: Enrolment, *, by: User) -> Job:
    """Order the dossier of one candidate of the session again, before it closes."""
    with transaction.atomic():
        locked_in(session, SessionState.PREPARING, SessionState.OPEN)
        return order_dossier(enrolment, by=by)


def _damage(job: Job) -> str:
    """What became of the PDF that the job made, in words; "" when it is whole, or not made yet."""
    made = Dossier.objects.filter(pk=job.result.get("dossier")).select_related("pdf").first()
    return "" if made is None or files.is_whole(made.pdf) else f"Le fichier {made.pdf_id} manque ou a été altéré."


def mark_stale(enrolment: Enrolment) -> None:
    """Flag the dossiers whose evidence has since changed, and clear the one that says it again (R-JUR-3).

    A measure granted then ended leads back to the evidence of an earlier dossier, which never makes a second one.
    """
    current, dossiers = evidence_of(enrolment), Dossier.objects.filter(enrolment=enrolment)
    dossiers.filter(stale_since=None).exclude(evidence=current).update(stale_since=timezone.now())
    dossiers.filter(evidence=current, stale_since__isnull=False).update(stale_since=None)
