"""What happened during a sitting and must be in its procès-verbal (R-JUR-5)."""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from core import journal
from core.exceptions import InvalidInput
from core.operations import already_told
from juries.enums import SessionState
from juries.models import JurySession
from juries.queries.minutes import INCIDENT
from juries.services.locking import locked_in


def note_incident(session: JurySession, *, text: str, by: User, operation: UUID | None = None) -> None:
    """Write an incident down, with its hour, while the session is open; what is noted is never taken back.

    The same ``operation`` sent twice notes it once.
    """
    text = text.strip()
    if not text:
        raise InvalidInput("Décrivez l’incident : il figurera au procès-verbal.")
    with transaction.atomic():
        locked = locked_in(session, SessionState.OPEN)
        if not already_told(JurySession, operation=operation, by=by):
            journal.record(INCIDENT, locked, by=by, reason=text, operation=operation)
