"""The answer to an appeal: kept as it is written, restored when it could not leave, given once (R-SCO-3, R-JUR-8)."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from juries.enums import AppealState
from juries.models import AnswerDraft, Appeal
from tests.browser.sitting import Screens
from tests.browser.test_dialogs_accessibility import defects
from tests.juries.appealing import an_appeal_given_to, an_instructor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def appeal() -> Appeal:
    return an_appeal_given_to(an_instructor())


@pytest.fixture
def page(screens: Screens, appeal: Appeal) -> Page:
    return screens(appeal.owner, reverse("juries:appeal", args=[appeal.pk]))


def expect_kept(page: Page) -> None:
    expect(page.locator("#etat")).to_contain_text("Enregistré à")


def test_kept_as_it_is_written_then_given_once(page: Page, appeal: Appeal) -> None:
    page.get_by_label("Réponse motivée").fill("La grille a été relue")
    expect_kept(page)
    page.get_by_label("Rejeté").check()
    expect_kept(page)
    assert defects(page, "an answer being written") == []
    page.reload()
    expect(page.get_by_label("Réponse motivée")).to_have_value("La grille a été relue")
    expect(page.get_by_label("Rejeté")).to_be_checked()
    page.get_by_label("Réponse motivée").fill("La grille a été relue, rien n’est à reprendre.")
    page.get_by_role("button", name="Conclure et répondre au candidat").click()
    expect(page.get_by_role("heading", name="Le recours est rejeté")).to_be_visible()
    appeal.refresh_from_db()
    assert (appeal.state, appeal.answer) == (AppealState.DISMISSED, "La grille a été relue, rien n’est à reprendre.")
    assert not AnswerDraft.objects.exists()


def test_what_could_not_leave_comes_back_with_the_page(page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/reponse/", lambda route: route.abort("internetdisconnected"))
    page.get_by_label("Irrecevable").check()
    page.get_by_label("Réponse motivée").fill("Écrit hors connexion.")
    expect(page.locator("#etat")).to_contain_text("Hors connexion")
    page.reload()
    expect(page.get_by_label("Réponse motivée")).to_have_value("Écrit hors connexion.")
    expect(page.get_by_label("Irrecevable")).to_be_checked()
    page.unroute("**/reponse/")
    expect_kept(page)
    draft = AnswerDraft.objects.get()
    assert (draft.text, draft.conclusion) == ("Écrit hors connexion.", AppealState.INADMISSIBLE)


def test_two_windows_are_both_shown(page: Page, appeal: Appeal) -> None:
    """R-SCO-4."""
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Réponse motivée").fill("Écrit ailleurs.")
    expect_kept(other)
    page.get_by_label("Réponse motivée").fill("Écrit ici.")
    expect(page.get_by_role("heading", name="Deux versions")).to_be_focused()
    assert defects(page, "an answer in conflict") == []
    page.get_by_role("button", name="Garder ma saisie").click()
    expect_kept(page)
    assert AnswerDraft.objects.get().text == "Écrit ici."
