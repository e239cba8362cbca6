"""A jury deliberates from three browsers, by keyboard, and signs (R-JUR-1 to R-JUR-5)."""

import pytest
from playwright.sync_api import Page, expect

from core import jobs
from juries.enums import Outcome, SessionState
from juries.models import Decision, JurySession, MinutesSignature, Remark, Vote
from tests.accounts.factories import PASSWORD
from tests.browser.sitting import LINK, Screens, Sitting, a_sitting

pytestmark = pytest.mark.django_db(transaction=True)


def button(page: Page, name: str):
    return page.get_by_role("button", name=name)


def press(page: Page, key: str) -> None:
    """A shortcut that leads to another page, waited for; a page still loading does not listen yet."""
    page.wait_for_load_state()
    with page.expect_navigation():
        page.keyboard.press(key)


def votes(page: Page, figure: str, named: str) -> None:
    """A figure chooses, Enter casts."""
    page.wait_for_load_state()
    page.keyboard.press(figure)
    expect(button(page, f"Voter : {named}")).to_be_focused()
    press(page, "Enter")


def declares(page: Page, sitting: Sitting, conflict: str = "") -> None:
    page.goto(sitting.address("session"))
    page.get_by_role("link", name="Faire ma déclaration").click()
    if conflict:
        page.get_by_label("Inès ABADIE").fill(conflict)
    page.get_by_label("Je déclare n’avoir").check()
    button(page, "Enregistrer ma déclaration").click()
    expect(page.get_by_text("Vos conflits d’intérêts sont déclarés")).to_be_visible()


def remark(page: Page, text: str) -> None:
    page.get_by_label("Pour vous seul").fill(text)
    expect(page.locator("#etat")).to_contain_text("Enregistré à")


def expect_candidate(name: str, *pages: Page) -> None:
    for page in pages:
        expect(page.get_by_role("heading", level=1)).to_have_text(name)


def expect_nothing_of_the_deliberation(page: Page) -> None:
    for said in (
        "Ce que propose",
        "Mes remarques",
        "Remarques partagées",
        "Vote",
        "Au procès-verbal",
        "Décision enreg",
    ):
        expect(page.get_by_role("heading", name=said)).to_have_count(0)
    for said in ("A voté", "Attendu", "Certification", "Un avis partagé."):
        expect(page.get_by_text(said)).to_have_count(0)


def signs(page: Page, sitting: Sitting, password: str = PASSWORD) -> None:
    page.goto(sitting.address("sign"))
    page.get_by_label("Votre mot de passe").fill(password)
    button(page, "Signer").click()


def opens(president: Page, *others: Page, sitting: Sitting) -> None:
    president.reload()
    president.get_by_role("link", name="Faire l’appel et ouvrir").click()
    expect(president.get_by_label("Noé Renard")).to_be_checked()
    button(president, "Ouvrir la session").click()
    expect(button(president, "Appeler le premier candidat")).to_be_visible()
    for page in others:
        page.goto(sitting.address())
        expect(page.get_by_text("La délibération va commencer")).to_be_visible()
    button(president, "Appeler le premier candidat").click()
    expect_candidate("Inès ABADIE", president, *others)


def certifies_by_a_vote(president: Page, member: Page, recused: Page) -> None:
    expect(recused.get_by_text("Vous êtes récusé pour ce candidat")).to_be_visible()
    remark(member, "Un avis partagé.")
    button(member, "Partager avec le jury").click()
    expect(president.get_by_text("Un avis partagé.")).to_be_visible()
    press(president, "v")
    expect(member.get_by_text("Scrutin ouvert")).to_be_visible()
    votes(member, "1", "Certification")
    expect(president.get_by_text("A voté")).to_be_visible()
    expect_nothing_of_the_deliberation(recused)
    votes(president, "1", "Certification")
    press(president, "f")
    for page in (president, member):
        expect(page.get_by_role("listitem").filter(has_text="Certification : 2 voix")).to_be_visible()
    expect(president.get_by_label("Certification")).to_be_checked()
    press(president, "e")
    expect(member.get_by_role("heading", name="Décision enregistrée")).to_be_visible()
    recused.reload()
    expect_nothing_of_the_deliberation(recused)


def decides(president: Page, outcome: str, motive: str = "", bloc: str = "") -> None:
    president.get_by_label(outcome).check()
    if bloc:
        president.get_by_label(bloc).check()
    president.get_by_label("Motif").fill(motive)
    president.keyboard.press("Escape")
    press(president, "e")
    expect(president.get_by_role("heading", name="Décision enregistrée")).to_be_visible()


def closes(president: Page) -> None:
    president.get_by_role("link", name="Tout est décidé").click()
    button(president, "Clore la session").click()
    president.get_by_role("dialog").get_by_role("button", name="Clore la session").click()
    expect(president.get_by_text("La session est close")).to_be_visible()
    jobs.run_due()


