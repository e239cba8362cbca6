"""A session: prepared, opened when lawful, closed when all is decided, published by a person (R-JUR-1, 5, 6)."""

from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from core import jobs
from core.exceptions import Refusal
from core.models import Job, JournalEntry
from juries.enums import SESSION_TRANSITIONS, Capacity, Outcome, SessionState
from juries.models import Candidacy, JuryMember, JurySession
from juries.services.convoking import change_session
from juries.services.sessions import (
    UnlawfulJury,
    close_session,
    open_session,
    prepare_session,
    present_candidate,
    publish_session,
    seat_member,
    unseat_member,
    withdraw_candidate,
)
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.juries.sittings import decide, in_state, raw, state_of
from tests.referentiel.factories import build_referentiel

MOVES = {
    SessionState.OPEN: open_session,
    SessionState.CLOSED: close_session,
    SessionState.PUBLISHED: publish_session,
}


@pytest.mark.django_db
class TestItsStates:
    @pytest.mark.parametrize("to", MOVES)
    @pytest.mark.parametrize("before", SessionState)
    def test_each_move_is_made_or_refused_in_words_as_the_table_says(self, before, to):
        session = in_state(before)
        if before == SessionState.OPEN:
            decide(session, session.candidacies.get().enrolment)
        moved = partial(MOVES[to], session, by=scenes.president_of(session))
        told = JournalEntry.objects.filter(verb=f"session.{to}").count()

        if to in SESSION_TRANSITIONS[before]:
            moved()
            assert state_of(session) == to
            entry = JournalEntry.objects.get(verb=f"session.{to}")
            assert (entry.data, entry.actor) == ({"before": before, "after": to}, scenes.president_of(session))
        else:
            with pytest.raises(Refusal, match=before.label.lower()):
                moved()
            assert state_of(session) == before
            assert JournalEntry.objects.filter(verb=f"session.{to}").count() == told

    def test_each_step_leaves_its_date(self):
        session = in_state(SessionState.PUBLISHED)
        assert session.opened_at <= session.closed_at <= session.published_at

    def test_no_deadline_ever_publishes(self):
        """R-JUR-6: running everything that is due changes nothing."""
        session = in_state(SessionState.CLOSED)
        jobs.run_due()
        assert state_of(session) == SessionState.CLOSED


@pytest.mark.django_db
class TestOpening:
    """R-JUR-1: a session that fails the règlement can be prepared, not opened."""

    def prepared(self, *seats, referentiel=None):
        enrolment = scenes.an_enrolment(referentiel)
        session = prepare_session(
            referentiel=enrolment.referentiel,
            name="Jury",
            held_at=timezone.now(),
            place="Paris",
            by=scenes.a_manager(),
        )
        for capacity, presides in seats:
            seat_member(
                session,
                user=UserFactory(roles=[Role.JURY]),
                capacity=capacity,
                is_president=presides,
                by=scenes.a_manager(),
            )
        present_candidate(session, enrolment=enrolment, by=scenes.a_manager())
        return session

    @pytest.mark.parametrize(
        ("seats", "said"),
        [
            ([], "il en faut au moins 2"),
            ([(Capacity.EXTERNAL, True)], "il en faut au moins 2"),
            ([(Capacity.EXTERNAL, False), (Capacity.INTERNAL, False)], "pas de président"),
            ([(Capacity.EXTERNAL, True), (Capacity.INTERNAL, False), (Capacity.INTERNAL, False)], "50 %"),
        ],
    )
    def test_an_unlawful_jury_is_refused_with_what_is_wrong(self, seats, said):
        session = self.prepared(*seats)
        with pytest.raises(UnlawfulJury, match=said):
            open_session(session, by=scenes.a_manager())
        assert state_of(session) == SessionState.PREPARING

    def test_the_reglement_of_the_version_is_the_one_applied(self):
        """R-REF-6."""
        strict = build_referentiel(jury_minimum=3, jury_external_percent=100)
        session = self.prepared((Capacity.EXTERNAL, True), (Capacity.INTERNAL, False), referentiel=strict)
        with pytest.raises(UnlawfulJury, match=r"au moins 3.*au moins 100 %"):
            open_session(session, by=scenes.a_manager())

    def test_a_session_without_candidate_does_not_open(self):
        session = scenes.a_session(referentiel=build_referentiel())
        with pytest.raises(Refusal, match="pas de candidat"):
            open_session(session, by=scenes.president_of(session))

    def test_members_read_earlier_are_not_those_who_sit_now(self):
        """A page fetched its members, then one was unseated."""
        session = scenes.a_session(scenes.an_enrolment())
        read = JurySession.objects.prefetch_related("members").get(pk=session.pk)
        unseat_member(session.members.get(is_president=False), by=scenes.a_manager())
        with pytest.raises(UnlawfulJury):
            open_session(read, by=scenes.president_of(session))
        assert state_of(session) == SessionState.PREPARING

    def test_refused_on_the_page_it_says_why_and_stays_in_preparation(self):
        session = scenes.a_session(scenes.an_enrolment())
        unseat_member(session.members.get(is_president=False), by=scenes.a_manager())
        president = client_of(scenes.president_of(session))
        there = {"present": [member.pk for member in session.members.all()]}
        page = president.post(reverse("juries:open", args=[session.pk]), there).content.decode()
        assert "il en faut au moins 2" in page
        assert state_of(session) == SessionState.PREPARING


PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.django_db
class TestItsDay:
    """R-JUR-5: the PV bears the day of the session; nothing is opened or closed before that day, Paris time."""

    @pytest.mark.parametrize(
        ("now", "opens"),
        [
            ("2027-03-11T12:00:00+00:00", False),
            ("2027-03-11T22:59:59+00:00", False),  # 23 h 59 in Paris
            ("2027-03-11T23:00:00+00:00", True),  # midnight in Paris, still the day before in London
            ("2027-03-12T07:00:00+00:00", True),  # earlier than the hour, the right day
            ("2027-03-12T22:59:59+00:00", True),  # 23 h 59 in Paris
        ],
    )
    def test_it_opens_on_its_own_day(self, now, opens):
        with time_machine.travel(now, tick=False):
            session = scenes.a_session(scenes.an_enrolment(), held_at=datetime(2027, 3, 12, 14, tzinfo=PARIS))
            act = partial(open_session, session, by=scenes.president_of(session))
            if opens:
                act()
            else:
                with pytest.raises(Refusal, match="a lieu le 12/03/2027"):
                    act()
        assert state_of(session) == (SessionState.OPEN if opens else SessionState.PREPARING)

    @pytest.mark.parametrize("now", ["2027-03-12T23:00:00+00:00", "2027-03-20T12:00:00+00:00"])
    def test_put_off_it_is_moved_before_it_opens(self, now):
        """Else the procès-verbal, the letters and the parchemin say a day on which no jury met."""
        with time_machine.travel("2027-03-01T12:00:00+00:00"):
            session = scenes.a_session(scenes.an_enrolment(), held_at=datetime(2027, 3, 12, 14, tzinfo=PARIS))
        president, manager = scenes.president_of(session), scenes.a_manager()
        with time_machine.travel(now):
            there = {"present": [member.pk for member in session.members.all()]}
            page = client_of(president).post(reverse("juries:open", args=[session.pk]), there).content.decode()
            assert "Son jour est passé" in page
            with pytest.raises(Refusal, match=r"prévue le 12/03/2027.*déplacez la session à aujourd’hui"):
                open_session(session, by=president)
            page = client_of(president).get(reverse("juries:session", args=[session.pk])).content.decode()
            assert "déplacez-la à aujourd’hui" in page
            assert reverse("juries:open", args=[session.pk]) not in page
            change_session(session, name=session.name, held_at=timezone.now(), place=session.place, by=manager)
            open_session(session, by=president)
        assert state_of(session) == SessionState.OPEN

    @pytest.mark.parametrize("step", ["prepare", "change"])
    @pytest.mark.parametrize(("days", "accepted"), [(-1, False), (0, True)])
    def test_a_past_day_is_asked_again_and_what_was_typed_is_kept(self, step, days, accepted):
        session = scenes.a_session(scenes.an_enrolment())
        held_at = timezone.localtime().replace(hour=0, minute=0) + timedelta(days=days)  # the hour may be over
        typed = {"name": "Jury d’été", "place": "Paris", "held_at": held_at.strftime("%Y-%m-%dT%H:%M")}
        typed |= {"operation": uuid4(), "referentiel": session.referentiel_id} if step == "prepare" else {}
        address = reverse(f"juries:{step}", args=[] if step == "prepare" else [session.pk])
        page = client_of(scenes.a_manager()).post(address, typed).content.decode()
        assert ("Ce jour est passé" in page) != accepted
        assert ("Jury d’été" in page) != accepted
        assert JurySession.objects.filter(name="Jury d’été").exists() == accepted

    def test_one_that_was_opened_too_early_is_not_closed_before_its_day(self):
        session = in_state(SessionState.OPEN)
        decide(session, session.candidacies.get().enrolment)
        JurySession.objects.filter(pk=session.pk).update(held_at=timezone.now() + timedelta(days=2))
        with pytest.raises(Refusal, match="ni ouverte ni close avant ce jour"):
            close_session(session, by=scenes.president_of(session))
        assert state_of(session) == SessionState.OPEN

    def test_on_the_page_it_says_when(self):
        held_at = timezone.now() + timedelta(days=7)
        session = scenes.a_session(scenes.an_enrolment(), held_at=held_at)
        president = client_of(scenes.president_of(session))
        with pytest.raises(Refusal, match=f"a lieu le {timezone.localtime(held_at):%d/%m/%Y}"):
            open_session(session, by=scenes.president_of(session))
        assert "pas encore le jour" in president.get(reverse("juries:open", args=[session.pk])).content.decode()
        page = president.get(reverse("juries:session", args=[session.pk])).content.decode()
        assert "Elle pourra être ouverte le" in page
        assert reverse("juries:open", args=[session.pk]) not in page


