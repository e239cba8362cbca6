"""A clumsy jury, and a hostile one: nothing counts twice, nothing is shown to who stands back (R-JUR-2, R-JUR-4)."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from candidates.enums import LinkKind
from candidates.services.linking import declare_link
from juries.enums import Outcome
from juries.models import Ballot, JurySession, Vote
from juries.services.deliberating import cast_vote, close_ballot, open_ballot
from juries.services.remarks import write_remark
from tests import scenes
from tests.browser.sitting import Screens, Sitting, a_sitting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sitting() -> Sitting:
    return a_sitting()


def candidacy_of(sitting: Sitting):
    return sitting.session.candidacies.get(enrolment=sitting.enrolments[0])


def a_ballot(sitting: Sitting) -> Ballot:
    return open_ballot(candidacy_of(sitting), by=sitting.president)


def errors(page: Page):
    return page.locator("#messages .notice--danger")


def test_shortcuts_do_nothing_while_writing_nor_once_switched_off(screens: Screens, sitting: Sitting) -> None:
    """WCAG 2.1.4."""
    page = screens(sitting.president, sitting.address())
    page.keyboard.press("r")
    page.keyboard.type("vnf1")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.get_by_label("Raccourcis à une touche").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    page.reload()
    page.keyboard.press("n")
    expect(page.get_by_label("Pour vous seul")).to_have_value("vnf1")
    assert not Ballot.objects.exists()
    assert JurySession.objects.get().current == candidacy_of(sitting)


def test_a_figure_votes_by_its_place_on_a_french_keyboard_and_keeps_its_meaning(
    screens: Screens, sitting: Sitting
) -> None:
    """« & » is the key marked 1; on a candidate who cannot be certified, it votes for nothing."""
    sitting.call(1)
    open_ballot(sitting.session.candidacies.get(enrolment=sitting.enrolments[1]), by=sitting.president)
    page = screens(sitting.member, sitting.address())
    french = "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true}))"
    page.evaluate(french, ["&", "Digit1"])
    page.evaluate(french, ["'", "Digit4"])
    page.keyboard.press("Enter")
    expect(page.get_by_text("Votre vote est enregistré.")).to_be_visible()
    assert Vote.objects.get().outcome == Outcome.ADJOURNED


def test_a_gesture_made_twice_or_a_key_held_down_leaves_once(screens: Screens, sitting: Sitting) -> None:
    page = screens(sitting.president, sitting.address())
    page.get_by_role("button", name="Ouvrir un scrutin").dblclick()
    expect(page.get_by_text("Scrutin ouvert")).to_be_visible()
    expect(errors(page)).to_have_count(0)
    page.keyboard.press("1")
    page.locator("#voter").dblclick()
    expect(page.get_by_text("Votre vote est enregistré.")).to_be_visible()
    expect(errors(page)).to_have_count(0)
    page.wait_for_load_state()
    with page.expect_navigation():
        page.keyboard.press("f")
    page.keyboard.down("n")
    page.keyboard.down("n")  # the browser repeats a key held down
    expect(page.get_by_role("heading", level=1)).to_have_text("Paul BONNET")
    page.keyboard.down("n")
    page.wait_for_timeout(300)
    expect(page.get_by_role("heading", level=1)).to_have_text("Paul BONNET")
    assert Vote.objects.count() == 1


def test_a_vote_after_the_ballot_is_closed_is_refused_in_words(screens: Screens, sitting: Sitting) -> None:
    ballot = a_ballot(sitting)
    member = screens(sitting.member, sitting.address())
    member.route("**/direct/**", lambda route: route.abort("timedout"))
    cast_vote(ballot, outcome=Outcome.CERTIFIED, by=sitting.president)
    close_ballot(ballot, by=sitting.president)
    member.keyboard.press("3")
    member.keyboard.press("Enter")
    expect(errors(member)).to_contain_text("Ce scrutin est clos")
    assert Vote.objects.count() == 1


def test_two_windows_of_the_president_and_the_back_button_show_the_candidate_called(
    screens: Screens, sitting: Sitting
) -> None:
    page = screens(sitting.president, sitting.address())
    other = page.context.new_page()
    other.goto(sitting.address())
    other.keyboard.press("n")
    for one in (page, other):
        expect(one.get_by_role("heading", level=1)).to_have_text("Paul BONNET")
    other.goto(sitting.address("session"))
    sitting.call(2)
    other.go_back()
    expect(other.get_by_role("heading", level=1)).to_have_text("Zoé COLLIN")


def test_who_turns_out_to_be_linked_sees_nothing_more_at_once(screens: Screens, sitting: Sitting) -> None:
    """R-JUR-2: the proposal and the remarks leave the screen, without a reload by hand."""
    member = screens(sitting.member, sitting.address())
    expect(member.get_by_role("heading", name="Ce que propose le logiciel")).to_be_visible()
    candidate = sitting.enrolments[0].candidate
    declare_link(candidate, user=sitting.member, kind=LinkKind.TRAINED, by=scenes.a_manager())
    expect(member.get_by_text("Vous êtes récusé pour ce candidat")).to_be_visible()
    expect(member.get_by_role("heading", name="Ce que propose le logiciel")).to_have_count(0)


def test_a_log_out_elsewhere_asks_to_log_in_and_comes_back_to_the_room(screens: Screens, sitting: Sitting) -> None:
    member = screens(sitting.member, sitting.address())
    Session.objects.all().delete()
    member.wait_for_url(re.compile(r"/compte/login/\?next=.*deliberation"))


def test_remarks_that_could_not_leave_keep_the_page_and_say_so(screens: Screens, sitting: Sitting) -> None:
    asked = []
    member = screens(sitting.member, sitting.address())
    member.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    Session.objects.all().delete()
    member.get_by_label("Pour vous seul").press_sequentially("Écrit trop tard.")
    expect(member.get_by_text("Votre saisie est gardée dans cet onglet").first).to_be_visible()
    expect(member.get_by_text("Vous n’êtes plus à cette délibération")).to_be_visible()
    member.wait_for_timeout(4500)  # two more turns: the browser asks nothing by itself
    expect(member.get_by_label("Pour vous seul")).to_have_value("Écrit trop tard.")
    assert asked == []


def test_remarks_written_in_two_windows_are_both_shown_and_the_choice_is_focused(
    screens: Screens, sitting: Sitting
) -> None:
    """R-SCO-4."""
    member = screens(sitting.member, sitting.address())
    seat = sitting.session.members.get(user=sitting.member)
    write_remark(seat, candidacy=candidacy_of(sitting), text="Écrit ailleurs.", from_version=0)
    member.get_by_label("Pour vous seul").fill("Écrit ici.")
    expect(member.get_by_role("heading", name="Deux versions")).to_be_focused()
    member.get_by_role("button", name="Garder ma saisie").click()
    expect(member.locator("#etat")).to_contain_text("Enregistré à")


def test_sharing_nothing_is_refused_in_words(screens: Screens, sitting: Sitting) -> None:
    member = screens(sitting.member, sitting.address())
    member.get_by_role("button", name="Partager avec le jury").click()
    expect(errors(member)).to_contain_text("Ces remarques sont vides")


def test_the_session_page_leads_to_each_candidate(screens: Screens, sitting: Sitting) -> None:
    president = screens(sitting.president, sitting.address("session"))
    president.get_by_role("button", name="Décider : Zoé COLLIN").click()
    expect(president.get_by_role("heading", level=1)).to_have_text("Zoé COLLIN")
