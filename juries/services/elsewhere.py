"""A candidate is before one jury at a time, and nobody's to judge once certified (R-JUR-4, R-JUR-5)."""

from django.utils import timezone

from accounts.models import User
from candidates.models import Enrolment
from core import journal
from core.exceptions import Refusal
from juries.enums import SessionState
from juries.models import Decision, JurySession
from juries.queries.elsewhere import awaited_elsewhere, certified_elsewhere
from juries.queries.hearings import hearing_in_words
from juries.services.incidents import keep_incident


def refuse_awaited_elsewhere(session: JurySession, enrolment: Enrolment) -> None:
    """Two sessions that decide on somebody leave one of them with nothing to decide; the caller locks ``enrolment``."""
    waiting = awaited_elsewhere(enrolment, session)
    if waiting is None:
        return
    day = timezone.localdate(waiting.session.held_at)
    preparing = waiting.session.state == SessionState.PREPARING
    what_to_do = "retirez-le d’abord de cette session" if preparing else "attendez qu’elle soit close"
    raise Refusal(
        f"{waiting.enrolment.candidate} est déjà inscrit à la session « {waiting.session.name} » du {day:%d/%m/%Y}, "
        f"qui n’est pas close : {what_to_do}."
    )


def refuse_certified_elsewhere(session: JurySession) -> None:
    """A session does not open on somebody it could not judge: certified since by another, and not re-examined."""
    if certified := list(certified_elsewhere(session)):
        told = ", ".join(f"{one.enrolment.candidate} ({_by_whom(one)})" for one in certified)
        raise Refusal(
            f"Déjà certifié par un autre jury : {told}. Retirez ce candidat de la session avant de l’ouvrir ; "
            "une correction passe par un réexamen."
        )


def set_aside_certified_elsewhere(session: JurySession, *, by: User) -> None:
    """At the closing, say in the procès-verbal and in the journal whom this jury did not judge, and why.

    Nothing is decided about them: a decision, even an adjournment, would take the place of their certification.
    """
    decided = session.decisions.taken().values("enrolment")
    for certifying in certified_elsewhere(session).exclude(enrolment__in=decided):
        candidacy = session.candidacies.get(enrolment=certifying.enrolment_id)
        text = f"Ce candidat n’a pas été jugé : il est déjà certifié ({_by_whom(certifying)})."
        if heard := hearing_in_words(candidacy, judged=False):
            text = f"{text} Audition : {heard}."
        keep_incident(session, candidacy, text=text, by=by)
        told = {"enrolment": str(certifying.enrolment_id), "certified_by": str(certifying.pk)}
        journal.record("session.candidate_not_judged", session, by=by, data=told)


def _by_whom(certifying: Decision) -> str:
    assert certifying.session is not None  # a decision taken has its session, a constraint says so
    day = timezone.localdate(certifying.session.held_at)
    return f"session « {certifying.session.name} » du {day:%d/%m/%Y}"
