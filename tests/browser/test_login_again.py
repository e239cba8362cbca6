"""The session ends while somebody who has a second factor is marking: the dialog sends them there, and all leaves."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.models import Mark
from tests import scenes
from tests.accounts.factories import PASSWORD
from tests.browser.queueing import a_grille, expect_saved, judge, open_grille

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "JBSWY3DPEHPK3PXP"


def a_code() -> str:
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def test_a_second_factor_is_given_in_another_tab_and_what_waits_leaves(page: Page, live_server, log_in) -> None:
    grille = a_grille()
    log_in(grille.evaluateur)
    open_grille(page, live_server, grille)
    TOTP.activate(grille.evaluateur, SECRET)
    Session.objects.all().delete()
    judge(page)
    dialog = page.locator("#login-again")
    expect(dialog).to_be_visible()
    dialog.locator("[name=password]").fill(PASSWORD)
    dialog.get_by_role("button", name="Se connecter").click()
    expect(dialog).to_contain_text("Une seconde vérification est demandée")
    with page.context.expect_page() as opening:
        dialog.get_by_role("link", name="faites-la dans un nouvel onglet").click()
    opening.value.fill("[name=code]", a_code())
    opening.value.locator("main button[type=submit]").first.click()
    opening.value.wait_for_url(lambda url: "/compte/" not in url)
    page.bring_to_front()
    expect(dialog).to_be_hidden()
    expect_saved(page)
    assert Mark.objects.get().verdict == "acquis"


def test_a_page_that_asks_for_its_parts_says_that_the_session_is_over_and_keeps_them(page: Page, live_server, log_in):
    log_in(scenes.a_manager())
    page.goto(live_server.url + reverse("assessments:supervision"))
    heading = page.locator("h1")
    Session.objects.all().delete()
    said = page.locator("#session-over")
    expect(said).to_be_visible(timeout=40_000)
    expect(heading).to_have_text("Supervision")
    expect(page.get_by_label("Mot de passe")).to_have_count(0)
    said.get_by_role("link", name="Reconnectez-vous").click()
    page.wait_for_url("**/compte/login/?next=/supervision/**")
