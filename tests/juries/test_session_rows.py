"""R-JUR-3: which revision of a dossier a session shows, before and after it has decided; and at once in its room."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from candidates.services.accommodating import grant_tiers_temps
from core import jobs
from juries.queries.sessions import session_row
from juries.services.dossiers import order_dossier
from juries.services.sessions import close_session
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.assessments.http import client_of
from tests.juries.deliberating import an_open_session, other_member
from tests.juries.sittings import decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment():
    return scenes.a_certifiable_enrolment()


@pytest.fixture
def session(enrolment):
    return an_open_session(enrolment)


def evidence_changes(enrolment) -> None:
    """What the dossier says no longer holds: a measure was granted since."""
    referent = UserFactory(roles=[Role.REFERENT_HANDICAP])
    grant_tiers_temps(enrolment, granted_on=enrolment.enrolled_on, by=referent)


def a_new_revision(enrolment) -> None:
    evidence_changes(enrolment)
    order_dossier(enrolment, by=None)
    jobs.run_due()


def test_a_closed_session_shows_what_was_decided_on(session, enrolment):
    decided = decide(session, enrolment)
    close_session(session, by=scenes.president_of(session))
    a_new_revision(enrolment)
    session.refresh_from_db()
    row = session_row(session, enrolment.pk)
    assert row.dossier == decided.dossier
    assert row.proposal.dossier == decided.dossier
    page = client_of(scenes.president_of(session)).get(reverse("juries:session", args=[session.pk])).content.decode()
    assert "Révision 1" in page
    assert "Révision 2" not in page
    assert "Périmé" not in page


def test_an_open_one_shows_what_is_to_be_decided_on_even_decided_already(session, enrolment):
    decide(session, enrolment)
    a_new_revision(enrolment)
    row = session_row(session, enrolment.pk)
    assert row.dossier.revision == 2


class TestTheRoomHears:
    def live(self, session, user, seen=""):
        answer = client_of(user).get(reverse("juries:room_live", args=[session.pk]), {"vu": seen})
        return answer, answer.content.decode()

    def mark_of(self, html: str, name: str) -> str:
        return html.partition(f'data-{name}="')[2].partition('"')[0]

    def test_that_the_dossier_became_stale_then_was_made_again(self, session, enrolment):
        user = other_member(session)
        _, html = self.live(session, user)
        assert self.live(session, user, self.mark_of(html, "seen"))[0].status_code == 204
        pages = [self.mark_of(html, "page")]
        evidence_changes(enrolment)
        answer, html = self.live(session, user, self.mark_of(html, "seen"))
        assert answer.status_code == 200
        assert "Dossier périmé" in html
        pages.append(self.mark_of(html, "page"))
        order_dossier(enrolment, by=None)
        jobs.run_due()
        answer, html = self.live(session, user, self.mark_of(html, "seen"))
        assert answer.status_code == 200
        assert "Dossier périmé" not in html
        pages.append(self.mark_of(html, "page"))
        assert len(set(pages)) == 3
