"""R-JUR-5: what happened during the session, and during the soutenances, is in the procès-verbal."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.enums import SoutenanceState
from assessments.services.planning import leave_soutenance
from assessments.services.submission import submit
from assessments.services.timekeeping import Move, move_clock
from candidates.enums import LinkKind
from candidates.services.linking import declare_link
from core import files, jobs
from core.exceptions import InvalidInput, Refusal
from core.models import JournalEntry
from juries.models import Incident, Minutes
from juries.services.incidents import note_incident
from juries.services.sessions import close_session
from tests import printed, scenes
from tests.assessments.http import client_of
from tests.juries.deliberating import an_open_session, other_member
from tests.juries.sittings import decide

pytestmark = pytest.mark.django_db
CUT = "Coupure de la visioconférence, six minutes."


@pytest.fixture
def enrolment():
    return scenes.a_certifiable_enrolment()


@pytest.fixture
def session(enrolment):
    return an_open_session(enrolment)


def minutes_of(session, enrolment) -> Minutes:
    decide(session, enrolment)
    close_session(session, by=scenes.president_of(session))
    jobs.run_due()
    return Minutes.objects.get(session=session)


def words_of(minutes: Minutes) -> str:
    return printed.words_of(files.read(minutes.pdf))


class TestNoted:
    def test_in_order_with_the_minute_and_the_candidate_before_the_jury(self, session, enrolment):
        president = scenes.president_of(session)
        first = timezone.now()
        note_incident(session, text=CUT, by=president)
        with time_machine.travel(first + timedelta(minutes=7), tick=True):
            note_incident(session, text="Un membre rejoint la séance.", by=president)
            minutes = minutes_of(session, enrolment)
        told = minutes.content["incidents"]
        assert [one["text"] for one in told] == [CUT, "Un membre rejoint la séance."]
        assert told[0]["about"] == enrolment.candidate.full_name
        words = words_of(minutes)
        assert words.index(CUT) < words.index("Un membre rejoint la séance.")
        at = timezone.localtime(first)
        assert f"{at.hour} h {at:%M}, délibération sur {enrolment.candidate.full_name}" in words

    def test_nothing_noted_is_said_too(self, session, enrolment):
        assert "Aucun incident n’a été noté" in words_of(minutes_of(session, enrolment))

    def test_for_good_in_the_database_too(self, session):
        note_incident(session, text=CUT, by=scenes.president_of(session))
        for act in (lambda: Incident.objects.update(text="Autre"), lambda: Incident.objects.all().delete()):
            with pytest.raises(DatabaseError, match="incident"), transaction.atomic():
                act()

    def test_not_once_the_session_is_closed_in_the_database_too(self, session, enrolment):
        president = scenes.president_of(session)
        minutes_of(session, enrolment)
        with pytest.raises(Refusal, match="n’est plus possible"):
            note_incident(session, text=CUT, by=president)
        with pytest.raises(DatabaseError), transaction.atomic():
            Incident.objects.create(session=session, text=CUT, noted_at=timezone.now(), noted_by=president)

    def test_by_who_presides_only(self, session, enrolment):
        with pytest.raises(Refusal, match="Seul qui préside"):
            note_incident(session, text=CUT, by=other_member(session))
        declare_link(
            enrolment.candidate, user=scenes.president_of(session), kind=LinkKind.TRAINED, by=scenes.a_manager()
        )
        note_incident(session, text=CUT, by=other_member(session))
        note_incident(session, text="Reprise.", by=scenes.president_of(session))

    @pytest.mark.parametrize("text", ["", "  \n", "x" * 2001])
    def test_never_empty_nor_endless(self, session, text):
        with pytest.raises(InvalidInput):
            note_incident(session, text=text, by=scenes.president_of(session))

    def test_once_however_often_it_is_sent_and_the_journal_keeps_no_word(self, session):
        operation = uuid4()
        for _ in range(3):
            note_incident(session, text=CUT, by=scenes.president_of(session), operation=operation)
        assert Incident.objects.count() == 1
        entry = JournalEntry.objects.get(verb="incident.noted")
        assert CUT not in str(entry.data)


class TestInTheRoom:
    def post(self, session, user, text):
        data = {"text": text, "operation": str(uuid4())}
        return client_of(user).post(reverse("juries:incident", args=[session.pk]), data)

    def test_the_president_notes_and_the_others_see(self, session):
        self.post(session, scenes.president_of(session), CUT)
        for user in (scenes.president_of(session), other_member(session)):
            page = client_of(user).get(reverse("juries:room_live", args=[session.pk])).content.decode()
            assert CUT in page

    def test_a_member_has_no_such_page(self, session):
        assert self.post(session, other_member(session), CUT).status_code == 404

    def test_before_the_first_candidate_too(self, enrolment):
        session = scenes.a_session(enrolment, opened=True)
        president = scenes.president_of(session)
        self.post(session, president, CUT)
        page = client_of(president).get(reverse("juries:room", args=[session.pk])).content.decode()
        assert CUT in page
        assert Incident.objects.get().candidacy is None

    def test_who_stands_back_does_not_read_what_is_noted_of_their_candidate(self, session, enrolment):
        """R-JUR-2."""
        member = other_member(session)
        declare_link(enrolment.candidate, user=member, kind=LinkKind.TRAINED, by=scenes.a_manager())
        note_incident(session, text=CUT, by=scenes.president_of(session))
        page = client_of(member).get(reverse("juries:room_live", args=[session.pk])).content.decode()
        assert CUT not in page

    def test_too_long_comes_back_with_what_was_typed(self, session):
        answer = self.post(session, scenes.president_of(session), "x" * 2001)
        assert answer.status_code == 422
        assert "x" * 2001 in answer.content.decode()


class TestDuringTheSoutenances:
    def test_a_soutenance_interrupted_is_said_without_its_reason(self, enrolment):
        grille = scenes.grille_of(scenes.a_soutenance(enrolment))
        scenes.mark_all(grille)
        leave_soutenance(
            grille.soutenance, to=SoutenanceState.INTERRUPTED, reason="MOTIF-CANARI", by=scenes.a_manager()
        )
        jobs.run_due()
        session = an_open_session(enrolment)
        minutes = minutes_of(session, enrolment)
        (told,) = minutes.content["candidates"][0]["incidents"]
        assert "interrompue par un incident technique" in told
        assert "interrompue par un incident technique" in words_of(minutes)
        assert "CANARI" not in minutes.content_json

    def test_an_incident_of_the_clock_is_said_with_its_minutes_and_its_note(self):
        grille = scenes.grille_of(scenes.a_soutenance())
        begun = timezone.now()
        moves = ((0, Move("start")), (300, Move("incident", note="Son coupé")), (430, Move("resume")))
        for seconds, asked in moves:
            with time_machine.travel(begun + timedelta(seconds=seconds), tick=False):
                move_clock(grille.soutenance, asked=asked, operation=uuid4(), by=grille.evaluateur)
        scenes.mark_all(grille)
        submit(grille, by=grille.evaluateur)
        jobs.run_due()
        enrolment = grille.soutenance.enrolment
        minutes = minutes_of(an_open_session(enrolment), enrolment)
        (told,) = minutes.content["candidates"][0]["incidents"]
        assert told.endswith("incident technique de 3 min : Son coupé")
        assert "Son coupé" in words_of(minutes)
