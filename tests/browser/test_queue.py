"""Nothing typed is lost, whatever happens to the network, the session, the page or the server (R-SCO-3)."""

import contextlib
import re
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from assessments.models import Mark
from core.models import JournalEntry
from tests import scenes
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.queueing import (
    PATIENCE,
    SAVED,
    a_grille,
    address,
    ce,
    comment,
    comment_of,
    expect_saved,
    judge,
    log_in_again,
    open_grille,
    problem_of,
    rows,
    state,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def grille():
    return a_grille()


@pytest.fixture
def opened(page: Page, live_server, log_in, grille) -> Page:
    page.on("dialog", lambda dialog: dialog.accept())  # « quitter la page ? » : oui
    log_in(grille.evaluateur)
    return open_grille(page, live_server, grille)


def test_what_waits_survives_a_reload_and_leaves_by_itself(opened: Page, context: BrowserContext) -> None:
    opened.route("**/marks/**", lambda route: route.abort())
    judge(opened, 0)
    comment(opened, "Écrit sans réseau.")
    expect(state(opened)).to_have_text("1 en attente, hors ligne")
    opened.reload()
    expect(comment_of(opened)).to_have_value("Écrit sans réseau.")
    expect(ce(opened).get_by_label("Acquis", exact=True)).to_be_checked()
    assert not Mark.objects.exists()
    opened.unroute("**/marks/**")
    expect_saved(opened)
    mark = Mark.objects.get()
    assert (mark.verdict, mark.comment) == ("acquis", "Écrit sans réseau.")
    assert rows(opened) == []


def test_a_closed_tab_loses_nothing(opened: Page, context: BrowserContext, live_server, grille) -> None:
    opened.route("**/marks/**", lambda route: route.abort())
    comment(opened, "Tapé juste avant de fermer.")
    expect(state(opened)).to_have_text("1 en attente, hors ligne")
    opened.close()
    again = open_grille(context.new_page(), live_server, grille)
    expect_saved(again)
    assert Mark.objects.get().comment == "Tapé juste avant de fermer."


def test_what_rests_in_the_browser_is_opaque(opened: Page, grille) -> None:
    opened.route("**/marks/**", lambda route: route.abort())
    comment(opened, "canari-commentaire")
    expect(state(opened)).to_have_text("1 en attente, hors ligne")
    opened.wait_for_function("indexedDB.databases().then((all) => all.length)")
    (row,) = rows(opened)
    assert (row["grille"], row["person"]) == (str(grille.pk), str(grille.evaluateur_id))
    told = str(row)
    assert "canari" not in told
    assert str(grille.soutenance.enrolment.candidate) not in told
    assert "canari" not in opened.evaluate("JSON.stringify([localStorage, sessionStorage])")


def test_a_killed_browser_loses_nothing(playwright: Playwright, live_server, grille, tmp_path: Path, log_in) -> None:
    def start() -> BrowserContext:
        return playwright.chromium.launch_persistent_context(
            str(tmp_path), executable_path=CHROMIUM, args=ARGUMENTS, locale="fr-FR"
        )

    context = start()
    page = context.new_page()
    log_in(grille.evaluateur, page)
    open_grille(page, live_server, grille)
    page.route("**/marks/**", lambda route: route.abort())
    judge(page, 1)
    comment(page, "Avant la panne.", 1)
    expect(state(page)).to_have_text("1 en attente, hors ligne")
    page.wait_for_timeout(500)
    browser = page.context.new_cdp_session(page)
    with contextlib.suppress(Error):  # the browser dies before it can answer
        browser.send("Browser.crash")

    context = start()
    page = context.new_page()
    page.goto(address(live_server, grille))
    if "/compte/" in page.url:  # a session cookie does not outlive the browser
        log_in(grille.evaluateur, page)
        open_grille(page, live_server, grille)
    expect_saved(page)
    mark = Mark.objects.get()
    assert (mark.verdict, mark.comment) == ("acquis", "Avant la panne.")
    context.close()


def test_the_last_text_wins_over_those_typed_during_a_slow_request(opened: Page) -> None:
    opened.route("**/marks/**", lambda route: (opened.wait_for_timeout(3000), route.continue_()))
    judge(opened)
    comment(opened, "un")
    opened.wait_for_timeout(300)
    comment(opened, "un, deux")
    opened.wait_for_timeout(300)
    comment(opened, "un, deux, trois")
    expect_saved(opened)
    mark = Mark.objects.get()
    assert (mark.verdict, mark.comment) == ("acquis", "un, deux, trois")
    assert mark.version == JournalEntry.objects.filter(verb="mark.changed").count()


def test_an_answer_that_never_comes_back_is_asked_again_and_counts_once(opened: Page) -> None:
    lost = []

    def swallow(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())  # stored by the server, and the answer falls into a hole
            route.abort()

    opened.route("**/marks/**", swallow)
    judge(opened)
    expect_saved(opened)
    assert (len(lost), Mark.objects.get().version) == (1, 1)
    assert JournalEntry.objects.filter(verb="mark.changed").count() == 1


def test_a_server_that_is_ill_is_not_pressed_and_gets_all_in_the_end(opened: Page) -> None:
    asked = []

    def ill(route):
        asked.append(1)
        route.fulfill(status=503, headers={"Retry-After": "1"}, body="")

    opened.route("**/marks/**", ill)
    for number in range(4):
        judge(opened, number)
    expect(state(opened)).to_have_text("4 en attente, serveur indisponible")
    opened.wait_for_timeout(1500)
    assert len(asked) <= 9
    opened.unroute("**/marks/**")
    expect_saved(opened)
    assert Mark.objects.count() == 4


def test_an_expired_session_is_opened_again_in_a_dialog_and_what_waits_leaves(opened: Page) -> None:
    Session.objects.all().delete()
    judge(opened)
    expect(state(opened)).to_have_text("1 en attente, session expirée")
    dialog = opened.locator("#login-again")
    expect(dialog.locator("[name=password]")).to_be_focused()
    dialog.locator("[name=password]").fill("pas le bon mot de passe")
    dialog.get_by_role("button", name="Se connecter").click()
    expect(dialog.locator("[data-error]")).to_contain_text(re.compile("mot de passe", re.IGNORECASE))
    assert not Mark.objects.exists()
    log_in_again(opened)
    expect_saved(opened)
    assert Mark.objects.get().verdict == "acquis"


def test_a_session_opened_again_in_another_tab_lets_what_waits_leave(
    opened: Page, context: BrowserContext, second_tab: Page, log_in, grille
) -> None:
    context.clear_cookies()
    judge(opened)
    expect(state(opened)).to_have_text("1 en attente, session expirée")
    opened.get_by_role("button", name="Plus tard").click()
    log_in(grille.evaluateur, second_tab)
    expect_saved(opened)
    assert Mark.objects.get().verdict == "acquis"


def test_nothing_leaves_in_the_name_of_somebody_else(
    opened: Page, context: BrowserContext, second_tab: Page, log_in, grille
) -> None:
    other = scenes.an_evaluateur()
    type(grille.soutenance).objects.filter(pk=grille.soutenance_id).update(second_evaluateur=other)
    foreign = grille.soutenance.grilles.create(evaluateur=other)
    context.clear_cookies()
    log_in(other, second_tab)
    judge(opened)
    expect(state(opened)).to_have_text(f"1 en attente, {other} est connecté ici")
    expect(opened.locator("#login-again")).to_contain_text("rien n’est envoyé sous un autre nom")
    assert not Mark.objects.exists()
    assert not foreign.marks.exists()
    context.clear_cookies()
    log_in(grille.evaluateur, second_tab)
    expect_saved(opened)
    assert Mark.objects.get().grille == grille


def test_another_person_on_this_machine_neither_reads_nor_sends_what_waits(
    opened: Page, context: BrowserContext, second_tab: Page, log_in, live_server, grille
) -> None:
    other = scenes.an_evaluateur()
    type(grille.soutenance).objects.filter(pk=grille.soutenance_id).update(second_evaluateur=other)
    grille.soutenance.grilles.create(evaluateur=other)
    context.set_offline(True)  # a page that closes sends what waits, past any route: nothing may leave
    comment(opened, "Pour moi seul.")
    expect(state(opened)).to_have_text("1 en attente, hors ligne")
    opened.close()
    context.clear_cookies()
    context.set_offline(False)
    log_in(other, second_tab)
    open_grille(second_tab, live_server, grille)
    expect(state(second_tab)).to_have_text("Rien à enregistrer")
    expect(comment_of(second_tab)).to_have_value("")
    second_tab.wait_for_timeout(500)
    assert not Mark.objects.exists()
    assert len(rows(second_tab)) == 1


def test_a_csrf_token_that_changed_or_vanished_is_replaced_by_itself(opened: Page, context: BrowserContext) -> None:
    context.clear_cookies(name="csrftoken")
    judge(opened, 0)
    expect_saved(opened)
    (cookie,) = [cookie for cookie in context.cookies() if cookie["name"] == "csrftoken"]
    context.add_cookies([{**cookie, "value": "x" * 32}])
    judge(opened, 1)
    expect_saved(opened)
    context.add_cookies([{**cookie, "value": "broken"}])
    judge(opened, 2)
    expect_saved(opened)
    assert Mark.objects.count() == 3


def test_a_refused_text_does_not_hold_the_verdict_back(opened: Page) -> None:
    comment(opened, "<b>gras</b>")
    judge(opened)
    expect(problem_of(opened)).to_contain_text("texte simple")
    expect(problem_of(opened)).to_have_attribute("role", "alert")
    expect(state(opened)).to_have_text("1 saisie refusée")
    expect(comment_of(opened)).to_have_attribute("aria-invalid", "true")
    assert (Mark.objects.get().verdict, Mark.objects.get().comment) == ("acquis", "")
    expect(opened.locator(".grille__index li").first).to_contain_text("à résoudre")
    expect(state(opened).get_by_role("link")).to_have_attribute("href", "#" + (ce(opened).get_attribute("id") or ""))
    opened.reload()
    expect(comment_of(opened)).to_have_value("<b>gras</b>")
    expect(state(opened)).to_have_text("1 saisie refusée")
    comment(opened, "gras")
    expect_saved(opened)
    assert Mark.objects.get().comment == "gras"
    expect(opened.locator(".grille__index li").first).not_to_contain_text("à résoudre")


def test_a_text_is_kept_in_the_browser_while_it_is_typed(opened: Page) -> None:
    opened.route("**/marks/**", lambda route: route.abort())
    ce(opened).locator("[data-comment-box] > summary").click()
    comment_of(opened).press_sequentially("mot à mot", delay=10)
    opened.wait_for_timeout(300)
    assert len(rows(opened)) == 1


def test_what_waits_on_another_grille_is_announced_with_its_link(opened: Page, live_server, grille) -> None:
    other = a_grille(1, evaluateur=grille.evaluateur, candidate=scenes.a_candidate("Morel", "Ines"))
    opened.route("**/marks/**", lambda route: route.abort())
    judge(opened, 0)
    judge(opened, 1)
    expect(state(opened)).to_have_text("2 en attente, hors ligne")
    open_grille(opened, live_server, other)
    notice = opened.locator("#pending-elsewhere")
    expect(notice).to_contain_text("2 saisies en attente sur la soutenance de")
    opened.unroute("**/marks/**")
    notice.get_by_role("link").click()
    expect_saved(opened)
    assert set(Mark.objects.values_list("grille", flat=True)) == {grille.pk}


def test_leaving_is_only_questioned_while_something_waits(opened: Page, live_server) -> None:
    asked = []
    opened.on("dialog", lambda dialog: asked.append(dialog.type))
    judge(opened)
    expect_saved(opened)
    opened.reload()
    assert asked == []
    opened.route("**/marks/**", lambda route: route.abort())
    judge(opened, 1)
    expect(state(opened)).to_have_text("1 en attente, hors ligne")
    opened.reload()
    assert asked == ["beforeunload"]


def test_logging_out_waits_for_what_is_not_saved_yet(opened: Page, grille) -> None:
    opened.route("**/marks/**", lambda route: route.abort())
    judge(opened)
    expect(state(opened)).to_have_text("1 en attente, hors ligne")
    opened.locator("[data-menu] summary").click()
    opened.get_by_role("button", name="Se déconnecter", exact=True).click()
    dialog = opened.locator("#logout-pending")
    expect(dialog).to_contain_text("1 saisie en attente")
    dialog.get_by_role("button", name="Attendre puis se déconnecter").click()
    opened.unroute("**/marks/**")
    opened.wait_for_url(lambda url: "/grille/" not in url, timeout=PATIENCE)
    assert Mark.objects.get().verdict == "acquis"


def test_logging_out_never_drops_what_this_browser_could_not_keep_yet(page: Page, live_server, log_in, grille) -> None:
    """R-SCO-3: until the server has given the key that seals it, a change is in the page only, and that is said."""
    log_in(grille.evaluateur)
    page.route("**/pending-keys/", lambda route: route.abort())
    opened = open_grille(page, live_server, grille)
    judge(opened)
    opened.locator("[data-menu] summary").click()
    opened.get_by_role("button", name="Se déconnecter", exact=True).click()
    dialog = opened.locator("#logout-pending")
    expect(dialog).to_contain_text("1 saisie n’est que dans cette page")
    dialog.get_by_role("button", name="Attendre puis se déconnecter").click()
    opened.unroute("**/pending-keys/")
    opened.wait_for_url(lambda url: "/grille/" not in url, timeout=PATIENCE)
    assert Mark.objects.get().verdict == "acquis"


def test_logging_out_all_the_same_keeps_what_waits_for_the_next_time(opened: Page, log_in, live_server, grille) -> None:
    opened.route("**/marks/**", lambda route: route.abort())
    judge(opened)
    expect(state(opened)).to_have_text("1 en attente, hors ligne")
    opened.locator("[data-menu] summary").click()
    opened.get_by_role("button", name="Se déconnecter", exact=True).click()
    opened.locator("#logout-pending").get_by_role("button", name="Se déconnecter maintenant").click()
    opened.wait_for_url(lambda url: "/grille/" not in url)
    assert not Mark.objects.exists()
    opened.unroute("**/marks/**")
    log_in(grille.evaluateur, opened)
    open_grille(opened, live_server, grille)
    expect(state(opened)).to_have_text(SAVED, timeout=PATIENCE)
    assert Mark.objects.get().verdict == "acquis"


def test_the_candidate_and_the_saved_state_stay_in_sight_at_320_pixels(opened: Page, grille) -> None:
    opened.set_viewport_size({"width": 320, "height": 700})
    ce(opened, 3).scroll_into_view_if_needed()
    opened.mouse.wheel(0, 2000)
    box = state(opened).bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 100
    named = opened.locator(".grille-head__state").evaluate("(box) => getComputedStyle(box, '::before').content")
    assert str(grille.soutenance.enrolment.candidate) in named
