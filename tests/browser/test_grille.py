"""The grille in Chromium: the page never lies about what is stored (R-SCO-3, R-SCO-4)."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from assessments.models import Mark
from tests import scenes
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db(transaction=True)

SAVED = re.compile(r"^Enregistré à \d\d:\d\d:\d\d$")


@pytest.fixture
def grille():
    return scenes.grille_of(scenes.a_soutenance(scenes.an_enrolment(build_referentiel(competences=2))))


@pytest.fixture
def opened(page: Page, live_server, log_in, grille) -> Page:
    log_in(grille.evaluateur)
    page.goto(live_server.url + reverse("assessments:grille", args=[grille.soutenance_id]))
    return page


def state(page: Page):
    return page.locator("#save-state")


def test_a_verdict_is_stored_at_the_click_and_the_page_says_when(opened: Page) -> None:
    expect(state(opened)).to_have_text("Rien à enregistrer")
    opened.locator(".ce").first.get_by_text("Acquis", exact=True).click()
    expect(state(opened)).to_have_text(SAVED)
    assert Mark.objects.get().verdict == "acquis"
    expect(opened.locator("#judged")).to_have_text("1")


def test_saving_never_moves_the_buttons_under_a_finger(opened: Page) -> None:
    choice = opened.locator(".ce").first.locator(".big-choice").first
    before = choice.bounding_box()
    choice.click()
    expect(opened.locator(".ce").first.locator("[data-saved]")).to_have_text(re.compile("enregistré à"))
    assert choice.bounding_box() == before


def test_a_comment_is_stored_while_it_is_typed_and_survives_a_reload(opened: Page) -> None:
    first = opened.locator(".ce").first
    first.get_by_text("Non acquis").click()
    first.locator("textarea").first.fill("La stratégie n’est pas écrite.")
    expect(opened.locator(".ce").first.locator("[data-saved]")).to_have_text(re.compile("enregistré à"))
    expect(state(opened)).to_have_text(SAVED)
    opened.reload()
    expect(opened.locator(".ce").first.locator("textarea").first).to_have_value("La stratégie n’est pas écrite.")
    assert Mark.objects.get().comment == "La stratégie n’est pas écrite."


def test_offline_the_mark_waits_and_leaves_when_the_network_is_back(opened: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    opened.locator(".ce").first.get_by_text("Acquis", exact=True).click()
    expect(state(opened)).to_have_text("1 en attente, hors ligne")
    assert not Mark.objects.exists()
    context.set_offline(False)
    expect(state(opened)).to_have_text(SAVED)
    assert Mark.objects.get().version == 1


def test_edits_during_a_slow_request_end_with_the_last_text(opened: Page) -> None:
    opened.route("**/marks/**", lambda route: (opened.wait_for_timeout(1200), route.continue_()))
    first = opened.locator(".ce").first
    first.get_by_text("Acquis", exact=True).click()
    first.locator("summary").first.click()
    first.locator("textarea").first.press_sequentially("premier, puis second", delay=20)
    expect(state(opened)).to_have_text(SAVED, timeout=15_000)
    assert Mark.objects.get().comment == "premier, puis second"


def test_reviewing_and_submitting_locks_the_grille(opened: Page) -> None:
    for ce in opened.locator(".ce").all():
        ce.get_by_text("Acquis", exact=True).click()
    expect(state(opened)).to_have_text(SAVED)
    opened.locator(".grille__index").get_by_text("Relire et soumettre").click()
    expect(opened.get_by_text("Le bloc 1 sera acquis.")).to_be_visible()
    opened.get_by_role("button", name="Soumettre la grille").click()
    opened.get_by_role("button", name="Soumettre", exact=True).click()
    expect(opened.get_by_text("Grille soumise.")).to_be_visible()
    opened.get_by_role("link", name=re.compile("Garnier", re.IGNORECASE)).click()
    expect(opened.get_by_text("soumise et verrouillée")).to_be_visible()
