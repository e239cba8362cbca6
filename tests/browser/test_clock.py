"""The clock in Chromium: the server's time on every screen, and nothing lost offline (R-SCO-7)."""

import contextlib
import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Error, Page, Route, expect

from assessments.clock import LAWFUL_MOVES
from assessments.enums import ClockMove
from assessments.models import ClockEvent, Mark
from assessments.services.timekeeping import Move, move_clock
from tests import scenes

pytestmark = pytest.mark.django_db(transaction=True)

DEVICE_TWO_HOURS_OFF = """
  const real = Date;
  const shift = 2 * 3600 * 1000;
  globalThis.Date = class extends real {
    constructor(...given) { given.length ? super(...given) : super(real.now() + shift); }
    static now() { return real.now() + shift; }
  };
"""


@pytest.fixture
def grille():
    return scenes.grille_of(scenes.a_soutenance())


@pytest.fixture
def address(live_server, grille) -> str:
    return live_server.url + reverse("assessments:grille", args=[grille.soutenance_id])


@pytest.fixture
def opened(page: Page, log_in, grille, address) -> Page:
    log_in(grille.evaluateur)
    page.goto(address)
    return page


def figures(page: Page):
    return page.locator("[data-figures]")


def press(page: Page, move: str) -> None:
    page.locator(f'[data-move="{move}"]').click()


def all_sent(page: Page) -> None:
    """Nothing waits on this device any more."""
    expect(page.locator("#clock")).not_to_have_attribute("data-waiting", "", timeout=10_000)
    assert not page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('parchemin.clock'))")


def moves_made() -> list[str]:
    return list(ClockEvent.objects.order_by("number").values_list("move", flat=True))


def seconds_shown(page: Page) -> int:
    minutes, seconds = figures(page).inner_text().lstrip("+").split(":")
    return int(minutes) * 60 + int(seconds)


def move(grille, name: str, **asked) -> None:
    move_clock(grille.soutenance, asked=Move(name, **asked), operation=uuid4(), by=grille.evaluateur)


def test_the_buttons_are_those_of_the_lawful_moves(opened: Page) -> None:
    for name in ClockMove:
        lawful = {state for state, moves in LAWFUL_MOVES.items() if name in moves}
        assert set(opened.locator(f'[data-move="{name}"]').get_attribute("data-when").split()) == lawful


def test_starting_pausing_and_ending_from_the_grille(opened: Page) -> None:
    expect(figures(opened)).to_have_text("20:00")
    press(opened, "start")
    expect(figures(opened)).to_have_text(re.compile(r"19:5\d"))
    press(opened, "pause")
    expect(opened.locator("[data-word]")).to_have_text("en pause")
    press(opened, "resume")
    press(opened, "next_phase")
    expect(opened.locator("[data-phase]")).to_have_text("Questions")
    press(opened, "end")
    expect(opened.locator("[data-word]")).to_have_text("terminée")
    all_sent(opened)
    expect(opened.locator("[data-trouble]")).to_be_empty()
    assert moves_made() == ["start", "pause", "resume", "next_phase", "end"]


def test_a_device_two_hours_wrong_shows_the_server_s_time(page: Page, log_in, grille, address) -> None:
    move(grille, "start", seconds_ago=300)
    page.add_init_script(DEVICE_TWO_HOURS_OFF)
    log_in(grille.evaluateur)
    page.goto(address)
    expect(figures(page)).to_have_text(re.compile(r"14:[45]\d"))
    press(page, "pause")
    expect(page.locator("[data-word]")).to_have_text("en pause")
    all_sent(page)
    assert (timezone.now() - ClockEvent.objects.get(move="pause").at).total_seconds() < 5


def test_two_screens_agree_within_two_seconds(opened: Page, second_tab: Page) -> None:
    second_tab.goto(opened.url)
    press(opened, "start")
    expect(figures(second_tab)).to_have_text(re.compile(r"19:5\d"), timeout=2000)
    assert abs(seconds_shown(opened) - seconds_shown(second_tab)) <= 2


def test_another_person_s_screen_follows_without_being_touched(opened: Page, grille) -> None:
    """Another browser has no channel with this one: it asks every five seconds."""
    move(grille, "start", seconds_ago=60)
    expect(figures(opened)).to_have_text(re.compile(r"18:5\d"), timeout=8000)


def test_a_pause_made_offline_is_kept_through_a_reload_and_dated_when_it_was_made(
    opened: Page, context: BrowserContext, grille
) -> None:
    press(opened, "start")
    expect(figures(opened)).to_have_text(re.compile(r"19:5\d"))
    context.set_offline(True)
    press(opened, "pause")
    expect(opened.locator("[data-word]")).to_have_text("en pause")
    expect(opened.locator("[data-trouble]")).to_have_text("1 mouvement en attente, hors ligne")
    opened.wait_for_timeout(4000)
    assert moves_made() == ["start"]
    context.set_offline(False)
    opened.reload()
    expect(opened.locator("[data-word]")).to_have_text("en pause")
    all_sent(opened)
    expect(opened.locator("[data-trouble]")).to_be_empty()
    assert moves_made() == ["start", "pause"]
    assert (timezone.now() - ClockEvent.objects.get(move="pause").at).total_seconds() > 3.5