@pytest.mark.django_db
class TestComposing:
    def test_a_person_sits_once_and_one_presides(self):
        session = scenes.a_session(scenes.an_enrolment())
        manager, seated = scenes.a_manager(), session.members.first().user
        for user, presides in ((seated, False), (UserFactory(), True)):
            with pytest.raises(Refusal, match="siège déjà, ou la session a déjà un président"):
                seat_member(session, user=user, capacity=Capacity.EXTERNAL, is_president=presides, by=manager)
        assert session.members.count() == 2

    def test_a_seat_gives_the_role_that_goes_with_it(self):
        session, user = scenes.a_session(referentiel=build_referentiel()), UserFactory()
        seat_member(session, user=user, capacity=Capacity.OTHER, by=scenes.a_manager())
        assert client_of(user).get(reverse("juries:session", args=[session.pk])).status_code == 200

    def test_nobody_sits_where_they_are_a_candidate(self):
        enrolment = scenes.an_enrolment()
        session = scenes.a_session(enrolment)
        with pytest.raises(Refusal, match="est candidat dans cette session"):
            seat_member(session, user=enrolment.candidate.user, capacity=Capacity.OTHER, by=scenes.a_manager())

    def test_nobody_is_presented_where_they_sit(self):
        enrolment = scenes.an_enrolment()
        session = scenes.a_session(referentiel=enrolment.referentiel)
        seat_member(session, user=enrolment.candidate.user, capacity=Capacity.OTHER, by=scenes.a_manager())
        with pytest.raises(Refusal, match="siège dans cette session"):
            present_candidate(session, enrolment=enrolment, by=scenes.a_manager())

    def test_a_candidate_of_another_version_is_not_presented(self):
        session = scenes.a_session(referentiel=build_referentiel())
        with pytest.raises(Refusal, match="autre version"):
            present_candidate(session, enrolment=scenes.an_enrolment(), by=scenes.a_manager())
        assert not Candidacy.objects.exists()
        assert not Job.objects.exists()

    def test_presented_twice_a_candidate_is_so_once(self):
        enrolment = scenes.an_enrolment()
        session = scenes.a_session(enrolment)
        present_candidate(session, enrolment=enrolment, by=scenes.a_manager())
        assert (Candidacy.objects.count(), Job.objects.count()) == (1, 1)
        assert JournalEntry.objects.filter(verb="session.candidate_presented").count() == 1

    def test_taken_back_twice_a_seat_or_a_candidate_is_so_once(self):
        session = scenes.a_session(scenes.an_enrolment())
        member, candidacy = session.members.first(), session.candidacies.get()
        for _ in range(2):
            unseat_member(member, by=scenes.a_manager())
            withdraw_candidate(candidacy, by=scenes.a_manager())
        assert JournalEntry.objects.filter(verb="session.member_unseated").count() == 1
        assert JournalEntry.objects.filter(verb="session.candidate_withdrawn").count() == 1

    @pytest.mark.parametrize("state", [SessionState.OPEN, SessionState.CLOSED, SessionState.PUBLISHED])
    def test_once_open_neither_jury_nor_candidates_change(self, state):
        session, manager = in_state(state), scenes.a_manager()
        for act in (
            partial(seat_member, session, user=UserFactory(), capacity=Capacity.EXTERNAL, by=manager),
            partial(unseat_member, session.members.first(), by=manager),
            partial(present_candidate, session, enrolment=scenes.an_enrolment(session.referentiel), by=manager),
            partial(withdraw_candidate, session.candidacies.get(), by=manager),
        ):
            with pytest.raises(Refusal, match=state.label.lower()):
                act()
        assert (session.members.count(), session.candidacies.count()) == (2, 1)

    def test_a_form_of_preparation_sent_twice_prepares_one_session(self):
        referentiel, manager = build_referentiel(), client_of(scenes.a_manager())
        typed = {
            "operation": uuid4(),
            "name": "Jury de décembre",
            "referentiel": referentiel.pk,
            "held_at": (timezone.localtime() + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M"),
            "place": "Paris",
        }
        first, second = (manager.post(reverse("juries:prepare"), typed) for _ in range(2))
        assert first.url == second.url
        assert JurySession.objects.count() == 1

    @pytest.mark.parametrize("held_at", ["9999-12-31T23:59", "0001-01-01T00:00", "1926-12-18T09:00"])
    def test_a_date_beyond_reason_is_asked_again_and_what_was_typed_is_kept(self, held_at):
        typed = {"operation": uuid4(), "name": "Jury d’été", "referentiel": build_referentiel().pk, "place": "Paris"}
        answer = client_of(scenes.a_manager()).post(reverse("juries:prepare"), {**typed, "held_at": held_at})
        page = answer.content.decode()
        assert "vérifiez l’année" in page
        assert "Jury d’été" in page
        assert not JurySession.objects.exists()


@pytest.mark.django_db
class TestClosing:
    """R-JUR-5."""

    @pytest.mark.parametrize(("step", "state"), [("close", SessionState.OPEN), ("publish", SessionState.CLOSED)])
    def test_what_cannot_be_undone_is_asked_on_a_page_when_no_dialogue_was_answered(self, step, state):
        """Without JavaScript, or before it is there, one click neither closes nor publishes."""
        session = in_state(SessionState.CLOSED if step == "publish" else SessionState.OPEN)
        if step == "close":
            decide(session, session.candidacies.get().enrolment)
        president, address = client_of(scenes.president_of(session)), reverse(f"juries:{step}", args=[session.pk])
        asked = president.post(address).content.decode()
        assert 'name="confirmed"' in asked
        assert state_of(session) == state
        president.post(address, {"confirmed": "1"})
        assert state_of(session) == (SessionState.CLOSED if step == "close" else SessionState.PUBLISHED)

    def test_an_undecided_candidate_keeps_the_session_open_and_is_named(self):
        referentiel = build_referentiel()
        decided, undecided = (scenes.a_certifiable_enrolment(referentiel) for _ in range(2))
        session = scenes.a_session(decided, undecided, opened=True)
        decide(session, decided)
        with pytest.raises(Refusal, match=f"Il manque une décision pour : {undecided.candidate}"):
            close_session(session, by=scenes.president_of(session))
        assert state_of(session) == SessionState.OPEN

    @pytest.mark.parametrize("state", [SessionState.CLOSED, SessionState.PUBLISHED])
    def test_a_closed_session_is_refused_every_change_by_the_database(self, state):
        session = in_state(state)
        for attack in (
            lambda: session.decisions.update(motive="Autre"),
            lambda: session.decisions.all().delete(),
            lambda: session.members.update(capacity=Capacity.OTHER),
            lambda: session.members.all().delete(),
            lambda: session.candidacies.all().delete(),
            lambda: JuryMember.objects.create(session=session, user=UserFactory(), capacity=Capacity.OTHER),
            lambda: JurySession.objects.filter(pk=session.pk).update(name="Autre"),
            lambda: JurySession.objects.filter(pk=session.pk).update(closed_at=None),
            lambda: raw("UPDATE juries_decision SET outcome = 'refused' WHERE stage = 'taken'"),
            lambda: raw("DELETE FROM juries_jurymember"),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                attack()
        assert session.decisions.get().outcome == Outcome.CERTIFIED
        assert (session.members.count(), session.candidacies.count()) == (2, 1)