def test_a_session_from_the_declarations_to_the_signatures(screens: Screens) -> None:
    sitting = a_sitting(opened=False)
    people = (sitting.president, sitting.member, sitting.recused)
    president, member, recused = everybody = [screens(user, sitting.address("session")) for user in people]
    for page, conflict in zip(everybody, ("", "", LINK), strict=True):
        declares(page, sitting, conflict)
    opens(president, member, recused, sitting=sitting)
    certifies_by_a_vote(president, member, recused)
    press(president, "n")
    expect_candidate("Paul BONNET", *everybody)
    expect(recused.get_by_role("heading", name="Ce que propose le logiciel")).to_be_visible()
    decides(president, "Validation partielle", bloc="Bloc 1")
    press(president, "n")
    expect_candidate("Zoé COLLIN", *everybody)
    decides(president, "Ajournement", motive="Le jury attend le second bloc.")
    closes(president)
    for page in (member, recused):
        page.wait_for_url("**" + sitting.address("session"))

    signs(president, sitting, "pas le mien")
    expect(president.get_by_text("rien n’a été signé").first).to_be_visible()
    for page in everybody:
        signs(page, sitting)
        expect(page.get_by_text("Votre signature est apposée")).to_be_visible()
    assert MinutesSignature.objects.count() == len(everybody)
    assert JurySession.objects.get().state == SessionState.CLOSED
    taken = {one.enrolment.candidate.family_name.upper(): one.outcome for one in Decision.objects.taken()}
    assert taken == {"ABADIE": Outcome.CERTIFIED, "BONNET": Outcome.PARTIAL, "COLLIN": Outcome.ADJOURNED}
    assert not Vote.objects.filter(member__user=sitting.recused, ballot__candidacy__enrolment=sitting.enrolments[0])


def test_what_a_member_is_writing_survives_the_candidate_called_meanwhile(screens: Screens) -> None:
    """R-SCO-3, for remarks."""
    sitting = a_sitting()
    member = screens(sitting.member, sitting.address())
    text = member.get_by_label("Pour vous seul")
    text.press_sequentially("Un avis")
    sitting.call(1)
    waits = member.get_by_text("Un autre candidat est appelé")
    for _ in range(30):  # as long as letters come, the page stays
        text.press_sequentially(" vfn1", delay=20)
        if waits.is_visible():
            break
    expect(waits).to_be_visible()
    expect_candidate("Inès ABADIE", member)
    typed = text.input_value()
    expect_candidate("Paul BONNET", member)
    expect(text).to_have_value("")
    member.reload()
    sitting.call(0)
    expect_candidate("Inès ABADIE", member)
    expect(text).to_have_value(typed)
    assert Remark.objects.get().text == typed


def test_the_motive_survives_a_ballot_an_absence_and_another_candidate(screens: Screens) -> None:
    sitting = a_sitting()
    president = screens(sitting.president, sitting.address())
    motive = president.get_by_label("Motif")
    motive.fill("Un motif long à écrire.")
    president.get_by_label("Refus").check()
    for left in (1, 0):
        button(president, "Noter absent").first.click()
        expect(button(president, "Noter absent")).to_have_count(left)
    expect(motive).to_have_value("Un motif long à écrire.")
    expect(president.get_by_label("Refus")).to_be_checked()
    sitting.call(1)
    expect(president.get_by_text("Un autre candidat est appelé")).to_be_visible()
    president.get_by_role("link", name="Le suivre").click()
    expect_candidate("Paul BONNET", president)
    expect(motive).to_have_value("")
    press(president, "p")
    expect(motive).to_have_value("Un motif long à écrire.")
    press(president, "e")  # alone, the president is no jury
    expect(president.get_by_text("Décision non enregistrée")).to_be_visible()
    expect(motive).to_have_value("Un motif long à écrire.")
    button(president, "Noter présent").first.click()
    expect(button(president, "Noter présent")).to_have_count(1)
    press(president, "e")
    expect(president.get_by_role("heading", name="Décision enregistrée")).to_be_visible()
    assert Decision.objects.taken().get().motive == "Un motif long à écrire."


def test_a_lost_connection_is_said_holds_gestures_back_and_recovers_by_itself(screens: Screens) -> None:
    sitting = a_sitting()
    president = screens(sitting.president, sitting.address())
    president.context.set_offline(True)
    expect(president.get_by_text("Connexion perdue").first).to_be_visible()
    expect(president.get_by_text("En direct")).to_be_hidden()
    president.get_by_label("Pour vous seul").fill("Écrit hors connexion.")
    president.keyboard.press("Escape")
    president.keyboard.press("v")
    expect(president.locator("#said")).to_contain_text("ce geste n’est pas parti")
    president.context.set_offline(False)
    expect(president.get_by_text("En direct")).to_be_visible()
    expect(president.locator("#etat")).to_contain_text("Enregistré à")
    press(president, "v")
    expect(president.get_by_text("Scrutin ouvert")).to_be_visible()
    assert Remark.objects.get().text == "Écrit hors connexion."
