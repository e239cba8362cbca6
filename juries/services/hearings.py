"""Whether a candidate who was to be heard came, for the procès-verbal (R-JUR-5)."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import journal
from core.exceptions import InvalidInput, Refusal
from core.templatetags.fr import time_fr
from juries.enums import Hearing, SessionState
from juries.models import Candidacy, JurySession
from juries.queries.chairing import presiding_problem
from juries.services.locking import locked_in

HEARING_NOTED = "hearing.noted"


def note_hearing(candidacy: Candidacy, *, found: Hearing, by: User, at: time | None = None) -> None:
    """Note that the candidate before the jury was heard, or is absent; may be noted otherwise until the closing.

    Who presides for that candidate does (R-JUR-2). ``at`` is the hour in Paris at which they were heard, None for now.
    The same found again, without another hour, changes nothing. The journal keeps what was noted before and after.
    """
    with transaction.atomic():
        session = locked_in(candidacy.session, SessionState.OPEN)
        noted = session.candidacies.select_related("enrolment__candidate").get(pk=candidacy.pk)
        if problem := presiding_problem(session, noted.enrolment, by):
            raise Refusal(problem)
        _refuse_out_of_turn(session, noted)
        if noted.hearing == found and (at is None or found == Hearing.ABSENT):
            return
        before, now = _told(noted), timezone.now()
        noted.hearing, noted.hearing_noted_at, noted.hearing_noted_by = found, now, by
        noted.hearing_held_at = _held_at(session, at, now) if found == Hearing.HEARD else None
        noted.save(update_fields=["hearing", "hearing_held_at", "hearing_noted_at", "hearing_noted_by"])
        about = {"session": str(session.pk), "enrolment": str(noted.enrolment_id)}
        journal.record(HEARING_NOTED, noted, by=by, data={**about, "before": before, "after": _told(noted)})


def _refuse_out_of_turn(session: JurySession, candidacy: Candidacy) -> None:
    name = candidacy.enrolment.candidate
    if candidacy.heard_at is None:
        raise Refusal(f"Aucune audition n’est prévue pour {name} : le jury délibère sur son dossier.")
    if session.current_id != candidacy.pk:
        raise Refusal(f"Appelez d’abord {name} : l’audition se note pour le candidat devant le jury.")


def _held_at(session: JurySession, at: time | None, now: datetime) -> datetime:
    """``at``, the last time a clock in Paris showed it; between the opening of the session, to the minute, and now."""
    if at is None:
        return now
    day = timezone.localdate(now)
    held_at = timezone.make_aware(datetime.combine(day, at))
    if held_at > now:
        held_at = timezone.make_aware(datetime.combine(day - timedelta(days=1), at))
    assert session.opened_at is not None  # an open session is dated, a constraint says so
    if held_at < session.opened_at.replace(second=0, microsecond=0):
        raise InvalidInput(
            f"Indiquez une heure entre l’ouverture de la session, à {time_fr(session.opened_at)}, et maintenant."
        )
    return held_at


def _told(candidacy: Candidacy) -> dict[str, Any]:
    held_at = candidacy.hearing_held_at
    return {"hearing": candidacy.hearing, "held_at": held_at.isoformat() if held_at else None}
