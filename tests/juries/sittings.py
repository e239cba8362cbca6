"""Sessions taken to a state by the services, and what one finds there."""

from django.db import connection

from juries.enums import Outcome, SessionState
from juries.models import Candidacy, JurySession
from juries.services.deciding import take_decision
from juries.services.sessions import close_session, open_session, publish_session
from tests import scenes


def decide(session, enrolment, outcome=Outcome.CERTIFIED):
    return take_decision(
        session,
        enrolment=enrolment,
        dossier=enrolment.dossiers.latest("revision"),
        outcome=outcome,
        motive="Le jury l’a voulu ainsi.",
        by=scenes.president_of(session),
    )


def in_state(state: SessionState) -> JurySession:
    """A lawful session with one candidate, taken there by the services."""
    enrolment = scenes.a_certifiable_enrolment()
    session = scenes.a_session(enrolment, opened=state != SessionState.PREPARING)
    president = scenes.president_of(session)
    if state in (SessionState.CLOSED, SessionState.PUBLISHED):
        decide(session, enrolment)
        close_session(session, by=president)
    if state == SessionState.PUBLISHED:
        publish_session(session, by=president)
    session.refresh_from_db()
    assert session.state == state
    return session


def a_rival_session(enrolment, *, opened: bool = False) -> JurySession:
    """Another session the candidate is before too, as could be arranged before it was refused."""
    session = scenes.a_session(referentiel=enrolment.referentiel)
    JurySession.objects.filter(pk=session.pk).update(name="Jury rival")
    Candidacy.objects.create(session=session, enrolment=enrolment)
    if opened:
        open_session(session, by=scenes.president_of(session))
    session.refresh_from_db()
    return session


def state_of(session) -> str:
    return JurySession.objects.get(pk=session.pk).state


def raw(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
