"""Whether a candidate was heard is noted by one key, and reaches every screen (R-JUR-5)."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from juries.enums import Hearing
from juries.models import Candidacy
from juries.services.deliberating import open_ballot
from juries.services.sessions import close_session
from tests.browser.sitting import Screens, Sitting, a_sitting
from tests.browser.test_dialogs_accessibility import defects
from tests.juries.sittings import state_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sitting() -> Sitting:
    """Open on its first candidate, who was to be heard at that hour."""
    sitting = a_sitting()
    first = sitting.session.candidacies.filter(enrolment=sitting.enrolments[0])
    first.update(heard_at=timezone.now(), convoked_at=timezone.now())
    return sitting


def candidacy(sitting: Sitting) -> Candidacy:
    return sitting.session.candidacies.get(enrolment=sitting.enrolments[0])


def hour(page: Page):
    return page.get_by_label("Entendu(e) plus tôt")


def before_the_opening() -> str:
    """An hour that the session, opened just now, had not begun at, today or the day before."""
    return "00:00" if timezone.localtime().hour else "23:00"


def test_one_key_notes_and_another_corrects_on_every_screen(screens: Screens, sitting: Sitting) -> None:
    president, member, recused = (
        screens(user, sitting.address()) for user in (sitting.president, sitting.member, sitting.recused)
    )
    expect(member.get_by_text("À noter")).to_be_visible()
    member.keyboard.press("a")  # only who presides notes
    president.keyboard.press("a")
    for page in (president, member):
        expect(page.get_by_text("Absent(e)", exact=True)).to_be_visible()
    expect(president.get_by_role("button", name="Noter entendu(e)")).to_be_visible()
    president.wait_for_load_state()
    president.keyboard.press("h")
    for page in (president, member):
        expect(page.get_by_text("Entendu(e) à").first).to_be_visible()
    expect(member.locator("#said")).to_contain_text("Entendu(e) à")
    assert candidacy(sitting).hearing == Hearing.HEARD
    for words in ("Audition", "Entendu"):
        expect(recused.get_by_role("main").get_by_role("heading", name=words)).to_have_count(0)


def test_an_hour_being_written_outlives_what_happens_meanwhile(screens: Screens, sitting: Sitting) -> None:
    president = screens(sitting.president, sitting.address())
    earlier = f"{timezone.localtime(sitting.session.opened_at):%H:%M}"
    hour(president).fill(earlier)
    open_ballot(candidacy(sitting), by=sitting.president)
    expect(president.get_by_text("Scrutin ouvert")).to_be_visible()
    expect(hour(president)).to_have_value(earlier)
    hour(president).press("Enter")
    expect(president.get_by_text("Entendu(e) à").first).to_be_visible()
    assert f"{timezone.localtime(candidacy(sitting).hearing_held_at):%H:%M}" == earlier


def test_the_way_to_the_closing_goes_through_what_is_not_noted(screens: Screens, sitting: Sitting) -> None:
    sitting.adjourn_all()
    sitting.call(2)
    president = screens(sitting.president, sitting.address("session"))
    expect(president.get_by_role("heading", name="Avant de clore, notez cette audition")).to_be_visible()
    president.goto(sitting.address())
    expect(president.get_by_role("link", name="Tout est décidé")).to_have_count(0)
    president.wait_for_load_state()
    president.keyboard.press("n")
    expect(president.get_by_role("heading", level=1)).to_have_text("Inès ABADIE")
    expect(president.get_by_text("Audition à noter avant de clore")).to_be_visible()
    president.wait_for_load_state()
    president.keyboard.press("h")
    expect(president.get_by_role("link", name="Tout est décidé")).to_be_visible()
    close_session(sitting.session, by=sitting.president)
    assert state_of(sitting.session) == "closed"


def test_without_a_script_two_buttons_note_it(screens: Screens, sitting: Sitting) -> None:
    president = screens(sitting.president, sitting.address(), java_script_enabled=False)
    president.get_by_role("button", name="Noter absent(e)").click()
    expect(president.get_by_text("Absent(e)", exact=True)).to_be_visible()
    too_early = before_the_opening()
    hour(president).fill(too_early)
    president.get_by_role("button", name="Noter entendu(e)").click()
    expect(president.get_by_text("Indiquez une heure entre")).to_be_visible()
    expect(hour(president)).to_have_value(too_early)
    assert candidacy(sitting).hearing == Hearing.ABSENT


def test_axe_finds_nothing_in_any_of_its_states(screens: Screens, sitting: Sitting) -> None:
    page = screens(sitting.president, sitting.address())
    found = defects(page, "to be noted")
    hour(page).fill(before_the_opening())
    page.get_by_role("button", name="Noter entendu(e)").click()
    expect(page.get_by_text("Indiquez une heure entre")).to_be_visible()
    found += defects(page, "an hour refused")
    page.get_by_role("button", name="Noter absent(e)").click()
    expect(page.get_by_text("Absent(e)", exact=True)).to_be_visible()
    found += defects(page, "absent")
    page.keyboard.press("h")
    expect(page.get_by_text("Entendu(e) à").first).to_be_visible()
    found += defects(page, "heard")
    page.goto(sitting.address("session"))
    assert found + defects(page, "in the list") == []
