"""The session ends while somebody writes: the page asks them to log in over it, and what they sent leaves (R-SCO-3)."""

import datetime as dt
import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, Request, Route, expect

from accounts.models import User
from assessments.enums import DeliverableKind
from assessments.models import Deliverable, Mark, Soutenance
from candidates.enums import LinkKind
from candidates.models import Candidate, DeclaredLink
from candidates.services.linking import declare_link
from core.models import JournalEntry
from juries.enums import AppealState, Outcome
from juries.models import Ballot, Vote
from juries.services.deliberating import cast_vote, open_ballot
from tests import scenes
from tests.accounts.factories import PASSWORD
from tests.assessments import handed
from tests.browser.queueing import a_grille, expect_saved, judge, log_in_again, open_grille
from tests.browser.sitting import Screens, a_sitting
from tests.juries.appealing import ANSWER, an_appeal_given_to, an_instructor

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "JBSWY3DPEHPK3PXP"
ASKED = reverse("api:session")
CIVIL_STATUS = {
    "Nom de naissance": "Le Goff",
    "Nom d’usage": "Le Goff-Diallo",
    "Prénoms": "Maëlle, Anne",
    "Date de naissance": "1994-02-28",
    "Lieu de naissance": "Quimper",
    "Adresse électronique": "maelle@exemple.fr",
}


