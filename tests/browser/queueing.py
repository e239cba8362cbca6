"""A grille open in Chromium, and what can be asked of its queue (R-SCO-3)."""

import re
from typing import Any

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from assessments.models import Grille
from tests import scenes
from tests.accounts.factories import PASSWORD
from tests.referentiel.factories import build_referentiel

SAVED = re.compile(r"^Enregistré à \d\d:\d\d:\d\d$")

ROWS = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("parchemin-saisies", 1);
  opening.onerror = () => reject(opening.error);
  opening.onupgradeneeded = () => opening.transaction.abort();
  opening.onsuccess = () => {
    const asked = opening.result.transaction("rows").objectStore("rows").getAll();
    asked.onsuccess = () => { resolve(asked.result); opening.result.close(); };
  };
})"""


def a_grille(competences: int = 2, **fields: Any) -> Grille:
    enrolment = scenes.an_enrolment(build_referentiel(competences=competences), fields.pop("candidate", None))
    return scenes.grille_of(scenes.a_soutenance(enrolment, **fields))


def address(live_server: Any, grille: Grille) -> str:
    return str(live_server.url + reverse("assessments:grille", args=[grille.soutenance_id]))


def open_grille(page: Page, live_server: Any, grille: Grille) -> Page:
    page.goto(address(live_server, grille))
    expect(state(page)).to_be_visible()
    return page


def state(page: Page) -> Locator:
    return page.locator("#save-state")


def expect_saved(page: Page) -> None:
    expect(state(page)).to_have_text(SAVED)


def ce(page: Page, number: int = 0) -> Locator:
    return page.locator(".ce").nth(number)


def judge(page: Page, number: int = 0, verdict: str = "Acquis") -> None:
    ce(page, number).locator(".ce__verdict").get_by_text(verdict, exact=True).click()


def comment(page: Page, text: str, number: int = 0) -> None:
    area = comment_of(page, number)
    if not area.is_visible():
        ce(page, number).locator("[data-comment-box] > summary").click()
    area.fill(text)


def comment_of(page: Page, number: int = 0) -> Locator:
    return ce(page, number).locator("[data-comment-box] textarea")


def problem_of(page: Page, number: int = 0) -> Locator:
    return ce(page, number).locator("[data-problem]")


def rows(page: Page) -> list[dict[str, Any]]:
    """What rests in this browser."""
    return list(page.evaluate(ROWS))


def log_in_again(page: Page) -> None:
    dialog = page.locator("#login-again")
    expect(dialog).to_be_visible()
    dialog.locator("[name=password]").fill(PASSWORD)
    dialog.get_by_role("button", name="Se connecter").click()
    expect(dialog).to_be_hidden()
