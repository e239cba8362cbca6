"""What publishing a session sets off: the letters it lacks, and one notice to each candidate (R-JUR-6)."""

from accounts.models import User
from core import jobs, journal
from juries.models import JurySession
from juries.services.letters import draft_letters
from juries.tasks.notices import RESULT


def announce_results(session: JurySession, *, by: User) -> None:
    """Order the notices, in the transaction that publishes; each candidate gets one, adjourned or not.

    Who has no account is told by other means. A session closed before letters existed gets them now.
    """
    locked = JurySession.objects.select_for_update().get(pk=session.pk)
    if not locked.is_closed or locked.published_at:
        return  # the state says no, and so will the caller
    draft_letters(locked, by=by)
    known = list(locked.decisions.taken().filter(enrolment__candidate__user__isnull=False).select_related("enrolment"))
    told = {"decisions": [str(decision.pk) for decision in known]}
    journal.record("session.results_announced", locked, by=by, data=told)
    for decision in known:
        label = f"Avis de résultat {decision.enrolment.number}"
        jobs.order(RESULT, subject=str(decision.pk), evidence=str(locked.pk), label=label)
