"""The editor in Chromium: by keyboard alone, in two tabs, without network, without JavaScript, by dragging."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from accounts.enums import Role
from accounts.models import User
from core.models import JournalEntry
from referentiel.models import Competence, Critere, Referentiel
from tests.accounts.factories import PASSWORD, UserFactory
from tests.browser.axe import violations
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db(transaction=True)
SAVED = re.compile(r"^Enregistré à \d\d:\d\d:\d\d$")


@pytest.fixture
def admin() -> User:
    return UserFactory(roles=[Role.ADMINISTRATEUR], password=PASSWORD)


@pytest.fixture
def draft() -> Referentiel:
    return build_referentiel(blocs=2, competences=2, criteres=3, published=False)


def critere_of(draft: Referentiel) -> Critere:
    return draft.criteres.get(competence__code="C1.1.1", number=1)


def numbers(competence: Competence) -> list[int]:
    return list(competence.criteres.order_by("position").values_list("number", flat=True))


def open_node(page: Page, live_server: Any, node: Any, kind: str) -> Page:
    page.goto(live_server.url + reverse("referentiel:node", args=[node.referentiel_id, kind, node.pk]))
    return page


def state(page: Page) -> Any:
    return page.locator("#etat")


def focused_text(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def press_until(page: Page, words: str, key: str = "Tab") -> None:
    """Go with the keyboard alone to the control that says these words."""
    for _ in range(80):
        page.keyboard.press(key)
        if words in focused_text(page):
            return
    raise AssertionError(f"the keyboard never reaches « {words} »")


def test_a_ce_is_edited_by_keyboard_and_saved_as_it_is_typed(page: Page, live_server, log_in, admin, draft) -> None:
    log_in(admin)
    critere = critere_of(draft)
    open_node(page, live_server, draft.competences.get(code="C1.1.1"), "competence")
    press_until(page, "Le candidat a satisfait au critère 1")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("C1.1.1 CE1")

    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "text":
            break
    page.keyboard.press("Control+End")
    page.keyboard.type(" Les choix sont datés.")

    expect(state(page)).to_have_text(SAVED)
    critere.refresh_from_db()
    assert critere.text.endswith("critère 1 de C1.1.1. Les choix sont datés.")
    page.locator("[name=number]").fill("7")
    expect(page.locator("h1")).to_have_text("C1.1.1 CE7")
    expect(page.locator("#verifications")).to_contain_text("la numérotation saute CE1")
    expect(page.locator("#annulation")).to_contain_text("modification de C1.1.1 CE7")


def test_nodes_are_reordered_copied_and_put_back_by_keyboard(page: Page, live_server, log_in, admin, draft) -> None:
    log_in(admin)
    competence = draft.competences.get(code="C1.1.1")
    open_node(page, live_server, competence, "competence")

    press_until(page, "CE3")
    with page.expect_navigation():
        page.keyboard.press("Alt+ArrowUp")
    assert focused_text(page) == "Monter C1.1.1 CE3"
    with page.expect_navigation():
        page.keyboard.press("Alt+ArrowUp")
    assert numbers(competence) == [3, 1, 2]

    press_until(page, "Dupliquer C1.1.1 CE3")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("C1.1.1 CE4")
    assert numbers(competence) == [3, 1, 2, 4]

    press_until(page, "duplication, qui a fait")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert numbers(competence) == [3, 1, 2]
    expect(page.locator("#messages")).to_contain_text("annulé")


def test_two_tabs_on_one_node_show_both_values_and_let_choose(
    page: Page, second_tab: Page, live_server, log_in, admin, draft
) -> None:
    """R-SCO-4, kept for the référentiel."""
    log_in(admin)
    critere = critere_of(draft)
    for window in (page, second_tab):
        open_node(window, live_server, critere, "critere")
    second_tab.locator("[name=text]").fill("Écrit dans l’autre onglet")
    expect(state(second_tab)).to_have_text(SAVED)

    page.locator("[name=text]").fill("Écrit ici")

    conflict = page.locator("#conflit section")
    expect(conflict).to_be_focused()
    for words in ("Écrit ici", "Écrit dans l’autre onglet"):
        expect(conflict).to_contain_text(words)
    critere.refresh_from_db()
    assert critere.text == "Écrit dans l’autre onglet"
    assert not violations(page)
    page.locator("[name=text]").fill("Écrit ici, après lecture de l’autre")
    conflict.get_by_role("button", name="Garder ma saisie").press("Enter")
    expect(state(page)).to_have_text(SAVED)
    expect(conflict).to_have_count(0)
    critere.refresh_from_db()
    assert critere.text == "Écrit ici, après lecture de l’autre"
    assert JournalEntry.objects.filter(verb="referentiel.critere_changed").count() == 2


def test_what_is_stored_can_be_taken_instead(page: Page, second_tab: Page, live_server, log_in, admin, draft) -> None:
    log_in(admin)
    for window in (page, second_tab):
        open_node(window, live_server, critere_of(draft), "critere")
    second_tab.locator("[name=text]").fill("Écrit dans l’autre onglet")
    expect(state(second_tab)).to_have_text(SAVED)
    page.locator("[name=text]").fill("Écrit ici")

    page.locator("#conflit").get_by_text("Prendre ce qui est enregistré").click()

    expect(page.locator("[name=text]")).to_have_value("Écrit dans l’autre onglet")


def test_what_is_typed_without_network_survives_a_reload_and_is_stored(
    page: Page, live_server, log_in, admin, draft
) -> None:
    log_in(admin)
    critere = critere_of(draft)
    open_node(page, live_server, critere, "critere")
    page.on("dialog", lambda dialog: dialog.accept())
    page.route(
        "**/edition/critere/**", lambda route: route.abort() if route.request.method == "POST" else route.fallback()
    )

    page.locator("[name=text]").fill("Tapé hors connexion")
    page.locator("[name=mandatory]").check()
    expect(state(page)).to_contain_text("Hors connexion")
    page.reload()
    expect(page.locator("[name=text]")).to_have_value("Tapé hors connexion")
    expect(state(page)).to_contain_text("Hors connexion")
    page.unroute("**/edition/critere/**")

    expect(state(page)).to_have_text(SAVED)
    critere.refresh_from_db()
    assert (critere.text, critere.mandatory) == ("Tapé hors connexion", True)


def test_what_cannot_be_stored_is_told_and_stays(page: Page, live_server, log_in, admin, draft) -> None:
    log_in(admin)
    open_node(page, live_server, critere_of(draft), "critere")

    page.locator("[name=number]").fill("2")
    expect(state(page)).to_contain_text("déjà pris")
    page.locator("[name=number]").fill("8")

    expect(state(page)).to_have_text(SAVED)


def test_nodes_are_dragged_in_their_list_and_onto_the_tree(page: Page, live_server, log_in, admin, draft) -> None:
    log_in(admin)
    competence, other = draft.competences.get(code="C1.1.1"), draft.competences.get(code="C1.1.2")
    open_node(page, live_server, competence, "competence")
    rows = page.locator("[data-arrange] > li")

    with page.expect_navigation():
        rows.nth(2).drag_to(rows.nth(0))
    assert numbers(competence) == [3, 1, 2]
    with page.expect_navigation():
        rows.nth(0).drag_to(page.locator(f'.tree [data-accepts="critere"][data-parent="{other.pk}"]'))

    assert numbers(competence) == [1, 2]
    assert numbers(other) == [1, 2, 3, 4]


def test_what_is_found_is_read_and_opened_by_keyboard(page: Page, live_server, log_in, admin, draft) -> None:
    log_in(admin)
    page.goto(live_server.url + reverse("referentiel:edit", args=[draft.pk]))

    page.locator("[name=q]").focus()
    page.keyboard.type("CRITERE 2 de c2.1.1")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("1 élément")
    assert not violations(page)
    press_until(page, "C2.1.1 CE2")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("C2.1.1 CE2")


def test_the_editor_works_without_javascript(browser: Browser, live_server, admin, draft) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{live_server.url}/compte/login/")
    page.fill("input[name=login]", admin.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    competence = draft.competences.get(code="C1.1.1")
    open_node(page, live_server, critere_of(draft), "critere")

    page.fill("#noeud [name=text]", "Sans script")
    page.click("#noeud button[type=submit]")
    expect(page.locator("#messages")).to_contain_text("Enregistré.")
    page.fill("[name=q]", "sans SCRIPT")
    page.press("[name=q]", "Enter")
    page.click("text=C1.1.1 CE1")
    page.click("text=dans >> a:has-text('C1.1.1')")
    page.click("button:has-text('Descendre C1.1.1 CE1')")
    page.click("#annulation button")

    assert critere_of(draft).text == "Sans script"
    assert numbers(competence) == [1, 2, 3]
    assert JournalEntry.objects.filter(verb="referentiel.change_undone").count() == 1
    context.close()
