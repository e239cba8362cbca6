"""What opens over the grille is as accessible as what it covers: axe-core finds nothing, in both schemes (WCAG 2.2)."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.models import Deliverable, Grille
from assessments.services.handing_in import hand_in_link
from assessments.services.submission import submit
from tests import scenes
from tests.browser.axe import defects
from tests.browser.queueing import a_grille, comment, judge, open_grille, state
from tests.browser.test_queue_agreement import written_elsewhere

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def grille() -> Grille:
    grille = a_grille(1)
    candidate = grille.soutenance.enrolment.candidate.user
    hand_in_link(grille.soutenance, url="https://exemple.fr/projet", title="Dépôt", by=candidate)
    assert Deliverable.objects.exists()
    return grille


@pytest.fixture
def opened(page: Page, live_server, log_in, grille) -> Page:
    page.emulate_media(reduced_motion="reduce")
    page.on("dialog", lambda dialog: dialog.accept())
    log_in(grille.evaluateur)
    return open_grille(page, live_server, grille)


def close(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_the_dialogs_of_a_quiet_grille(opened: Page) -> None:
    found = []
    opened.locator("[data-open-keys]").click()
    found += defects(opened, "help")
    close(opened)
    comment(opened, "Clair.")
    opened.locator("[data-snippets-for]").first.click()
    found += defects(opened, "snippets")
    close(opened)
    opened.locator('[data-move="start"]').click()
    opened.locator('[data-move="incident"]').click()
    found += defects(opened, "incident")
    close(opened)
    opened.locator('[data-move="extra"]').click()
    found += defects(opened, "time given back")
    close(opened)
    opened.locator("[data-livrables-open]").click()
    found += defects(opened, "livrables")
    assert found == []


def test_a_conflict_and_the_page_behind_it(opened: Page, grille) -> None:
    written_elsewhere(grille)
    judge(opened)
    expect(opened.locator("#conflict")).to_be_visible()
    found = defects(opened, "conflict")
    opened.locator("#conflict summary").click()
    found += defects(opened, "conflict, merging")
    close(opened)
    assert found + defects(opened, "conflict put off") == []


def test_logging_in_again_and_logging_out(opened: Page) -> None:
    Session.objects.all().delete()
    judge(opened)
    expect(opened.locator("#login-again")).to_be_visible()
    found = defects(opened, "log in again")
    close(opened)
    opened.locator("[data-menu] summary").click()
    opened.get_by_role("button", name="Se déconnecter", exact=True).click()
    expect(opened.locator("#logout-pending")).to_be_visible()
    assert found + defects(opened, "log out") == []


def test_a_form_that_waits_for_a_log_in_or_for_the_server(opened: Page, live_server) -> None:
    opened.goto(live_server.url + reverse("assessments:snippets"))
    opened.locator("[name=text]").fill("Clair et complet.")
    sending = opened.get_by_role("button", name="Garder cette phrase")
    Session.objects.all().delete()
    sending.click()
    expect(opened.locator("#login-again")).to_be_visible()
    found = defects(opened, "log in again to send")
    close(opened)
    opened.context.set_offline(True)
    sending.click()
    expect(opened.locator("#not-sent")).to_be_visible()
    assert found + defects(opened, "not sent") == []


def test_what_a_locked_grille_never_received(opened: Page, grille) -> None:
    scenes.mark_all(grille)
    opened.reload()
    opened.route("**/marks/**", lambda route: route.abort())
    comment(opened, "Écrit pendant la coupure.")
    opened.keyboard.press("Tab")
    expect(state(opened)).to_have_text("1 en attente, hors ligne")
    opened.goto(opened.url.replace("grille", "relecture"))
    expect(opened.locator("#unsent")).to_be_visible()
    found = defects(opened, "review")
    submit(scenes.grille_of(grille.soutenance), by=grille.evaluateur)
    opened.goto(opened.url.replace("relecture", "grille"))
    expect(opened.locator("#left")).to_be_visible()
    found += defects(opened, "locked")
    opened.locator("[data-forget]").click()
    assert found + defects(opened, "forgetting") == []
