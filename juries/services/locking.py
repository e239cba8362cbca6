"""The session row every act of a jury is serialised on."""

from core.exceptions import Refusal
from juries.enums import SessionState
from juries.models import JurySession


def locked_in(session: JurySession, *states: SessionState) -> JurySession:
    """The session as it stands, locked; raises Refusal unless it is in one of ``states``."""
    locked = JurySession.objects.select_for_update().get(pk=session.pk)
    if locked.state not in states:
        raise Refusal(f"La session est « {locked.get_state_display().lower()} » : cette action n’est plus possible.")
    return locked
