"""A session open on a candidate, and what its members do there."""

from accounts.models import User
from juries.enums import Outcome
from juries.models import Ballot, Candidacy, JurySession
from juries.services.deliberating import call_candidate, cast_vote, close_ballot, open_ballot
from tests import scenes


def an_open_session(*enrolments) -> JurySession:
    """Open, its first candidate called."""
    session = scenes.a_session(*enrolments, opened=True)
    call_candidate(session, enrolment=session.candidacies.first().enrolment_id, by=scenes.president_of(session))
    session.refresh_from_db()
    return session


def other_member(session: JurySession) -> User:
    return session.members.get(is_president=False).user


def candidacy_of(session: JurySession) -> Candidacy:
    return session.candidacies.select_related("enrolment__candidate", "session").get(pk=session.current_id)


def vote(session: JurySession, **votes: Outcome) -> Ballot:
    """One round: ``president`` and ``member`` vote what they are given, and the president closes it."""
    president = scenes.president_of(session)
    ballot = open_ballot(candidacy_of(session), by=president)
    for who, outcome in votes.items():
        cast_vote(ballot, outcome=outcome, by=president if who == "president" else other_member(session))
    close_ballot(ballot, by=president)
    ballot.refresh_from_db()
    return ballot
