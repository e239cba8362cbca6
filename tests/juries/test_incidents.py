"""R-JUR-5: what happens during a sitting is written down by its president and told by the procès-verbal."""

import pytest
from django.urls import reverse

from core import files, jobs
from core.exceptions import InvalidInput, Refusal
from core.models import JournalEntry
from juries.enums import SessionState
from juries.models import JurySession, Minutes
from juries.services.noting import note_incident
from juries.services.sessions import close_session
from tests import printed, scenes
from tests.assessments.http import client_of
from tests.candidates.visits import operation_in, read
from tests.juries.sittings import decide, in_state

pytestmark = pytest.mark.django_db
TEXT = "Coupure de la visioconférence pendant douze minutes."


@pytest.fixture
def session() -> JurySession:
    return in_state(SessionState.OPEN)


def page_of(session: JurySession, name: str = "session") -> str:
    return reverse(f"juries:{name}", args=[session.pk])


def minutes_of(session: JurySession) -> str:
    decide(session, session.candidacies.get().enrolment)
    close_session(session, by=scenes.president_of(session))
    jobs.run_due()
    words = printed.words_of(files.read(Minutes.objects.get().pdf))
    return words.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_journal_keeps_it_and_the_minutes_tell_it_with_its_hour_and_its_author(session) -> None:
    president = scenes.president_of(session)
    note_incident(session, text=f"  {TEXT} ", by=president)
    entry = JournalEntry.objects.get(verb="session.incident_noted")
    assert (entry.actor, entry.reason, entry.subject_id) == (president, TEXT, str(session.pk))
    assert f"consigné par {president} : {TEXT}" in minutes_of(session)
    assert [one["text"] for one in Minutes.objects.get().content["incidents"]] == [TEXT]


def test_without_any_the_minutes_say_so(session) -> None:
    assert "Aucun incident n’a été consigné pendant la séance." in minutes_of(session)


def test_an_empty_one_or_one_out_of_a_sitting_is_refused(session) -> None:
    with pytest.raises(InvalidInput, match="Décrivez"):
        note_incident(session, text="  ", by=scenes.president_of(session))
    for state in (SessionState.PREPARING, SessionState.CLOSED):
        other = in_state(state)
        with pytest.raises(Refusal, match="plus possible"):
            note_incident(other, text=TEXT, by=scenes.president_of(other))
    assert not JournalEntry.objects.filter(verb="session.incident_noted").exists()


def test_the_president_notes_it_from_the_session_s_page_and_sent_twice_it_is_noted_once(session) -> None:
    president = client_of(scenes.president_of(session))
    page = read(president.get(page_of(session)))
    assert "Aucun incident n’est consigné." in page
    operation = operation_in(page.partition('id="incidents"')[2])
    for _ in range(2):
        answer = president.post(page_of(session, "note_incident"), {"text": TEXT, "operation": operation})
        assert answer.url == f"{page_of(session)}#incidents"
    assert JournalEntry.objects.filter(verb="session.incident_noted").count() == 1
    assert TEXT in read(president.get(page_of(session)))


def test_what_was_typed_is_not_lost_by_a_refusal(session) -> None:
    president = client_of(scenes.president_of(session))
    page = read(president.post(page_of(session, "note_incident"), {"text": TEXT, "operation": "pas un identifiant"}))
    assert TEXT in page
    assert page.count('data-label="Dossier"') == 1


def test_another_member_reads_them_and_writes_none(session) -> None:
    note_incident(session, text=TEXT, by=scenes.president_of(session))
    member = client_of(session.members.get(is_president=False).user)
    page = read(member.get(page_of(session)))
    assert TEXT in page
    assert "Incident à consigner" not in page
    assert member.post(page_of(session, "note_incident"), {"text": "Autre."}).status_code == 404
