"""Remarks are not lost in one click: with a candidate or a member, what goes with them is asked first."""

import pytest
from django.urls import reverse

from juries.models import Remark
from juries.services.remarks import write_remark
from tests import scenes
from tests.assessments.http import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return scenes.a_session(scenes.an_enrolment())


def withdrawing(session) -> str:
    return reverse("juries:withdraw", args=[session.pk, session.candidacies.get().enrolment_id])


def unseating(session) -> str:
    return reverse("juries:unseat", args=[session.pk, session.members.get(is_president=False).pk])


def everybody_writes(session, text="À discuter.") -> None:
    for member in session.members.all():
        write_remark(member, candidacy=session.candidacies.get(), text=text, from_version=0)


@pytest.mark.parametrize(
    ("address_of", "told", "left"),
    [
        (withdrawing, "2 membres ont écrit des remarques sur ce candidat", 0),
        (unseating, "Cette personne a écrit des remarques sur 1 candidat", 1),
    ],
)
def test_it_is_asked_first_and_done_once_confirmed(session, address_of, told, left):
    everybody_writes(session)
    manager, address = client_of(scenes.a_manager()), address_of(session)
    asked = manager.post(address).content.decode()
    assert told in asked
    assert "elles seront effacées" in asked
    assert f'action="{address}"' in asked
    assert Remark.objects.count() == 2
    manager.post(address, {"confirmed": "1"})
    assert Remark.objects.count() == left


@pytest.mark.parametrize("address_of", [withdrawing, unseating])
@pytest.mark.parametrize("text", [None, ""], ids=["nothing", "emptied"])
def test_one_click_is_enough_when_nothing_is_lost(session, address_of, text):
    if text is not None:
        everybody_writes(session)
        for remark in Remark.objects.all():
            write_remark(remark.member, candidacy=remark.candidacy, text=text, from_version=1)
    answer = client_of(scenes.a_manager()).post(address_of(session))
    assert answer.status_code == 302
    assert session.members.count() + session.candidacies.count() == 2
