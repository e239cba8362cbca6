"""What whoever calls the roll is told before opening: the hour, and who was not convoked; neither forbids it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from juries.enums import SessionState
from juries.queries.roll import roll_warnings
from juries.services.convoking import convoke
from tests import scenes
from tests.assessments.http import client_of
from tests.juries.sittings import state_of

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")
EARLY, ON_TIME = datetime(2027, 3, 12, 9, 41, tzinfo=PARIS), datetime(2027, 3, 12, 14, tzinfo=PARIS)


@pytest.fixture
def session():
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=PARIS)):
        return scenes.a_session(scenes.an_enrolment(), held_at=ON_TIME)


def told(session, now) -> list[str]:
    return [one.replace("\u00a0", " ") for one in roll_warnings(session, now=now)]


def test_that_it_is_early_and_that_members_were_not_convoked(session):
    early, silent = "La session est convoquée à 14 h : il est 9 h 41.", "2 membres n’ont pas été convoqués."
    assert told(session, EARLY) == [early, silent]
    assert told(session, ON_TIME) == [silent]
    convoke(session, by=scenes.a_manager())
    assert told(session, EARLY) == [early]
    assert told(session, ON_TIME) == []
    session.members.filter(is_president=False).update(convoked_at=None)
    assert told(session, ON_TIME) == ["1 membre n’a pas été convoqué."]


def test_the_page_says_it_and_opens_all_the_same(session):
    address, president = reverse("juries:open", args=[session.pk]), scenes.president_of(session)
    with time_machine.travel(EARLY):
        client = client_of(president)
        page = client.get(address).content.decode()
        assert "Avant d’ouvrir" in page
        assert "n’ont pas été convoqués" in page
        client.post(address, {"present": [member.pk for member in session.members.all()]})
    assert state_of(session) == SessionState.OPEN