def a_code() -> str:
    counters = [*yield_hotp_counters_from_time()]
    return format_hotp_value(hotp_value(SECRET, counters[len(counters) // 2]))  # now, between those also taken


@pytest.fixture(autouse=True)
def _a_code_is_good_a_little_longer(settings: Any) -> None:
    """A second factor typed at the end of its half-minute may arrive in the next one."""
    settings.MFA_TOTP_TOLERANCE = 1


def end_every_session() -> None:
    Session.objects.all().delete()


def dialog_of(page: Page) -> Locator:
    return page.locator("#login-again")


def not_sent(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Votre envoi n’est pas parti")


def asked_of(page: Page) -> list[Request]:
    """What the page asks of the server from now on to know who is logged in, and the forms it sends there."""
    asked: list[Request] = []
    page.on("request", lambda one: asked.append(one) if ASKED in one.url or one.is_navigation_request() else None)
    return asked


def questions(asked: list[Request]) -> int:
    return sum(ASKED in one.url for one in asked)


def posts(asked: list[Request]) -> int:
    return sum(one.method == "POST" for one in asked)


@pytest.fixture
def manager() -> User:
    return scenes.a_manager()


@pytest.fixture
def filling(screens: Screens, manager: User) -> Page:
    """A manager has just typed a whole civil status, and not sent it yet."""
    page = screens(manager, reverse("candidates:open"))
    for label, value in CIVIL_STATUS.items():
        page.locator("main").get_by_label(label).fill(value)
    return page


def sending(page: Page) -> Locator:
    return page.get_by_role("button", name="Ouvrir le dossier")


def expect_as_typed(page: Page) -> None:
    for label, value in CIVIL_STATUS.items():
        expect(page.locator("main").get_by_label(label)).to_have_value(value)


def expect_opened_once(page: Page, by: User) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("LE GOFF")
    candidate = Candidate.objects.get()
    typed = [candidate.family_name, candidate.usage_name, candidate.given_names, candidate.birth_date.isoformat()]
    assert [*typed, candidate.birth_place, candidate.user.email] == list(CIVIL_STATUS.values())
    assert JournalEntry.objects.get(verb="candidate.opened").actor_id == by.pk


class TestALongForm:
    """R-SCO-3: whatever was typed is sent once, whole, by who typed it."""

    def test_leaves_whole_after_the_log_in(self, filling: Page, manager: User) -> None:
        end_every_session()
        asked = asked_of(filling)
        sending(filling).click()
        expect(dialog_of(filling)).to_have_accessible_description(re.compile("n’est perdu"))
        expect(dialog_of(filling).locator("[name=password]")).to_be_focused()
        assert posts(asked) == 0
        expect_as_typed(filling)
        filling.keyboard.type(PASSWORD)
        filling.keyboard.press("Enter")
        expect_opened_once(filling, manager)
        assert posts(asked) == 1

    def test_put_off_stays_as_it_was_and_may_be_sent_again(self, filling: Page, manager: User) -> None:
        end_every_session()
        sending(filling).press("Enter")
        expect(dialog_of(filling)).to_be_visible()
        filling.keyboard.press("Escape")
        expect(dialog_of(filling)).to_be_hidden()
        expect(sending(filling)).to_be_focused()
        expect_as_typed(filling)
        assert not Candidate.objects.exists()
        filling.keyboard.press("Enter")
        log_in_again(filling)
        expect_opened_once(filling, manager)

    def test_asks_before_the_page_is_left_while_it_waits(self, filling: Page) -> None:
        end_every_session()
        sending(filling).click()
        expect(dialog_of(filling)).to_be_visible()
        with filling.expect_event("dialog") as asking:
            filling.close(run_before_unload=True)
        assert asking.value.type == "beforeunload"
        asking.value.dismiss()
        expect_as_typed(filling)

    def test_never_leaves_in_the_name_of_somebody_else(self, filling: Page, manager: User, log_in) -> None:
        other, window = scenes.a_manager(), filling.context.new_page()
        filling.context.clear_cookies()
        log_in(other, window)
        sending(filling).click()
        dialog = dialog_of(filling)
        expect(dialog).to_have_accessible_description(re.compile(f"compte de {other}.* rien n’est envoyé"))
        dialog.locator("[name=password]").fill(PASSWORD)
        dialog.get_by_role("button", name="Se connecter").click()
        expect(dialog.get_by_role("alert")).to_contain_text("elle doit d’abord se déconnecter")
        expect_as_typed(filling)
        assert not Candidate.objects.exists()
        filling.context.clear_cookies()
        log_in_again(filling)
        expect_opened_once(filling, manager)

    def test_pressed_twice_leaves_once(self, filling: Page, manager: User) -> None:
        asked = asked_of(filling)
        sending(filling).dblclick()
        expect_opened_once(filling, manager)
        assert (questions(asked), posts(asked)) == (1, 1)

    def test_is_checked_by_the_browser_first(self, filling: Page) -> None:
        end_every_session()
        asked = asked_of(filling)
        filling.get_by_label("Prénoms").fill("")
        sending(filling).click()
        expect(filling.get_by_label("Prénoms")).to_be_focused()
        assert asked == []

    def test_of_a_page_older_than_the_log_in_has_the_new_token(self, filling: Page, manager: User, log_in) -> None:
        """Another tab logged in again: the token of this page would be refused (403)."""
        filling.context.clear_cookies()
        log_in(manager, filling.context.new_page())
        sending(filling).click()
        expect_opened_once(filling, manager)

    def test_says_that_it_did_not_leave_when_the_server_does_not_answer(self, filling: Page, manager: User) -> None:
        filling.context.set_offline(True)
        sending(filling).click()
        expect(not_sent(filling)).to_be_visible()
        filling.keyboard.press("Escape")
        expect(sending(filling)).to_be_focused()
        expect_as_typed(filling)
        sending(filling).click()
        expect(not_sent(filling)).to_be_visible()
        filling.context.set_offline(False)
        not_sent(filling).get_by_role("button", name="Réessayer").click()
        expect_opened_once(filling, manager)

    def test_waits_for_a_second_factor_given_in_another_tab(self, filling: Page, manager: User) -> None:
        TOTP.activate(manager, SECRET)
        end_every_session()
        sending(filling).click()
        give_second_factor(filling)
        expect_opened_once(filling, manager)


class TestAnyForm:
    """R-SCO-3."""

    def test_leaves_with_its_file(self, screens: Screens) -> None:
        soutenance = scenes.a_soutenance()
        candidate = soutenance.enrolment.candidate.user
        candidate.set_password(PASSWORD)
        candidate.save()
        page = screens(candidate, reverse("assessments:deliverables", args=[soutenance.pk]))
        file = {"name": "rapport.pdf", "mimeType": "application/pdf", "buffer": handed.a_pdf()}
        page.get_by_label("Fichier").set_input_files(file)
        page.get_by_label("Intitulé").fill("Le rapport")
        end_every_session()
        page.get_by_role("button", name="Déposer").click()
        log_in_again(page)
        expect(page.get_by_role("link", name="Le rapport", exact=True)).to_be_visible()
        assert Deliverable.objects.get().kind == DeliverableKind.PDF

    def test_leaves_with_the_value_of_the_button_pressed(self, screens: Screens, manager: User) -> None:
        done = scenes.pass_soutenance(scenes.an_enrolment()).soutenance
        page = screens(manager, reverse("assessments:plan", args=[done.enrolment_id]))
        page.get_by_label("Début").fill(f"{timezone.localtime() + dt.timedelta(days=2):%Y-%m-%dT%H:%M}")
        page.locator("[name=evaluateur]").select_option(str(done.evaluateur_id))
        page.get_by_label("C1.1.1").check()
        page.get_by_role("button", name="Planifier", exact=True).click()
        despite = page.get_by_role("button", name="Planifier malgré tout")
        expect(despite).to_be_visible()
        end_every_session()
        despite.click()
        log_in_again(page)
        expect(page.locator("#messages")).to_contain_text("planifiée")
        assert Soutenance.objects.count() == 2

    def test_leaves_for_the_address_of_the_button_pressed(self, screens: Screens) -> None:
        """An answer that saves itself: what the end of the session held back is stored, then concludes (R-JUR-8)."""
        appeal = an_appeal_given_to(an_instructor())
        page = screens(appeal.owner, reverse("juries:appeal", args=[appeal.pk]))
        page.on("dialog", lambda dialog: pytest.fail(f"the browser asks: {dialog.type}"))
        end_every_session()
        page.get_by_label("Rejeté").check()
        page.get_by_label("Réponse motivée").fill(ANSWER)
        expect(page.locator("#etat")).to_contain_text("votre session a pris fin")
        page.get_by_role("button", name="Conclure et répondre au candidat").click()
        log_in_again(page)
        expect(page.get_by_role("heading", name="Le recours est rejeté")).to_be_visible()
        appeal.refresh_from_db()
        assert (appeal.state, appeal.answer) == (AppealState.DISMISSED, ANSWER)

    def test_is_confirmed_first_then_waits_for_the_log_in(self, screens: Screens, manager: User) -> None:
        candidate = scenes.a_candidate()
        declare_link(candidate, user=scenes.an_evaluateur(), kind=LinkKind.TRAINED, by=manager)
        page = screens(manager, reverse("candidates:detail", args=[candidate.pk]))
        end_every_session()
        page.get_by_role("button", name="Retirer").click()
        confirming = page.get_by_role("dialog", name="Retirer ce lien déclaré")
        expect(dialog_of(page)).to_have_count(0)
        answer = confirming.locator("[name=confirmed]")
        answer.click()
        dialog_of(page).get_by_role("button", name="Plus tard").click()
        expect(answer).to_be_focused()
        assert DeclaredLink.objects.exists()
        answer.click()
        log_in_again(page)
        expect(page.locator("#messages")).to_contain_text("retiré")
        assert not DeclaredLink.objects.exists()

    def test_that_only_reads_or_logs_out_asks_nothing(self, screens: Screens, manager: User) -> None:
        page = screens(manager, reverse("candidates:list"))
        asked = asked_of(page)
        page.get_by_label("Nom, adresse ou numéro de dossier").press("Enter")
        page.wait_for_url("**/candidats/?q=*")
        page.locator("[data-menu] summary").click()
        page.get_by_role("button", name="Se déconnecter", exact=True).click()
        page.wait_for_url(lambda url: "/candidats/" not in url)
        assert questions(asked) == 0

    def test_that_saves_itself_asks_nothing(self, screens: Screens) -> None:
        appeal = an_appeal_given_to(an_instructor())
        page = screens(appeal.owner, reverse("juries:appeal", args=[appeal.pk]))
        asked = asked_of(page)
        page.get_by_label("Réponse motivée").fill("Gardé au fil de la saisie.")
        page.get_by_role("button", name="Garder sans conclure").click()
        expect(page.locator("#etat")).to_contain_text("Enregistré à")
        assert questions(asked) == 0


class TestInTheRoomOfTheJury:
    """A page that leaves of itself when its session is over, and replaces its forms (R-JUR-4)."""

    def test_the_page_stays_while_a_gesture_waits_for_the_log_in(self, screens: Screens) -> None:
        sitting = a_sitting()
        page = screens(sitting.president, sitting.address())
        end_every_session()
        page.get_by_role("button", name="Ouvrir un scrutin").click()
        expect(page.get_by_text("Vous n’êtes plus à cette délibération")).to_be_visible()
        log_in_again(page)
        expect(page.get_by_text("Scrutin ouvert")).to_be_visible()
        assert Ballot.objects.count() == 1

    def test_a_gesture_leaves_though_the_page_moved_while_it_was_asked(self, screens: Screens) -> None:
        sitting = a_sitting()
        ballot = open_ballot(sitting.session.candidacies.get(enrolment=sitting.enrolments[0]), by=sitting.president)
        page = screens(sitting.member, sitting.address())
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route(f"**{ASKED}", hold)
        before = page.locator("#direct").get_attribute("data-seen")
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        cast_vote(ballot, outcome=Outcome.CERTIFIED, by=sitting.president)
        expect(page.locator("#direct")).not_to_have_attribute("data-seen", str(before))
        held[0].continue_()
        expect(page.get_by_text("Votre vote est enregistré.")).to_be_visible()
        assert Vote.objects.count() == 2


def give_second_factor(page: Page) -> None:
    dialog = dialog_of(page)
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


def test_a_second_factor_is_given_in_another_tab_and_what_waits_leaves(page: Page, live_server, log_in) -> None:
    grille = a_grille()
    log_in(grille.evaluateur)
    open_grille(page, live_server, grille)
    TOTP.activate(grille.evaluateur, SECRET)
    end_every_session()
    judge(page)
    give_second_factor(page)
    expect_saved(page)
    assert Mark.objects.get().verdict == "acquis"


def test_a_page_that_asks_for_its_parts_says_that_the_session_is_over_and_keeps_them(page: Page, live_server, log_in):
    log_in(scenes.a_manager())
    page.goto(live_server.url + reverse("assessments:supervision"))
    heading = page.locator("h1")
    end_every_session()
    said = page.locator("#session-over")
    expect(said).to_be_visible(timeout=40_000)
    expect(heading).to_have_text("Supervision")
    expect(page.get_by_label("Mot de passe")).to_have_count(0)
    said.get_by_role("link", name="Reconnectez-vous").click()
    page.wait_for_url("**/compte/login/?next=/supervision/**")
