"""What changes around a deliberation reaches each screen at once, and a vote takes two acts (R-JUR-2 to R-JUR-5)."""

import pytest
from playwright.sync_api import Page, expect

from accounts.enums import Role
from candidates.enums import LinkKind
from candidates.services.accommodating import grant_tiers_temps
from candidates.services.linking import declare_link
from core import jobs
from juries.enums import Outcome
from juries.models import Decision, Incident, Vote
from juries.services.deliberating import cast_vote, open_ballot
from juries.services.dossiers import order_dossier
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.browser.sitting import Screens, Sitting, a_sitting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sitting() -> Sitting:
    return a_sitting()


def a_ballot(sitting: Sitting):
    return open_ballot(sitting.session.candidacies.get(enrolment=sitting.enrolments[0]), by=sitting.president)


def evidence_changes(sitting: Sitting) -> None:
    enrolment = sitting.enrolments[0]
    referent = UserFactory(roles=[Role.REFERENT_HANDICAP])
    grant_tiers_temps(enrolment, granted_on=enrolment.enrolled_on, by=referent)


def cast_button(page: Page):
    return page.locator("#voter")


def test_a_key_chooses_and_casts_nothing(screens: Screens, sitting: Sitting) -> None:
    a_ballot(sitting)
    page = screens(sitting.member, sitting.address())
    page.keyboard.press("1")
    expect(cast_button(page)).to_have_text("Voter\u00a0: Certification")
    page.keyboard.press("3")
    expect(cast_button(page)).to_have_text("Voter\u00a0: Refus")
    page.keyboard.press("Escape")
    expect(cast_button(page)).to_have_text("Voter")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    assert not Vote.objects.exists()
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Votre vote est enregistré.")).to_be_visible()
    assert Vote.objects.get().outcome == Outcome.REFUSED


def test_what_is_chosen_outlives_the_votes_of_the_others(screens: Screens, sitting: Sitting) -> None:
    ballot = a_ballot(sitting)
    page = screens(sitting.member, sitting.address())
    page.keyboard.press("2")
    expect(cast_button(page)).to_be_focused()
    cast_vote(ballot, outcome=Outcome.CERTIFIED, by=sitting.president)
    expect(page.get_by_text("A voté")).to_be_visible()
    expect(cast_button(page)).to_have_text("Voter\u00a0: Validation partielle")
    expect(cast_button(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Votre vote est enregistré.")).to_be_visible()
    assert Vote.objects.get(member__user=sitting.member).outcome == Outcome.PARTIAL


def test_a_president_recused_hands_the_candidate_over_at_once(screens: Screens, sitting: Sitting) -> None:
    """R-JUR-2."""
    president, member = (screens(user, sitting.address()) for user in (sitting.president, sitting.member))
    expect(president.get_by_role("heading", name="Au procès-verbal")).to_be_visible()
    candidate = sitting.enrolments[0].candidate
    declare_link(candidate, user=sitting.president, kind=LinkKind.TRAINED, by=scenes.a_manager())
    expect(member.get_by_text("Vous présidez pour ce candidat")).to_be_visible()
    told = president.get_by_role("heading", name="Marc Imbert préside pour ce candidat")
    expect(told).to_be_visible()
    expect(president.get_by_role("heading", name="Au procès-verbal")).to_have_count(0)
    member.get_by_label("Certification").check()
    member.keyboard.press("e")
    expect(member.get_by_role("heading", name="Décision enregistrée")).to_be_visible()
    assert Decision.objects.taken().get().decided_by == sitting.member
    president.keyboard.press("n")
    expect(member.get_by_role("heading", level=1)).to_have_text("Paul BONNET")
    expect(president.get_by_role("heading", name="Au procès-verbal")).to_be_visible()


def test_a_dossier_stale_then_made_again_reaches_every_screen(screens: Screens, sitting: Sitting) -> None:
    """R-JUR-3."""
    member, president = (screens(user, sitting.address()) for user in (sitting.member, sitting.president))
    president.get_by_label("Motif").fill("Un motif en cours.")
    evidence_changes(sitting)
    for page in (member, president):
        expect(page.get_by_text("Dossier périmé")).to_be_visible()
    expect(president.get_by_text("Le dossier ou la présidence a changé")).to_be_visible()
    order_dossier(sitting.enrolments[0], by=None)
    jobs.run_due()
    expect(member.get_by_role("link", name="révision 2")).to_be_visible()
    expect(president.get_by_text("Dossier périmé")).to_have_count(0)
    expect(president.get_by_text("Le dossier ou la présidence a changé")).to_be_visible()
    president.get_by_role("link", name="Actualiser la page").click()
    expect(president.get_by_role("link", name="révision 2")).to_be_visible()
    expect(president.get_by_label("Motif")).to_have_value("Un motif en cours.")


def test_an_incident_is_kept_while_it_is_written_and_noted_once(screens: Screens, sitting: Sitting) -> None:
    """R-JUR-5."""
    president = screens(sitting.president, sitting.address())
    president.keyboard.press("i")
    text = president.get_by_label("Incident à porter")
    expect(text).to_be_focused()
    text.fill("Coupure de six minutes.")
    president.keyboard.press("Escape")
    president.keyboard.press("n")
    expect(president.get_by_role("heading", level=1)).to_have_text("Paul BONNET")
    expect(text).to_have_value("Coupure de six minutes.")
    president.get_by_role("button", name="Noter l’incident").dblclick()
    expect(president.get_by_role("heading", name="Incidents notés")).to_be_visible()
    president.keyboard.press("i")
    expect(text).to_have_value("")
    assert Incident.objects.get().candidacy.enrolment == sitting.enrolments[1]
