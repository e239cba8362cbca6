"""Calling people to a session: once, and again when its day or its place changes (R-ALL-3)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from icalendar import Calendar, Event

from core import jobs
from core.exceptions import Refusal
from core.models import JournalEntry
from core.reconcile import problems
from juries.enums import Capacity
from juries.models import Candidacy
from juries.services.convoking import change_session, convoke
from juries.services.sessions import present_candidate, seat_member, unseat_member, withdraw_candidate
from tests import scenes

PARIS = ZoneInfo("Europe/Paris")
pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return scenes.a_session(scenes.a_certifiable_enrolment())


def test_each_member_receives_one_message_with_a_calendar_file(session):
    assert convoke(session, by=scenes.a_manager()) == 2
    jobs.run_due()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(m.user.email for m in session.members.all())
    (name, content, media_type) = mail.outbox[0].attachments[0]
    assert (name, media_type) == ("convocation.ics", "text/calendar")
    assert f"DTSTART:{session.held_at:%Y%m%dT%H%M}" in str(content)
    assert all(member.convoked_at for member in session.members.all())


def test_nobody_is_written_to_twice_for_the_same_day_and_place(session):
    convoke(session, by=scenes.a_manager())
    with pytest.raises(Refusal, match="déjà convoqué"):
        convoke(session, by=scenes.a_manager())
    jobs.run_due()
    assert len(mail.outbox) == 2


def test_another_day_convokes_again(session):
    manager = scenes.a_manager()
    convoke(session, by=manager)
    change_session(
        session, name=session.name, held_at=session.held_at + timedelta(days=1), place=session.place, by=manager
    )
    assert convoke(session, by=manager) == 2
    assert problems() == []


def test_another_day_moves_the_hearings_at_the_same_hour_and_convokes_them_again():
    """From winter to summer time: 15 h 40 stays 15 h 40."""
    with time_machine.travel("2027-03-01T12:00:00+00:00"):
        enrolment, manager = scenes.a_certifiable_enrolment(), scenes.a_manager()
        session = scenes.a_session(enrolment, held_at=datetime(2027, 3, 12, 14, tzinfo=PARIS))
        session.candidacies.update(heard_at=datetime(2027, 3, 12, 15, 40, tzinfo=PARIS))
        convoke(session, by=manager)
        jobs.run_due()
        moved_to = datetime(2027, 4, 2, 9, tzinfo=PARIS)
        change_session(session, name=session.name, held_at=moved_to, place=session.place, by=manager)
        candidacy = session.candidacies.get()
        assert timezone.localtime(candidacy.heard_at) == datetime(2027, 4, 2, 15, 40, tzinfo=PARIS)
        assert candidacy.convoked_at is None
        told = JournalEntry.objects.get(verb="session.changed").data["hearings"]
        assert told == {str(enrolment.pk): "2027-04-02T15:40:00+02:00"}
        mail.outbox.clear()
        assert convoke(session, by=manager) == 3
        jobs.run_due()
        (message,) = [message for message in mail.outbox if message.to == [enrolment.candidate.user.email]]
        assert "DTSTART:20270402T134000Z" in str(message.attachments[0][1])


def test_another_hour_of_the_same_day_moves_no_hearing(session):
    heard_at = timezone.now()
    session.candidacies.update(heard_at=heard_at)
    later = timezone.localtime(session.held_at).replace(hour=23, minute=30)
    change_session(session, name=session.name, held_at=later, place=session.place, by=scenes.a_manager())
    assert session.candidacies.get().heard_at == heard_at


def sent() -> list[tuple[str, Event, str]]:
    """Since the last time: to whom, the appointment, the method of its calendar."""
    jobs.run_due()
    told = []
    for message in mail.outbox:
        (_, content, _) = message.attachments[0]
        calendar = Calendar.from_ical(content)
        told.append((message.to[0], calendar.walk("VEVENT")[0], str(calendar["METHOD"])))
    mail.outbox.clear()
    return told


def test_a_day_given_up_and_come_back_to_replaces_the_same_appointment(session):
    """RFC 5546: one uid, a number that grows, the moment of sending; and an end."""
    manager, first_day = scenes.a_manager(), session.held_at
    president, seen = scenes.president_of(session), []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for held_at in (first_day, first_day + timedelta(days=1), first_day):
            change_session(session, name=session.name, held_at=held_at, place=session.place, by=manager)
            convoke(session, by=manager)
            ((event, method),) = [told[1:] for told in sent() if told[0] == president.email]
            assert (method, event["ORGANIZER"] != "", event["ATTENDEE"]) == (
                "REQUEST",
                True,
                f"mailto:{president.email}",
            )
            assert event["DTSTAMP"].dt == timezone.now().replace(microsecond=0)
            assert event["DTSTART"].dt == held_at.replace(microsecond=0)
            assert event["DTEND"].dt > event["DTSTART"].dt
            seen.append((str(event["UID"]), int(event["SEQUENCE"])))
            clock.shift(timedelta(minutes=1))
    (one,) = {uid for uid, _ in seen}
    assert one
    assert seen == sorted(seen, key=lambda told: told[1])
    assert len({number for _, number in seen}) == 3


def test_who_was_convoked_and_sits_no_more_is_told_and_convoked_anew_in_the_same_appointment(session):
    manager, seat = scenes.a_manager(), session.members.get(is_president=False)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        convoke(session, by=manager)
        ((asked, _),) = [told[1:] for told in sent() if told[0] == seat.user.email]
        clock.shift(timedelta(minutes=1))
        unseat_member(seat, by=manager)
        ((to, taken_back, method),) = sent()
        clock.shift(timedelta(minutes=1))
        seat_member(session, user=seat.user, capacity=Capacity.INTERNAL, by=manager)
        convoke(session, by=manager)
        ((_, again, _),) = sent()
    assert (to, method, taken_back["STATUS"]) == (seat.user.email, "CANCEL", "CANCELLED")
    assert asked["UID"] == taken_back["UID"] == again["UID"]
    assert asked["SEQUENCE"] < taken_back["SEQUENCE"] < again["SEQUENCE"]


def test_a_candidate_convoked_and_withdrawn_is_told_and_one_on_dossier_is_not(session):
    manager = scenes.a_manager()
    other = present_candidate(session, enrolment=scenes.an_enrolment(session.referentiel), by=manager)
    heard = session.candidacies.exclude(pk=other.pk).get()
    Candidacy.objects.filter(pk=heard.pk).update(heard_at=timezone.now())
    convoke(session, by=manager)
    sent()
    for candidacy in (heard, other):
        withdraw_candidate(candidacy, by=manager)
    ((to, _, method),) = sent()
    assert (to, method) == (heard.enrolment.candidate.user.email, "CANCEL")


def test_who_was_never_convoked_is_told_nothing(session):
    unseat_member(session.members.get(is_president=False), by=scenes.a_manager())
    assert sent() == []


def test_another_name_alone_convokes_nobody(session):
    manager = scenes.a_manager()
    convoke(session, by=manager)
    change_session(session, name="Jury d’hiver", held_at=session.held_at, place=session.place, by=manager)
    with pytest.raises(Refusal, match="déjà convoqué"):
        convoke(session, by=manager)


def test_a_candidate_who_is_to_be_heard_is_called_and_told_nothing_of_the_dossier(session):
    Candidacy.objects.update(heard_at=timezone.now())
    convoke(session, by=scenes.a_manager())
    jobs.run_due()
    candidate = session.candidacies.get().enrolment.candidate
    (message,) = [message for message in mail.outbox if message.to == [candidate.user.email]]
    assert "souhaite vous entendre" in message.body
    assert "Certification proposée" not in message.body


def test_a_candidate_on_dossier_is_not_called(session):
    convoke(session, by=scenes.a_manager())
    jobs.run_due()
    assert len(mail.outbox) == session.members.count()


def test_an_open_session_is_neither_changed_nor_called(session):
    opened = scenes.a_session(scenes.an_enrolment(), opened=True)
    for act in (
        lambda: convoke(opened, by=scenes.a_manager()),
        lambda: change_session(opened, name="Autre", held_at=opened.held_at, place="Ici", by=scenes.a_manager()),
    ):
        with pytest.raises(Refusal, match="n’est plus possible"):
            act()