def test_an_incident_is_dated_at_its_button_and_its_minutes_are_proposed(opened: Page) -> None:
    press(opened, "start")
    press(opened, "incident")
    opened.wait_for_timeout(2500)
    opened.get_by_label("Ce qui se passe").fill("Son coupé")
    opened.get_by_role("button", name="Signaler l’incident").click()
    expect(opened.locator("[data-word]")).to_have_text("incident en cours")
    all_sent(opened)
    incident = ClockEvent.objects.get(move="incident")
    assert (incident.note, (timezone.now() - incident.at).total_seconds() > 2) == ("Son coupé", True)
    press(opened, "resume")
    opened.get_by_role("button", name="Rendre 1 min").click()
    expect(opened.get_by_label("Minutes à rendre")).to_have_value("1")
    opened.get_by_role("button", name="Rendre ces minutes").click()
    expect(figures(opened)).to_have_text(re.compile(r"20:5\d"))
    all_sent(opened)
    assert ClockEvent.objects.get(move="extra").minutes == 1


def test_overtime_is_told_with_a_sign_a_word_and_an_icon_and_marking_goes_on(
    page: Page, log_in, grille, address
) -> None:
    move(grille, "start", seconds_ago=20 * 60 + 125)
    log_in(grille.evaluateur)
    page.goto(address)
    expect(figures(page)).to_have_text(re.compile(r"\+02:\d\d"))
    expect(page.locator("[data-word]")).to_have_text("de dépassement")
    expect(page.locator("[data-icon-over]")).to_be_visible()
    page.locator(".ce").first.get_by_text("Acquis", exact=True).click()
    expect(page.locator("#save-state")).to_have_text(re.compile("Enregistré"))
    assert Mark.objects.exists()


def test_only_phases_and_thresholds_are_announced(page: Page, log_in, grille, address) -> None:
    log_in(grille.evaluateur)
    page.goto(address)
    said = page.locator("#clock [data-said]")
    expect(said).to_be_empty()
    move(grille, "start", seconds_ago=15 * 60 - 12)  # the page is there before the threshold, however slow the machine
    expect(said).to_have_text("Il reste 5 minutes, Présentation", timeout=20_000)
    press(page, "next_phase")
    expect(said).to_have_text("Questions, 10 minutes")


def test_the_focus_goes_to_the_next_move_when_its_button_leaves(opened: Page) -> None:
    opened.locator('[data-move="start"]').focus()
    opened.keyboard.press("Enter")
    expect(opened.locator('[data-move="next_phase"]')).to_be_focused()


def test_the_focus_goes_there_even_when_the_first_answer_is_late(opened: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    opened.route("**/clock/", hold)
    opened.reload(wait_until="domcontentloaded")
    opened.wait_for_selector("#clock[data-ready]")
    opened.locator('[data-move="start"]').focus()
    opened.keyboard.press("Enter")
    expect(opened.locator("#clock")).to_have_attribute("data-waiting", "")
    opened.unroute("**/clock/")
    for route in held:
        with contextlib.suppress(Error):  # of the page before
            route.continue_()
    expect(opened.locator('[data-move="next_phase"]')).to_be_focused()


def test_the_focus_follows_when_another_screen_made_the_move(opened: Page, grille) -> None:
    opened.locator('[data-move="start"]').focus()
    move(grille, "start")
    expect(opened.locator('[data-move="next_phase"]')).to_be_focused(timeout=8000)


def test_a_move_that_another_screen_made_useless_is_told_and_dropped(page: Page, log_in, grille, address) -> None:
    page.route("**/clock/", lambda route: route.continue_() if route.request.method == "POST" else route.abort())
    log_in(grille.evaluateur)
    page.goto(address)
    move(grille, "start")
    press(page, "start")
    expect(page.locator("[data-trouble]")).to_have_text("Le chronomètre tourne déjà.")
    assert moves_made() == ["start"]


def test_without_javascript_the_state_is_still_read(browser, live_server, grille, address) -> None:
    move(grille, "start", seconds_ago=60)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/compte/login/")
    page.fill("input[name=login]", grille.evaluateur.email)
    page.fill("input[name=password]", "un mot de passe de test")
    page.click("main button[type=submit]")
    page.goto(address)
    expect(figures(page)).to_have_text(re.compile(r"1[89]:\d\d"))
    expect(page.locator("[data-phase]")).to_have_text("Présentation")
    context.close()
