"""People acting on one session at the same instant, or from a page left open (R-JUR-5)."""

from functools import partial

import pytest
from django.urls import reverse

from accounts.enums import Role
from assessments.services.submission import submit
from core import jobs
from core.journal import first_broken_link
from core.models import JournalEntry
from juries.enums import Outcome, SessionState
from juries.services.dossiers import order_dossier
from juries.services.sessions import (
    close_session,
    open_session,
    present_candidate,
    unseat_member,
)
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.juries.sittings import decide, in_state, state_of
from tests.racing import at_once, refusals_in, simultaneous


class TestAtTheSameInstant:
    pytestmark = simultaneous

    def test_twenty_closes_are_one(self):
        enrolment = scenes.a_certifiable_enrolment()
        session = scenes.a_session(enrolment, opened=True)
        decide(session, enrolment)
        outcomes = at_once(*[partial(close_session, session, by=scenes.president_of(session))] * 20)
        assert len(refusals_in(outcomes)) == 19
        assert JournalEntry.objects.filter(verb="session.closed").count() == 1
        assert first_broken_link() is None

    def test_a_session_is_opened_once_and_only_with_the_members_who_sit(self):
        president_of = scenes.president_of
        for _ in range(5):
            session = scenes.a_session(scenes.an_enrolment())
            member = session.members.get(is_president=False)
            outcomes = at_once(
                partial(open_session, session, by=president_of(session)),
                partial(unseat_member, member, by=president_of(session)),
            )
            assert len(refusals_in(outcomes)) == 1
            assert session.members.count() == (2 if state_of(session) == SessionState.OPEN else 1)

    def test_a_decision_and_a_close_leave_what_was_decided_when_it_closed(self):
        for _ in range(5):
            enrolment = scenes.a_certifiable_enrolment()
            session = scenes.a_session(enrolment, opened=True)
            decide(session, enrolment)
            outcomes = at_once(
                partial(close_session, session, by=scenes.president_of(session)),
                partial(decide, session, enrolment, Outcome.ADJOURNED),
            )
            refused = refusals_in(outcomes)
            assert session.decisions.get().outcome == (Outcome.CERTIFIED if refused else Outcome.ADJOURNED)
            assert state_of(session) == SessionState.CLOSED

    def test_a_submission_a_presentation_and_an_order_never_lock_each_other_out(self):
        manager = scenes.a_manager()
        for _ in range(5):
            enrolment = scenes.an_enrolment()
            session = scenes.a_session(referentiel=enrolment.referentiel)
            grille = scenes.grille_of(scenes.a_soutenance(enrolment))
            scenes.mark_all(grille)
            at_once(
                partial(submit, grille, by=grille.evaluateur),
                partial(present_candidate, session, enrolment=enrolment, by=manager),
                partial(order_dossier, enrolment, by=manager),
                partial(order_dossier, enrolment, by=manager),
            )
            jobs.run_due()
            assert enrolment.dossiers.count() == 1
        assert first_broken_link() is None


@pytest.mark.django_db
class TestATabLeftOpen:
    """What is asked a second time is answered in words, never by a page that does not exist."""

    @pytest.mark.parametrize(
        ("state", "step"),
        [
            (SessionState.OPEN, "open"),
            (SessionState.CLOSED, "open"),
            (SessionState.CLOSED, "close"),
            (SessionState.PREPARING, "close"),
            (SessionState.PUBLISHED, "publish"),
            (SessionState.OPEN, "publish"),
        ],
    )
    def test_a_step_already_taken_or_not_yet_possible_is_told(self, state, step):
        session = in_state(state)
        president = client_of(scenes.president_of(session))
        there = {"present": [member.pk for member in session.members.all()], "confirmed": "1"}
        answer = president.post(reverse(f"juries:{step}", args=[session.pk]), there, follow=True)
        assert answer.status_code == 200
        again = "déjà " if (state, step) == (SessionState.PUBLISHED, "publish") else ""
        assert f"La session est {again}« {state.label.lower()} »" in answer.content.decode()
        assert state_of(session) == state

    @pytest.mark.parametrize("step", ["open", "close"])
    def test_a_step_is_the_president_s_alone(self, step):
        session = in_state(SessionState.PREPARING if step == "open" else SessionState.OPEN)
        for person in (
            session.members.get(is_president=False).user,
            scenes.a_manager(),
            UserFactory(roles=[Role.JURY]),
        ):
            assert client_of(person).post(reverse(f"juries:{step}", args=[session.pk])).status_code == 404
        assert state_of(session) == (SessionState.PREPARING if step == "open" else SessionState.OPEN)

    def test_publishing_is_the_president_s_or_a_manager_s(self):
        """R-JUR-6."""
        session = in_state(SessionState.CLOSED)
        address = reverse("juries:publish", args=[session.pk])
        member = client_of(session.members.get(is_president=False).user)
        assert member.post(address).status_code == 404
        assert state_of(session) == SessionState.CLOSED
        client_of(scenes.a_manager()).post(address, {"confirmed": "1"})
        assert state_of(session) == SessionState.PUBLISHED
