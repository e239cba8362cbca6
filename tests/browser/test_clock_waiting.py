"""A move of the clock that could not leave is kept for its author, sealed, and sent once (R-SCO-3, R-SCO-7)."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect

from assessments.models import ClockEvent, Grille
from tests import scenes
from tests.browser.queueing import address, log_in_again, open_grille

pytestmark = pytest.mark.django_db(transaction=True)
NOTE = "Malaise du candidat"


@pytest.fixture
def grille() -> Grille:
    return scenes.grille_of(scenes.a_soutenance(second_evaluateur=scenes.an_evaluateur(first_name="Ada")))


@pytest.fixture
def opened(page: Page, live_server, log_in, grille) -> Page:
    page.on("dialog", lambda dialog: dialog.accept())
    log_in(grille.evaluateur)
    open_grille(page, live_server, grille)
    press(page, "start")
    all_sent(page)
    return page


def press(page: Page, move: str) -> None:
    page.locator(f'[data-move="{move}"]').click()


def all_sent(page: Page) -> None:
    expect(page.locator("#clock")).not_to_have_attribute("data-waiting", "")


def signal(page: Page) -> None:
    press(page, "incident")
    page.get_by_label("Ce qui se passe").fill(NOTE)
    page.get_by_role("button", name="Signaler l’incident").click()
    expect(page.locator("[data-word]")).to_have_text("incident en cours")


def cut_off(page: Page) -> None:
    page.route("**/clock/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())


def stored_here(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(localStorage)"))


def test_what_is_said_of_an_incident_rests_sealed_and_survives_a_reload(opened: Page) -> None:
    cut_off(opened)
    signal(opened)
    expect(opened.locator("[data-trouble]")).to_have_text("1 mouvement en attente, hors ligne")
    assert "sealed" in stored_here(opened)
    assert "Malaise" not in stored_here(opened)
    opened.reload()
    expect(opened.locator("[data-word]")).to_have_text("incident en cours")
    opened.unroute("**/clock/")
    all_sent(opened)
    assert [event.note for event in ClockEvent.objects.order_by("number")] == ["", NOTE]


def test_logging_out_waits_for_the_clock_too(opened: Page) -> None:
    cut_off(opened)
    signal(opened)
    opened.locator("[data-menu] summary").click()
    opened.get_by_role("button", name="Se déconnecter", exact=True).click()
    dialog = opened.locator("#logout-pending")
    expect(dialog).to_contain_text("1 saisie en attente")
    dialog.get_by_role("button", name="Attendre puis se déconnecter").click()
    opened.unroute("**/clock/")
    opened.wait_for_url(lambda url: "/grille/" not in url)
    assert ClockEvent.objects.get(move="incident").note == NOTE


def test_a_move_never_leaves_in_the_name_of_the_other_evaluateur(
    opened: Page, context: BrowserContext, log_in, grille
) -> None:
    """Both judge this soutenance: the server would take it from either."""
    window = context.new_page()
    context.clear_cookies()
    log_in(grille.soutenance.second_evaluateur, window)
    press(opened, "pause")
    expect(opened.locator("#login-again")).to_contain_text("est maintenant connecté au compte de Ada")
    assert not ClockEvent.objects.filter(move="pause").exists()
    context.clear_cookies()
    log_in(grille.evaluateur, window)
    all_sent(opened)
    assert ClockEvent.objects.get(move="pause").by == grille.evaluateur


def test_a_stranger_logged_in_meanwhile_loses_nothing_of_it(
    opened: Page, context: BrowserContext, log_in, grille
) -> None:
    """To the server this soutenance does not exist for them: that is no refusal of the move."""
    context.clear_cookies()
    log_in(scenes.an_evaluateur(), context.new_page())
    press(opened, "pause")
    expect(opened.locator("[data-trouble]")).to_have_text("1 mouvement en attente, reconnectez-vous")
    assert "pause" in stored_here(opened)


def test_an_expired_session_is_opened_again_for_the_clock_alone(opened: Page) -> None:
    Session.objects.all().delete()
    press(opened, "pause")
    log_in_again(opened)
    all_sent(opened)
    assert ClockEvent.objects.filter(move="pause").count() == 1


def test_a_changed_csrf_token_is_replaced_without_a_word(opened: Page, context: BrowserContext) -> None:
    context.clear_cookies(name="csrftoken")
    press(opened, "pause")
    all_sent(opened)
    expect(opened.locator("#login-again")).to_be_hidden()
    assert ClockEvent.objects.filter(move="pause").count() == 1


def test_on_a_telephone_the_time_stays_in_sight(opened: Page, live_server, grille) -> None:
    opened.set_viewport_size({"width": 320, "height": 640})
    opened.goto(address(live_server, grille))
    opened.locator(".ce").last.scroll_into_view_if_needed()
    opened.mouse.wheel(0, 3000)
    mini = opened.locator("#clock-mini")
    expect(mini).to_have_text(opened.locator("[data-figures]").inner_text())
    box = mini.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 60
    assert box["x"] + box["width"] <= 320
