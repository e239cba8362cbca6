"""A session that is to hear its candidates, open."""

from datetime import timedelta

from django.utils import timezone

from juries.models import JurySession
from juries.services.deliberating import call_candidate
from juries.services.sessions import open_session
from tests import scenes


def to_be_heard(session: JurySession, *, convoked: bool = True) -> None:
    """Everybody in ``session``, in preparation, is to be heard now, at whole minutes."""
    now = timezone.now().replace(second=0, microsecond=0)
    session.candidacies.update(heard_at=now, convoked_at=now - timedelta(days=10) if convoked else None)


def a_session_that_hears(*enrolments, convoked: bool = True) -> JurySession:
    """Open, its first candidate called."""
    session = scenes.a_session(*enrolments)
    to_be_heard(session, convoked=convoked)
    open_session(session, by=scenes.president_of(session))
    call_candidate(session, enrolment=session.candidacies.first().enrolment_id, by=scenes.president_of(session))
    session.refresh_from_db()
    return session
