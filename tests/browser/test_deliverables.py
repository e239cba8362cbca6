"""The livrables beside the grille: read without losing one's place, nor a word."""

import io

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from assessments.services.handing_in import hand_in_file, hand_in_link
from tests import scenes
from tests.assessments import handed
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def grille():
    soutenance = scenes.a_soutenance(scenes.an_enrolment(build_referentiel(competences=3, criteres=5)))
    by = soutenance.enrolment.candidate.user
    for name, content in (("rapport.pdf", handed.a_pdf()), ("analyse.ipynb", handed.a_notebook())):
        hand_in_file(soutenance, source=io.BytesIO(content), name=name, size=len(content), title="", by=by)
    hand_in_link(soutenance, url="https://exemple.fr/projet", title="Application", by=by)
    return scenes.grille_of(soutenance)


@pytest.fixture
def opened(page: Page, live_server, log_in, grille) -> Page:
    log_in(grille.evaluateur)
    page.goto(live_server.url + reverse("assessments:grille", args=[grille.soutenance_id]))
    return page


def test_a_notebook_is_read_by_keyboard_and_escape_gives_the_grille_back(opened: Page) -> None:
    opener = opened.locator("[data-livrables-open]")
    opener.focus()
    opened.keyboard.press("Enter")
    expect(opened.get_by_role("button", name="Document PDF rapport")).to_be_focused()
    opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    frame = opened.frame_locator("[data-frame]")
    expect(frame.locator(".notebook__words")).to_contain_text("Des ventes.")
    expect(frame.locator(".notebook__output")).to_have_text("2")
    frame.locator("pre").first.press("Escape")
    expect(opened.locator("#livrables")).to_be_hidden()
    expect(opener).to_be_focused()


def test_escape_works_before_the_notebook_has_its_styles(opened: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    opened.route("**/notebook.css", hold)
    opened.locator("[data-livrables-open]").click()
    opened.locator("#livrables").get_by_role("button", name="analyse").click()
    pre = opened.frame_locator("[data-frame]").locator("pre").first
    pre.wait_for(state="attached")
    pre.press("Escape")
    expect(opened.locator("#livrables")).to_be_hidden()
    assert held  # it was still waiting for its styles
    held[0].abort()


def test_a_pdf_is_framed_by_our_page(opened: Page) -> None:
    refused = []
    opened.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    opened.locator("[data-livrables-open]").click()
    with opened.expect_response("**/livrables/**") as answer:
        opened.get_by_role("button", name="Document PDF rapport").click()
    assert answer.value.status == 200
    opened.wait_for_timeout(1000)
    assert refused == []


def test_opening_and_closing_touches_neither_the_place_nor_what_is_typed(opened: Page) -> None:
    ce = opened.locator(".ce").nth(8)
    ce.locator("summary").first.click()
    ce.locator("textarea").first.fill("Une phrase commencée")
    before = ce.bounding_box()["y"]
    opened.evaluate("document.querySelector('[data-livrables-open]').click()")
    expect(opened.locator("#livrables")).to_be_visible()
    opened.locator("[data-livrables-close]").click()
    expect(ce.locator("textarea").first).to_have_value("Une phrase commencée")
    assert abs(ce.bounding_box()["y"] - before) < 2


def test_the_width_is_changed_by_keyboard_and_remembered(opened: Page) -> None:
    opened.locator("[data-livrables-open]").click()
    edge = opened.get_by_role("separator", name="Largeur des livrables")
    edge.press("ArrowLeft")
    expect(edge).to_have_attribute("aria-valuenow", "50")
    opened.reload()
    expect(edge.or_(opened.locator(".livrables__edge"))).to_have_attribute("aria-valuenow", "50")


def test_a_link_leaves_in_another_tab_without_saying_where_from(opened: Page) -> None:
    opened.locator("[data-livrables-open]").click()
    link = opened.locator("#livrables a", has_text="Application")
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener noreferrer")
