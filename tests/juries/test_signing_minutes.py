"""The procès-verbal is signed by each member present, and one byte changed in it shows (R-JUR-5)."""

import random
from functools import partial

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from core import files, jobs
from core.exceptions import Refusal
from core.reconcile import problems
from core.signatures import check_signatures
from core.signing_key import trusted_certificates
from juries.enums import Capacity
from juries.models import Minutes, MinutesSignature
from juries.services.sessions import close_session, open_session, seat_member
from juries.services.signing import field_of, sign_minutes
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.juries.sittings import decide
from tests.racing import at_once, refusals_in, simultaneous

CHANGES = 200


def a_closed_session(*, absent: User | None = None):
    enrolment = scenes.a_certifiable_enrolment()
    session = scenes.a_session(enrolment)
    present = [member.pk for member in session.members.all()]
    if absent:
        seat_member(session, user=absent, capacity=Capacity.EXTERNAL, by=scenes.a_manager())
    open_session(session, present=present, by=scenes.president_of(session))
    decide(session, enrolment)
    close_session(session, by=scenes.president_of(session))
    jobs.run_due()
    return session


@pytest.fixture
def session():
    return a_closed_session()


@pytest.fixture
def minutes(session):
    return Minutes.objects.get(session=session)


def signed(session, minutes) -> bytes:
    for member in session.members.all():
        sign_minutes(minutes, by=member.user)
    return files.read(minutes.signatures.order_by("rank").last().pdf)


@pytest.mark.django_db
class TestSigning:
    def test_each_member_signs_in_turn_and_every_signature_holds(self, session, minutes):
        states = check_signatures(signed(session, minutes), trusted=trusted_certificates())
        assert [(state.field, state.is_intact) for state in states] == [(field_of(1), True), (field_of(2), True)]
        assert {state.signer for state in states} == {str(member.user) for member in session.members.all()}
        assert problems() == []

    def test_nobody_signs_twice(self, session, minutes):
        president = scenes.president_of(session)
        sign_minutes(minutes, by=president)
        with pytest.raises(Refusal, match="déjà signé"):
            sign_minutes(minutes, by=president)

    def test_who_was_not_there_does_not_sign(self, minutes):
        with pytest.raises(Refusal, match="membres présents"):
            sign_minutes(minutes, by=scenes.a_manager())

    def test_200_random_byte_changes_are_200_detected(self, session, minutes):
        pdf = signed(session, minutes)
        rng = random.Random(20261128)  # noqa: S311  # the same changes each time, not a secret
        trusted, detected = trusted_certificates(), 0
        for _ in range(CHANGES):
            at = rng.randrange(len(pdf))
            altered = pdf[:at] + bytes([pdf[at] ^ rng.randrange(1, 256)]) + pdf[at + 1 :]
            states = check_signatures(altered, trusted=trusted)
            detected += len(states) != 2 or not all(state.is_intact for state in states)
        assert detected == CHANGES


@pytest.mark.django_db
class TestThePage:
    @pytest.fixture
    def president(self, session):
        user = scenes.president_of(session)
        user.set_password("un-mot-de-passe-solide")
        user.save()
        return client_of(user)

    def test_a_wrong_password_signs_nothing(self, president, session):
        page = president.post(reverse("juries:sign", args=[session.pk]), {"password": "un autre"}).content.decode()
        assert "rien n’a été signé" in page
        assert not MinutesSignature.objects.exists()

    def test_the_right_one_signs_and_the_page_says_who_has(self, president, session):
        address = reverse("juries:sign", args=[session.pk])
        page = president.post(address, {"password": "un-mot-de-passe-solide"}, follow=True).content.decode()
        assert "Votre signature est apposée" in page
        assert page.count("Signature attendue") == 1
        assert MinutesSignature.objects.count() == 1

    def test_who_has_signed_reads_when_and_is_asked_nothing_more(self, president, session, minutes):
        address = reverse("juries:sign", args=[session.pk])
        assert "Votre mot de passe" in president.get(address).content.decode()
        sign_minutes(minutes, by=scenes.president_of(session))
        page = president.get(address).content.decode()
        assert "Vous avez signé ce procès-verbal" in page
        assert "Votre mot de passe" not in page

    def test_who_was_not_there_is_told_so_instead_of_asked(self):
        absent = UserFactory(roles=[Role.JURY])
        session = a_closed_session(absent=absent)
        page = client_of(absent).get(reverse("juries:sign", args=[session.pk])).content.decode()
        assert "Vous ne signez pas ce procès-verbal" in page
        assert "Votre mot de passe" not in page

    def test_the_paper_copy_stays_the_one_before_any_signature(self, president, session, minutes):
        sign_minutes(minutes, by=scenes.president_of(session))
        address = reverse("juries:minutes", args=[session.pk])
        assert president.get(address + "?papier").content == files.read(minutes.pdf)
        assert president.get(address).content == files.read(minutes.signatures.get().pdf)


class TestAtTheSameInstant:
    pytestmark = simultaneous

    def test_twenty_signatures_of_two_members_are_two(self):
        session = a_closed_session()
        minutes = Minutes.objects.get(session=session)
        acts = [partial(sign_minutes, minutes, by=member.user) for member in session.members.all()]
        outcomes = at_once(*acts * 10)
        assert len(refusals_in(outcomes)) == 18
        last = files.read(minutes.signatures.order_by("rank").last().pdf)
        assert [state.is_intact for state in check_signatures(last, trusted=trusted_certificates())] == [True, True]


@pytest.mark.django_db
def test_who_publishes_is_told_whose_signature_is_missing(session):
    """A signature by hand is no reason to wait: it is said, not refused."""
    president = scenes.president_of(session)
    other = session.members.get(is_president=False).user
    sign_minutes(Minutes.objects.get(), by=president)
    answer = client_of(president).post(reverse("juries:publish", args=[session.pk]))
    asked = answer.content.decode()
    assert f"attend encore la signature de\u00a0: {other}. " in asked
    session.refresh_from_db()
    assert session.published_at is None
