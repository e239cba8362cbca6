"""The whole grille by keyboard alone and by touch, and what helps to mark faster (R-SCO-6, R-REF-4)."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from assessments.models import Mark
from referentiel.models import Critere, SousElement
from tests import scenes
from tests.referentiel.factories import build_referentiel, publish

pytestmark = pytest.mark.django_db(transaction=True)

TOO_SMALL = """() => [...document.querySelectorAll(
    ".grille-head button, .grille button, .grille summary, .grille label:has(input), .thumbs button, .grille__index a"
  )].filter((node) => node.checkVisibility())
    .map((node) => [node.getBoundingClientRect(), node.textContent.trim().slice(0, 30)])
    .filter(([box]) => box.height < 43.5 || box.width < 43.5)
    .map(([box, text]) => `${text} ${box.width}x${box.height}`)"""
SAVED = re.compile(r"^Enregistré à \d\d:\d\d:\d\d$")


@pytest.fixture
def referentiel():
    """Three compétences of three CE; the last of each is the oral one, the very first counts and ticks."""
    referentiel = build_referentiel(competences=3, criteres=3, published=False)
    first = referentiel.criteres.order_by("competence__code", "position").first()
    Critere.objects.filter(pk=first.pk).update(threshold=3)
    for position in (1, 2):
        SousElement.objects.create(critere=first, position=position, text=f"Point {position}")
    publish(referentiel)
    return referentiel


@pytest.fixture
def grille(referentiel):
    return scenes.grille_of(scenes.a_soutenance(scenes.an_enrolment(referentiel)))


@pytest.fixture
def opened(page: Page, live_server, log_in, grille) -> Page:
    log_in(grille.evaluateur)
    page.goto(live_server.url + reverse("assessments:grille", args=[grille.soutenance_id]))
    return page


def saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_have_text(SAVED)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def marks():
    return list(Mark.objects.order_by("critere__competence__code", "critere__position"))


def test_the_whole_grille_is_judged_and_submitted_without_a_mouse(opened: Page, grille) -> None:
    """R-SCO-8: the page leads from one missing point to the next, then to the review."""
    for _ in range(9):
        press(opened, "m", "a")
    expect(opened.locator("#judged")).to_have_text("9")
    press(opened, "k", "n")
    expect(opened.locator("#said")).to_have_text(re.compile("non acquis"))
    press(opened, "c")
    opened.keyboard.type("A la fin, on n’entend plus. J’aide à reprendre.")
    press(opened, "Escape", "m")
    saved(opened)
    assert [mark.verdict for mark in marks()].count("acquis") == 8
    assert [mark.comment for mark in marks() if mark.comment] == ["A la fin, on n’entend plus. J’aide à reprendre."]

    opened.get_by_role("link", name="Relire et soumettre").focus()
    press(opened, "Enter")
    opened.wait_for_url("**/relecture/")
    opened.get_by_role("button", name="Soumettre la grille").focus()
    press(opened, "Enter")
    opened.get_by_role("button", name="Soumettre", exact=True).focus()
    press(opened, "Enter")
    expect(opened.get_by_text("Grille soumise.")).to_be_visible()
    grille.refresh_from_db()
    assert grille.is_submitted


def test_letters_typed_in_a_text_are_letters(opened: Page) -> None:
    """WCAG 2.1.4."""
    press(opened, "c")
    opened.keyboard.type("anjkmd?")
    saved(opened)
    assert [(mark.verdict, mark.comment, mark.to_ask) for mark in marks()] == [("", "anjkmd?", False)]


def test_single_keys_are_switched_off_on_this_device(opened: Page) -> None:
    """WCAG 2.1.4."""
    press(opened, "?")
    opened.get_by_label("Raccourcis à une touche activés").click()
    press(opened, "Escape", "a")
    opened.reload()
    press(opened, "a")
    opened.wait_for_timeout(500)
    assert not Mark.objects.exists()


def test_moving_goes_from_ce_to_ce_and_from_competence_to_competence(opened: Page) -> None:
    place = opened.locator("#place")
    first = place.text_content() or ""
    press(opened, "j")
    expect(place).not_to_have_text(first)
    press(opened, "l")
    expect(opened.locator("[data-index][data-here]")).to_have_count(1)
    press(opened, "h", "k")
    expect(place).to_have_text(first)
    assert not Mark.objects.exists()


def test_the_oral_criterion_is_answered_once_and_each_keeps_its_row(opened: Page) -> None:
    """R-SCO-6: an answer given otherwise on one compétence stays."""
    opened.get_by_text("Acquis partout", exact=True).click()
    saved(opened)
    assert [mark.verdict for mark in marks()] == ["acquis"] * 3
    second = opened.locator(".ce[data-oral]").nth(1)
    second.get_by_text("Non acquis", exact=True).click()
    expect(opened.locator("[data-oral-state]")).to_contain_text("Jugé autrement et gardé")
    opened.get_by_text("Non acquis partout").click()
    opened.get_by_text("Acquis partout", exact=True).click()
    opened.locator('textarea[name="oral-comment"]').fill("Débit trop rapide.")
    expect(opened.locator("#save-state")).to_have_text(SAVED)
    opened.wait_for_timeout(1_000)
    saved(opened)
    assert {mark.comment for mark in marks()} == {"Débit trop rapide."}
    assert len(marks()) == 3


def test_an_exception_survives_the_common_answer_and_a_reload(opened: Page) -> None:
    """R-SCO-6."""
    opened.locator(".ce[data-oral]").nth(0).get_by_text("Non acquis", exact=True).click()
    saved(opened)
    opened.locator(".ce[data-oral]").nth(1).get_by_text("Acquis", exact=True).click()
    opened.locator(".ce[data-oral]").nth(2).get_by_text("Acquis", exact=True).click()
    saved(opened)
    opened.reload()
    expect(opened.get_by_label("Acquis partout", exact=True)).to_be_checked()
    opened.locator('textarea[name="oral-comment"]').fill("Clair.")
    opened.wait_for_timeout(1_000)
    saved(opened)
    assert sorted((mark.verdict, mark.comment) for mark in marks()) == [
        ("acquis", "Clair."),
        ("acquis", "Clair."),
        ("non_acquis", ""),
    ]


def test_a_few_answers_given_one_by_one_are_not_the_common_answer(opened: Page) -> None:
    """R-SCO-6: what is judged so far is kept, and « partout » still answers for the others."""
    opened.locator(".ce[data-oral]").nth(0).get_by_text("Non acquis", exact=True).click()
    saved(opened)
    opened.reload()
    expect(opened.get_by_label("Non acquis partout", exact=True)).not_to_be_checked()
    opened.get_by_text("Acquis partout", exact=True).click()
    expect(opened.locator("[data-oral-state]")).to_contain_text("Appliqué à 2 compétences sur 3")
    saved(opened)
    assert sorted(mark.verdict for mark in marks()) == ["acquis", "acquis", "non_acquis"]


def test_common_words_written_before_the_answer_wait_for_it(opened: Page) -> None:
    opened.locator('textarea[name="oral-comment"]').fill("Débit trop rapide.")
    opened.locator(".ce:not([data-oral])").first.get_by_text("Acquis", exact=True).click()
    saved(opened)
    expect(opened.locator('textarea[name="oral-comment"]')).to_have_value("Débit trop rapide.")
    opened.get_by_text("Acquis partout", exact=True).click()
    expect(opened.locator(".ce[data-oral] [name^=comment]").last).to_have_value("Débit trop rapide.")
    saved(opened)
    assert [mark.comment for mark in marks()].count("Débit trop rapide.") == 3


def test_ticks_and_counters_propose_and_the_evaluateur_decides(opened: Page) -> None:
    """R-REF-4."""
    first = opened.locator(".ce").first
    first.get_by_label("Point 1").check()
    expect(first.locator("[data-proposal]")).to_contain_text("« non acquis »")
    first.get_by_label("Point 2").check()
    press(opened, "+", "+", "+")
    expect(first.locator("[data-proposal]")).to_contain_text("3 comptés sur 3 : proposition « acquis »")
    opened.wait_for_timeout(500)
    saved(opened)
    (mark,) = marks()
    assert (mark.verdict, mark.ticks, mark.counted) == ("", [1, 2], 3)
    opened.reload()
    expect(first.locator("[data-proposal]")).to_contain_text("« acquis »")


def test_a_question_is_noted_at_its_hour_and_a_ce_flagged_to_be_asked(opened: Page) -> None:
    press(opened, "d", "q")
    opened.keyboard.type("Pourquoi ce seuil ?")
    press(opened, "Escape")
    opened.wait_for_timeout(500)
    saved(opened)
    (mark,) = marks()
    assert mark.to_ask
    assert re.fullmatch(r"\d\d h \d\d · Pourquoi ce seuil \?", mark.questions)


def test_a_ready_sentence_goes_where_the_cursor_is_and_a_comment_becomes_one(opened: Page, grille) -> None:
    grille.evaluateur.snippets.create(text="Montrez la démarche.")
    opened.reload()
    press(opened, "c")
    opened.keyboard.type("Avant.")
    opened.locator(".ce").first.get_by_role("button", name="Insérer une phrase type").click()
    opened.get_by_label("Chercher").fill("DEMARCHE")
    opened.get_by_role("button", name="Montrez la démarche.").click()
    expect(opened.locator(".ce").first.locator("textarea").first).to_have_value("Avant. Montrez la démarche.")
    opened.wait_for_timeout(500)
    saved(opened)
    assert marks()[0].comment == "Avant. Montrez la démarche."
    press(opened, "Escape", "t")
    opened.get_by_role("button", name="Garder mon commentaire").click()
    expect(opened.locator("[data-snippet-said]")).to_have_text("Gardé parmi vos phrases types.")
    assert grille.evaluateur.snippets.count() == 2


def test_a_tablet_held_in_one_hand_judges_with_the_thumb(browser: Browser, live_server, log_in, grille) -> None:
    """44 px targets, the bar under the thumb, no hover needed."""
    context = browser.new_context(viewport={"width": 768, "height": 1024}, has_touch=True, locale="fr-FR")
    page = context.new_page()
    log_in(grille.evaluateur, page)
    page.goto(live_server.url + reverse("assessments:grille", args=[grille.soutenance_id]))
    missing = page.get_by_role("button", name="Ce qui manque")
    for _ in range(9):
        missing.tap()
        here = page.locator(".ce[data-here]")
        here.get_by_text("Acquis", exact=True).tap()
    expect(page.locator("#judged")).to_have_text("9")
    saved(page)
    assert len(marks()) == 9
    small = page.evaluate(TOO_SMALL)
    context.close()
    assert small == []
