"""R-JUR-5: the procès-verbal says whether a candidate who was to be heard came."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from candidates.enums import LinkKind
from candidates.services.linking import declare_link
from core import files, jobs
from core.exceptions import InvalidInput, Refusal
from core.models import JournalEntry
from core.reconcile import problems
from juries.enums import Hearing, Outcome, Presence
from juries.minutes_document import minutes_html
from juries.models import Candidacy, Minutes
from juries.services.declaring import change_presence
from juries.services.deliberating import call_candidate
from juries.services.hearings import note_hearing
from juries.services.referring import refer_to_another_session
from juries.services.sessions import close_session, open_session
from tests import scenes
from tests.assessments.http import client_of
from tests.juries.deliberating import an_open_session, other_member
from tests.juries.hearings import a_session_that_hears, to_be_heard
from tests.juries.sittings import a_rival_session, decide
from tests.printed import words_of

PARIS = ZoneInfo("Europe/Paris")
HEARD, ABSENT = Hearing.HEARD, Hearing.ABSENT
pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment():
    return scenes.a_certifiable_enrolment()


@pytest.fixture
def session(enrolment):
    """Open at 14 h, on its one candidate, convoked at 14 h; it is 14 h 30."""
    with time_machine.travel(datetime(2027, 1, 12, 14, tzinfo=PARIS)) as clock:
        session = a_session_that_hears(enrolment)
        clock.move_to(datetime(2027, 1, 12, 14, 30, tzinfo=PARIS))
        yield session


def found(session) -> Candidacy:
    return session.candidacies.get()


def note(session, hearing, *, by=None, at=None) -> None:
    note_hearing(found(session), found=hearing, by=by or scenes.president_of(session), at=at)


def recused(enrolment, *users) -> None:
    for user in users:
        declare_link(enrolment.candidate, user=user, kind=LinkKind.TRAINED, by=scenes.a_manager())


def minutes_of(session) -> Minutes:
    close_session(session, by=scenes.president_of(session))
    jobs.run_due()
    return Minutes.objects.get(session=session)


def told_in(minutes: Minutes) -> str:
    """What the printed procès-verbal says of the hearing of its only candidate."""
    (told,) = re.findall(r"Audition\.? ?:?\s+(.+?)\.", words_of(files.read(minutes.pdf)))
    return re.sub(r"\s+", " ", told)


class TestNoted:
    def test_heard_with_its_hour_its_author_and_its_date(self, session):
        note(session, HEARD)
        candidacy = found(session)
        assert (candidacy.hearing, candidacy.hearing_noted_by) == (HEARD, scenes.president_of(session))
        assert candidacy.hearing_held_at == candidacy.hearing_noted_at
        assert timezone.localtime(candidacy.hearing_held_at).time() >= time(14, 30)

    def test_otherwise_until_the_closing_and_the_journal_keeps_both(self, session):
        note(session, ABSENT)
        note(session, HEARD, at=time(14, 10))
        first, second = JournalEntry.objects.filter(verb="hearing.noted").order_by("sequence")
        assert first.data["before"] == {"hearing": "", "held_at": None}
        assert first.data["after"] == second.data["before"] == {"hearing": "absent", "held_at": None}
        assert second.data["after"]["hearing"] == "heard"
        assert datetime.fromisoformat(second.data["after"]["held_at"]) == datetime(2027, 1, 12, 14, 10, tzinfo=PARIS)
        assert second.data["enrolment"] == str(found(session).enrolment_id)
        assert problems() == []

    @pytest.mark.parametrize("hearing", Hearing)
    def test_once_when_the_same_is_noted_twice(self, session, hearing):
        for _ in range(3):
            note(session, hearing)
        assert JournalEntry.objects.filter(verb="hearing.noted").count() == 1

    def test_heard_at_another_hour_corrects_the_hour(self, session):
        note(session, HEARD)
        note(session, HEARD, at=time(14, 5))
        assert found(session).hearing_held_at == datetime(2027, 1, 12, 14, 5, tzinfo=PARIS)

    def test_at_the_minute_of_the_opening_at_the_earliest_and_not_later_than_now(self, session):
        note(session, HEARD, at=time(14, 0))
        for hour in (time(13, 59), time(14, 31)):
            with pytest.raises(
                InvalidInput, match=r"entre l’ouverture de la session, à 14\u00a0h\u00a000, et maintenant"
            ):
                note(session, HEARD, at=hour)
        assert found(session).hearing_held_at == datetime(2027, 1, 12, 14, 0, tzinfo=PARIS)

    def test_after_midnight_an_hour_of_the_evening_is_of_the_day_before(self, session):
        with time_machine.travel(datetime(2027, 1, 13, 0, 20, tzinfo=PARIS)):
            note(session, HEARD, at=time(23, 50))
        assert found(session).hearing_held_at == datetime(2027, 1, 12, 23, 50, tzinfo=PARIS)

    def test_by_who_presides_for_that_candidate_alone(self, session, enrolment):
        """R-JUR-2."""
        president, member = scenes.president_of(session), other_member(session)
        with pytest.raises(Refusal, match=f"{president} préside"):
            note(session, HEARD, by=member)
        recused(enrolment, president)
        with pytest.raises(Refusal, match=f"{member} préside"):
            note(session, HEARD, by=president)
        note(session, HEARD, by=member)
        assert found(session).hearing_noted_by == member

    def test_of_the_candidate_called_alone(self, enrolment):
        other = scenes.an_enrolment(enrolment.referentiel)
        session = a_session_that_hears(enrolment, other)
        waits = session.candidacies.exclude(pk=session.current_id).get()
        with pytest.raises(Refusal, match=f"Appelez d’abord {waits.enrolment.candidate}"):
            note_hearing(waits, found=HEARD, by=scenes.president_of(session))

    def test_of_who_was_to_be_heard_alone(self, enrolment):
        session = an_open_session(enrolment)
        with pytest.raises(Refusal, match="Aucune audition n’est prévue"):
            note(session, HEARD)


class TestTheDatabase:
    def test_lets_it_be_noted_only_of_who_has_an_hour_dated_and_authored(self, session):
        president, now = scenes.president_of(session), timezone.now()
        noted = {"hearing_noted_at": now, "hearing_noted_by": president}
        for told in (
            {"hearing": "heard", "hearing_held_at": now, "hearing_noted_at": now},
            {"hearing": "heard", "hearing_held_at": now, "hearing_noted_by": president},
            {"hearing": "heard", **noted},
            {"hearing": "absent", "hearing_held_at": now, **noted},
            {"hearing": "absent", "heard_at": None, **noted},
            {"hearing": "maybe", **noted},
            {"hearing": "", **noted},
            {"hearing": "", "hearing_held_at": now},
        ):
            with pytest.raises(DatabaseError, match="hearing_noted_by_somebody"), transaction.atomic():
                Candidacy.objects.update(**told)
        Candidacy.objects.update(hearing="heard", hearing_held_at=now, **noted)

    def test_freezes_it_with_the_session(self, session, enrolment):
        note(session, HEARD)
        decide(session, enrolment)
        close_session(session, by=scenes.president_of(session))
        with pytest.raises(Refusal, match="n’est plus possible"):
            note(session, ABSENT)
        for told in (
            {"hearing": "absent", "hearing_held_at": None},
            {"hearing_held_at": timezone.now() + timedelta(hours=1)},
            {"hearing_noted_by": other_member(session)},
            {"hearing": "", "hearing_held_at": None, "hearing_noted_at": None, "hearing_noted_by": None},
        ):
            with pytest.raises(DatabaseError, match="session est close"), transaction.atomic():
                Candidacy.objects.update(**told)

    def test_reconciles_with_the_journal_and_says_when_it_does_not(self, session):
        """R-ALL-1."""
        note(session, HEARD, at=time(14, 10))
        Candidacy.objects.update(hearing_held_at=timezone.now())
        key = found(session).pk
        assert problems() == [f"Candidature {key} : son audition n’est pas celle que le journal raconte."]
        nothing = {"hearing": "", "hearing_held_at": None, "hearing_noted_at": None, "hearing_noted_by": None}
        Candidacy.objects.update(**nothing)
        assert problems() == [f"Candidature {key} : le journal raconte une audition qui n’est plus notée."]


class TestTheClosing:
    def test_waits_for_whoever_is_to_be_heard_by_name(self, session, enrolment):
        decide(session, enrolment)
        with pytest.raises(Refusal, match=f"Audition à noter pour : {enrolment.candidate}"):
            close_session(session, by=scenes.president_of(session))
        note(session, ABSENT)
        close_session(session, by=scenes.president_of(session))

    def test_waits_for_nobody_without_an_hour(self, enrolment):
        session = an_open_session(enrolment)
        decide(session, enrolment)
        assert minutes_of(session).content["candidates"][0]["hearing"] == ""

    def test_does_not_wait_for_who_was_referred_and_the_pv_says_that_no_hearing_was_held(self, session, enrolment):
        """R-JUR-2: nobody could hear them; whoever comes afterwards changes nothing in it."""
        president, member = scenes.president_of(session), other_member(session)
        recused(enrolment, president)
        seat = session.members.get(user=member)
        change_presence(seat, presence=Presence.ABSENT, by=president)
        refer_to_another_session(found(session), by=president)
        change_presence(seat, presence=Presence.PRESENT, by=president)
        assert told_in(minutes_of(session)) == "Convoqué(e) à 14 h 00 ; audition non tenue"
        assert problems() == []

    def test_does_not_wait_for_what_nobody_present_could_note(self, session, enrolment):
        """Whoever replaced the president decided, then left: no decision is undone for a note."""
        president, member = scenes.president_of(session), other_member(session)
        recused(enrolment, president)
        decide_as(session, enrolment, member)
        change_presence(session.members.get(user=member), presence=Presence.ABSENT, by=president)
        assert told_in(minutes_of(session)) == "Convoqué(e) à 14 h 00 ; sa venue n’a pas été notée"

    @pytest.mark.parametrize(
        ("hearing", "expected"),
        [
            (None, "convoqué(e) à 14 h 00 ; audition non tenue"),
            (HEARD, "entendu(e) à 14 h 30 (convoqué(e) à 14 h 00)"),
            (ABSENT, "convoqué(e) à 14 h 00, absent(e)"),
        ],
    )
    def test_does_not_wait_for_who_was_certified_elsewhere(self, enrolment, hearing, expected):
        with time_machine.travel(datetime(2027, 1, 12, 14, tzinfo=PARIS)) as clock:
            first = scenes.a_session(enrolment, opened=True)
            rival = a_rival_session(enrolment)
            to_be_heard(rival)
            president = scenes.president_of(rival)
            open_session(rival, by=president)
            decide(first, enrolment)
            close_session(first, by=scenes.president_of(first))
            clock.move_to(datetime(2027, 1, 12, 14, 30, tzinfo=PARIS))
            if hearing:
                call_candidate(rival, enrolment=enrolment.pk, by=president)
                note(rival, hearing)
            assert told_in(minutes_of(rival)) == expected


class TestTheMinutes:
    @pytest.mark.parametrize(
        ("hearing", "at", "convoked", "expected"),
        [
            (HEARD, None, True, "Entendu(e) à 14 h 30 (convoqué(e) à 14 h 00)"),
            (HEARD, time(14, 5), True, "Entendu(e) à 14 h 05 (convoqué(e) à 14 h 00)"),
            (ABSENT, None, True, "Convoqué(e) à 14 h 00, absent(e)"),
            (ABSENT, None, False, "Audition prévue à 14 h 00, sans convocation, absent(e)"),
            (HEARD, None, False, "Entendu(e) à 14 h 30 (audition prévue à 14 h 00, sans convocation)"),
        ],
    )
    def test_say_whether_they_came(self, session, enrolment, hearing, at, convoked, expected):
        if not convoked:
            Candidacy.objects.update(convoked_at=None)
        note(session, hearing, at=at)
        decide(session, enrolment)
        minutes = minutes_of(session)
        assert minutes.content["schema"] == "parchemin.minutes/5"
        assert told_in(minutes) == expected
        assert problems() == []

    def test_of_an_older_schema_still_print_what_they_say(self, session, enrolment):
        note(session, HEARD)
        decide(session, enrolment)
        content = minutes_of(session).content
        content["schema"] = "parchemin.minutes/4"
        content["candidates"][0]["hearing"] = "convoqué(e) pour être entendu(e) à 14 h 00"
        assert "Convoqué(e) pour être entendu(e) à 14 h 00." in minutes_html(content, fingerprint="0" * 64)
        del content["candidates"][0]["hearing"]
        content["schema"] = "parchemin.minutes/3"
        assert "Audition" not in minutes_html(content, fingerprint="0" * 64)


class TestInTheRoom:
    def page(self, session, user, name="room") -> str:
        return client_of(user).get(reverse(f"juries:{name}", args=[session.pk])).content.decode()

    def post(self, session, user, **data):
        address = reverse("juries:hearing", args=[session.pk, found(session).enrolment_id])
        return client_of(user).post(address, data)

    def test_who_presides_notes_and_the_others_see(self, session):
        president, member = scenes.president_of(session), other_member(session)
        assert "À noter" in self.page(session, member)
        assert "Noter entendu(e)" not in self.page(session, member)
        assert "Noter entendu(e)" in self.page(session, president)
        answer = client_of(member).get(reverse("juries:room_live", args=[session.pk]))
        seen = re.search('data-seen="([^"]+)"', answer.content.decode())[1]
        self.post(session, president, found="heard")
        moved = client_of(member).get(reverse("juries:room_live", args=[session.pk]), {"vu": seen})
        assert moved.status_code == 200
        assert "Entendu(e) à\u00a014\u00a0h\u00a030" in moved.content.decode()

    def test_another_member_has_no_such_page_and_a_recused_president_is_refused_in_words(self, session, enrolment):
        president, member = scenes.president_of(session), other_member(session)
        assert self.post(session, member, found="heard").status_code == 404
        recused(enrolment, president)
        assert self.post(session, president, found="heard").status_code == 302
        assert found(session).hearing == ""
        assert "Noter entendu(e)" not in self.page(session, president)
        assert self.post(session, member, found="heard").status_code == 302
        assert found(session).hearing == HEARD

    @pytest.mark.parametrize(
        ("typed", "said"),
        [("13:10", "Indiquez une heure entre l’ouverture"), ("25:70", "Écrivez l’heure ainsi")],
    )
    def test_an_hour_refused_comes_back_as_typed(self, session, typed, said):
        answer = self.post(session, scenes.president_of(session), found="heard", at=typed)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert said in page
        assert f'value="{typed}"' in page
        assert found(session).hearing == ""

    @pytest.mark.parametrize("data", [{}, {"found": "perhaps"}])
    def test_neither_one_nor_the_other_is_refused_in_words(self, session, data):
        answer = self.post(session, scenes.president_of(session), **data)
        assert answer.status_code == 422
        assert "entendu ou absent" in answer.content.decode()

    def test_what_keeps_the_session_from_closing_is_said_before_the_click(self, session, enrolment):
        president = scenes.president_of(session)
        assert "Avant de clore" not in self.page(session, president, "session")
        decide(session, enrolment)
        page = self.page(session, president, "session")
        assert "Avant de clore, notez cette audition" in page
        assert "Avant de clore" not in self.page(session, other_member(session), "session")
        room = self.page(session, president)
        assert "Audition à noter avant de clore" in room
        assert "Tout est décidé" not in room
        note(session, HEARD)
        assert "Avant de clore" not in self.page(session, president, "session")
        assert "Tout est décidé" in self.page(session, president)

    def test_once_all_are_decided_the_president_is_led_to_the_next_one_to_note(self, enrolment):
        other = scenes.an_enrolment(enrolment.referentiel)
        session = a_session_that_hears(enrolment, other)
        president = scenes.president_of(session)
        before = session.candidacies.get(pk=session.current_id)
        for one in (enrolment, other):
            decide(session, one, Outcome.ADJOURNED)
        note_hearing(before, found=HEARD, by=president)
        page = self.page(session, president)
        assert "Prochaine audition à noter" in page
        waits = session.candidacies.exclude(pk=before.pk).get()
        assert reverse("juries:call", args=[session.pk, waits.enrolment_id]) in page

    def test_the_list_of_the_session_tells_it_except_to_who_stands_back(self, session, enrolment):
        """R-JUR-2."""
        president, member = scenes.president_of(session), other_member(session)
        note(session, ABSENT)
        assert "Absent(e)" in self.page(session, member, "session")
        recused(enrolment, member)
        assert "Absent(e)" not in self.page(session, member, "session")
        assert "Audition</h2>" not in self.page(session, member)
        assert "Absent(e)" in self.page(session, president, "session")


def decide_as(session, enrolment, user):
    client_of(user).post(
        reverse("juries:decide", args=[session.pk, enrolment.pk]),
        {"outcome": "certified", "dossier": enrolment.dossiers.latest("revision").pk},
    )
    assert session.decisions.taken().get().decided_by == user
