"""What was typed and not stored is told wherever the person goes next, and never overtaken in silence (R-SCO-3)."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from assessments.models import Grille, Mark
from assessments.services.reopening import reopen
from assessments.services.submission import submit
from tests import scenes
from tests.browser.queueing import (
    a_grille,
    address,
    comment,
    expect_saved,
    judge,
    log_in_again,
    open_grille,
    rows,
    state,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def grille() -> Grille:
    grille = a_grille()
    scenes.mark_all(grille)
    return scenes.grille_of(grille.soutenance)


@pytest.fixture
def opened(page: Page, live_server, log_in, grille) -> Page:
    page.on("dialog", lambda dialog: dialog.accept())  # « quitter la page ? » : oui
    log_in(grille.evaluateur)
    return open_grille(page, live_server, grille)


def cut_off(page: Page) -> None:
    """A comment is typed while marks do not get through."""
    page.route("**/marks/**", lambda route: route.abort())
    comment(page, "Écrit pendant la coupure.")
    page.keyboard.press("Tab")
    expect(state(page)).to_have_text("1 en attente, hors ligne")


def to_review(page: Page, live_server, grille: Grille) -> None:
    page.goto(live_server.url + reverse("assessments:review", args=[grille.soutenance_id]))


def submission(page: Page):
    return page.get_by_role("button", name="Soumettre la grille")


def test_a_grille_is_not_submitted_over_what_has_not_left(opened: Page, live_server, grille) -> None:
    cut_off(opened)
    to_review(opened, live_server, grille)
    unsent = opened.locator("#unsent")
    expect(unsent).to_contain_text("1 saisie n’est pas encore partie")
    expect(submission(opened)).to_be_hidden()
    opened.unroute("**/marks/**")
    unsent.get_by_role("link").click()
    expect_saved(opened)
    to_review(opened, live_server, grille)
    expect(submission(opened)).to_be_visible()
    expect(unsent).to_be_hidden()
    expect(opened.get_by_text("Écrit pendant la coupure.")).to_be_visible()


def test_the_review_waits_for_the_last_mark(opened: Page) -> None:
    asked = []
    opened.on("dialog", lambda dialog: asked.append(dialog.type))
    opened.route("**/marks/**", lambda route: (opened.wait_for_timeout(500), route.continue_()))
    comment(opened, "Écrit juste avant de relire.")
    opened.get_by_role("link", name="Relire et soumettre").click()
    expect(opened.get_by_text("Écrit juste avant de relire.")).to_be_visible()
    expect(opened.locator("#unsent")).to_be_hidden()
    assert (asked, rows(opened)) == ([], [])


def test_submitting_without_it_is_a_choice(opened: Page, live_server, grille) -> None:
    cut_off(opened)
    to_review(opened, live_server, grille)
    opened.get_by_role("button", name="Soumettre sans ces saisies").click()
    expect(submission(opened)).to_be_focused()


def test_another_tab_that_sends_it_opens_the_submission_again(
    opened: Page, second_tab: Page, live_server, grille
) -> None:
    cut_off(opened)
    to_review(second_tab, live_server, grille)
    expect(second_tab.locator("#unsent")).to_be_visible()
    opened.unroute("**/marks/**")
    expect_saved(opened)
    expect(second_tab.get_by_text("Écrit pendant la coupure.")).to_be_visible()
    expect(submission(second_tab)).to_be_visible()


def test_a_locked_grille_shows_what_it_never_received(opened: Page, grille) -> None:
    cut_off(opened)
    submit(scenes.grille_of(grille.soutenance), by=grille.evaluateur)
    opened.reload()
    left = opened.locator("#left")
    expect(left).to_contain_text("1 saisie reste")
    expect(left).to_contain_text("Écrit pendant la coupure.")
    left.get_by_role("button", name="Ne plus les garder").click()
    opened.get_by_role("button", name="Effacer", exact=True).click()
    expect(left).to_be_hidden()
    assert rows(opened) == []


def test_given_back_the_grille_receives_it(opened: Page, live_server, grille) -> None:
    cut_off(opened)
    submit(scenes.grille_of(grille.soutenance), by=grille.evaluateur)
    opened.reload()
    expect(opened.locator("#left")).to_be_visible()
    locked = scenes.grille_of(grille.soutenance)
    reopen(locked, submission=locked.submitted_at, reason="Coupure.", by=scenes.a_manager())
    opened.unroute("**/marks/**")
    opened.reload()
    expect_saved(opened)
    assert Mark.objects.filter(comment="Écrit pendant la coupure.").count() == 1


def test_the_list_of_soutenances_tells_what_waits_and_where(opened: Page, live_server, grille) -> None:
    cut_off(opened)
    opened.goto(live_server.url + reverse("assessments:soutenances"))
    notice = opened.locator("#pending-elsewhere")
    expect(notice).to_contain_text("1 saisie en attente sur la soutenance de")
    opened.unroute("**/marks/**")
    notice.get_by_role("link").click()
    opened.wait_for_url(address(live_server, grille))
    expect_saved(opened)
    opened.goto(live_server.url + reverse("assessments:soutenances"))
    opened.wait_for_load_state("networkidle")
    expect(notice).to_be_hidden()


def test_logging_out_works_after_logging_in_again_in_the_dialog(
    opened: Page, context: BrowserContext, live_server, grille
) -> None:
    Session.objects.all().delete()
    judge(opened, 0, "Non acquis")
    log_in_again(opened)
    expect_saved(opened)
    opened.locator("[data-menu] summary").click()
    opened.get_by_role("button", name="Se déconnecter", exact=True).click()
    opened.wait_for_url(lambda url: "/grille/" not in url)
    opened.goto(address(live_server, grille))
    expect(opened.locator("input[name=login]")).to_be_visible()
