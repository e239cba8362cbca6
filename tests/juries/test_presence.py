"""Who arrives and who leaves while the session is open, as the procès-verbal will print it (R-JUR-1, R-JUR-5)."""

import pytest
from django.urls import reverse

from core.exceptions import Refusal
from core.models import JournalEntry
from juries.enums import Presence
from juries.services.declaring import change_presence
from tests import scenes
from tests.assessments.http import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return scenes.a_session(scenes.an_enrolment(), opened=True)


def post(session, member, data):
    address = reverse("juries:presence", args=[session.pk, member.pk])
    return client_of(scenes.president_of(session)).post(address, data, follow=True).content.decode()


@pytest.mark.parametrize("data", [{}, {"presence": ""}, {"presence": "parti"}, {"presence": "expected"}])
def test_what_is_neither_present_nor_absent_changes_nothing_and_says_so(session, data):
    member = session.members.get(is_president=False)
    assert "Dites si ce membre est présent ou absent" in post(session, member, data)
    member.refresh_from_db()
    assert member.presence == Presence.PRESENT
    assert not JournalEntry.objects.filter(verb="session.presence_changed").exists()


def test_what_is_said_is_noted(session):
    member = session.members.get(is_president=False)
    for presence in (Presence.ABSENT, Presence.PRESENT):
        post(session, member, {"presence": presence})
        member.refresh_from_db()
        assert member.presence == presence


def test_the_president_is_never_noted_absent(session):
    president = session.members.get(is_president=True)
    with pytest.raises(Refusal, match="sans président, le jury ne délibère pas"):
        change_presence(president, presence=Presence.ABSENT, by=president.user)
    assert "ne délibère pas" in post(session, president, {"presence": "absent"})
    president.refresh_from_db()
    assert president.presence == Presence.PRESENT
