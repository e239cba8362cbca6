"""Tabs that agree, conflicts a person settles (R-SCO-4), candidates never mistaken, and the last resort (R-SCO-3)."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from assessments.marks import MarkValue
from assessments.models import Grille, Mark
from assessments.queries.review import criteres_of
from assessments.services.marking import change_mark
from core.models import JournalEntry
from tests import scenes
from tests.browser.queueing import (
    a_grille,
    ce,
    comment,
    comment_of,
    expect_saved,
    judge,
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
    page.on("dialog", lambda dialog: dialog.accept())
    log_in(grille.evaluateur)
    return open_grille(page, live_server, grille)


def written_elsewhere(grille: Grille, verdict: str = "non_acquis", text: str = "Écrit ailleurs.") -> None:
    """The same évaluateur, on another machine."""
    change_mark(
        grille,
        critere=criteres_of(grille)[0],
        value=MarkValue(verdict, text),
        from_version=0,
        operation=uuid4(),
        by=grille.evaluateur,
    )


def journaled_choice() -> object:
    return JournalEntry.objects.filter(verb__startswith="mark.").latest("sequence").data.get("resolves")


# --- Conflicts


@pytest.fixture
def conflict(opened: Page, grille) -> Page:
    written_elsewhere(grille)
    comment(opened, "Écrit ici.")
    judge(opened)
    expect(opened.locator("#conflict")).to_be_visible()
    return opened


def test_a_conflict_shows_both_values_who_and_when(conflict: Page, grille) -> None:
    dialog = conflict.locator("#conflict")
    expect(dialog).to_contain_text("Écrit ici.")
    expect(dialog).to_contain_text("Écrit ailleurs.")
    expect(dialog).to_contain_text(str(grille.evaluateur))
    expect(dialog).to_contain_text(re.compile(r"le \d+ \w+ \d{4}"))
    expect(state(conflict)).to_have_text("1 conflit à résoudre")
    assert Mark.objects.get().comment == "Écrit ailleurs."


def test_keeping_mine_overwrites_knowingly_and_is_journaled(conflict: Page) -> None:
    conflict.locator("#conflict").get_by_role("button", name="Garder ma saisie").click()
    expect_saved(conflict)
    mark = Mark.objects.get()
    assert (mark.verdict, mark.comment, mark.version) == ("acquis", "Écrit ici.", 2)
    assert journaled_choice() == {"choice": "mine", "version": 0}


def test_taking_the_stored_value_changes_nothing_and_is_journaled(conflict: Page) -> None:
    conflict.locator("#conflict").get_by_role("button", name="Reprendre la valeur enregistrée").click()
    expect_saved(conflict)
    expect(comment_of(conflict)).to_have_value("Écrit ailleurs.")
    assert (Mark.objects.get().comment, Mark.objects.get().version) == ("Écrit ailleurs.", 1)
    assert journaled_choice() == {"choice": "stored", "version": 0}


def test_both_can_be_merged_by_hand_and_that_is_journaled(conflict: Page) -> None:
    dialog = conflict.locator("#conflict")
    dialog.get_by_text("Composer une version").click()
    expect(dialog.locator("[name=merge-comment]")).to_have_value("Écrit ici.\nÉcrit ailleurs.")
    dialog.locator("[name=merge-comment]").fill("Écrit ici et ailleurs.")
    dialog.get_by_text("Non acquis", exact=True).last.click()
    dialog.get_by_role("button", name="Enregistrer cette version").click()
    expect_saved(conflict)
    expect(comment_of(conflict)).to_have_value("Écrit ici et ailleurs.")
    mark = Mark.objects.get()
    assert (mark.verdict, mark.comment, mark.version) == ("non_acquis", "Écrit ici et ailleurs.", 2)
    assert journaled_choice() == {"choice": "merged", "version": 0}


def test_a_conflict_put_off_is_still_there_after_a_reload(conflict: Page) -> None:
    conflict.keyboard.press("Escape")
    expect(problem_of(conflict).get_by_role("button", name="Comparer et choisir")).to_be_visible()
    conflict.reload()
    expect(conflict.locator("#conflict")).to_contain_text("Écrit ici.")
    expect(conflict.locator("#conflict")).to_contain_text("Écrit ailleurs.")
    assert Mark.objects.get().version == 1


def test_the_same_thing_said_twice_is_not_a_conflict(opened: Page, grille) -> None:
    written_elsewhere(grille, "acquis", "")
    judge(opened)
    expect(state(opened)).not_to_contain_text("en attente")
    expect(opened.locator("#conflict")).to_be_hidden()
    assert Mark.objects.get().version == 1


# --- Several tabs


def test_what_one_tab_stores_the_others_show(opened: Page, second_tab: Page, live_server, grille) -> None:
    open_grille(second_tab, live_server, grille)
    second_tab.wait_for_timeout(500)
    judge(opened, 0, "Non acquis")
    comment(opened, "Vu dans l’autre onglet.")
    expect_saved(opened)
    expect(comment_of(second_tab)).to_have_value("Vu dans l’autre onglet.")
    expect(second_tab.locator("#judged")).to_have_text("1")
    expect_saved(second_tab)
    judge(second_tab, 0, "Acquis")
    expect_saved(second_tab)
    assert Mark.objects.get().verdict == "acquis"
    expect(ce(opened).get_by_label("Acquis", exact=True)).to_be_checked()
    expect(opened.locator("#conflict")).to_be_hidden()


def test_a_field_changed_in_two_tabs_at_once_is_a_conflict(
    opened: Page, second_tab: Page, context: BrowserContext, live_server, grille
) -> None:
    open_grille(second_tab, live_server, grille)
    second_tab.wait_for_timeout(500)
    context.set_offline(True)
    judge(opened, 0, "Acquis")
    judge(second_tab, 0, "Non acquis")
    expect(state(opened)).to_have_text("2 en attente, hors ligne")  # its own, and the other tab's
    context.set_offline(False)
    opened.wait_for_timeout(5000)  # either may be the first to be stored
    assert opened.locator("#conflict").is_visible() != second_tab.locator("#conflict").is_visible()
    asked = opened if opened.locator("#conflict").is_visible() else second_tab
    kept = Mark.objects.get().verdict
    asked.locator("#conflict").get_by_role("button", name="Garder ma saisie").click()
    expect_saved(asked)
    assert Mark.objects.get().verdict != kept


def test_what_a_dead_tab_left_is_sent_by_the_living_one(
    opened: Page, second_tab: Page, context: BrowserContext, live_server, grille
) -> None:
    open_grille(second_tab, live_server, grille)
    second_tab.wait_for_timeout(500)
    second_tab.route("**/marks/**", lambda route: route.abort())
    comment(second_tab, "Laissé par l’onglet fermé.")
    expect(state(second_tab)).to_have_text("1 en attente, hors ligne")
    expect(state(opened)).to_have_text("1 en attente")
    second_tab.close()
    expect(comment_of(opened)).to_have_value("Laissé par l’onglet fermé.")
    expect_saved(opened)
    assert Mark.objects.get().comment == "Laissé par l’onglet fermé."
    assert rows(opened) == []


# --- One candidate is never another


def test_marks_never_land_on_another_candidate(opened: Page, second_tab: Page, live_server, grille) -> None:
    """Back, forward, two tabs, a slow request that overlaps a navigation."""
    other = a_grille(2, evaluateur=grille.evaluateur, candidate=scenes.a_candidate("Morel", "Ines"))
    opened.route("**/marks/**", lambda route: (opened.wait_for_timeout(800), route.continue_()))
    judge(opened, 0)
    comment(opened, "Pour Léa.")
    open_grille(opened, live_server, other)  # while the request is on its way
    expect(opened.locator("h1")).to_contain_text(re.compile("morel", re.IGNORECASE))
    expect(comment_of(opened)).to_have_value("")
    judge(opened, 1)
    opened.go_back()
    expect(comment_of(opened)).to_have_value("Pour Léa.")
    judge(opened, 2)
    opened.go_forward()
    comment(opened, "Pour Ines.", 3)
    open_grille(second_tab, live_server, grille)
    judge(second_tab, 3)
    expect_saved(opened)
    expect_saved(second_tab)
    opened.go_back()
    expect(state(opened)).to_have_attribute("data-state", "saved")

    criteres = [[critere.pk for critere in criteres_of(one)] for one in (grille, other)]
    theirs = {one: dict(one.marks.values_list("critere", "comment")) for one in (grille, other)}
    assert theirs[grille] == {criteres[0][0]: "Pour Léa.", criteres[0][2]: "", criteres[0][3]: ""}
    assert theirs[other] == {criteres[1][1]: "", criteres[1][3]: "Pour Ines."}


# --- The last resort


def export(page: Page, folder: Path) -> Path:
    page.locator("#transfer > summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Garder dans un fichier").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def take_back(page: Page, file: Path) -> None:
    if not page.locator("#transfer [data-said]").is_visible():
        page.locator("#transfer > summary").click()
    page.locator("#transfer input[type=file]").set_input_files(file)


@pytest.fixture
def exported(opened: Page, tmp_path: Path) -> Path:
    opened.route("**/marks/**", lambda route: route.abort())
    judge(opened, 0)
    comment(opened, "Écrit sur l’autre poste.", 1)
    expect(state(opened)).to_have_text("2 en attente, hors ligne")
    return export(opened, tmp_path)


@pytest.fixture
def elsewhere(browser: Browser, exported, live_server, log_in, grille) -> Page:
    page = browser.new_context(locale="fr-FR").new_page()
    log_in(grille.evaluateur, page)
    return open_grille(page, live_server, grille)


def test_what_waits_goes_to_another_machine_in_a_file_and_counts_once(
    opened: Page, elsewhere: Page, exported: Path
) -> None:
    assert "Écrit" not in exported.read_text()
    for _ in range(2):
        take_back(elsewhere, exported)
        expect(elsewhere.locator("#transfer [data-said]")).to_contain_text("2 saisies reprises")
        expect_saved(elsewhere)
    assert {mark.version for mark in Mark.objects.all()} == {1}
    expect(comment_of(elsewhere, 1)).to_have_value("Écrit sur l’autre poste.")
    opened.unroute("**/marks/**")  # the first machine comes back with the same operations
    expect_saved(opened)
    assert {mark.version for mark in Mark.objects.all()} == {1}
    assert JournalEntry.objects.filter(verb="mark.changed").count() == 2
    elsewhere.context.close()


def test_a_file_tampered_with_is_refused_whole_with_the_reason(elsewhere: Page, exported: Path) -> None:
    exported.write_text(exported.read_text().replace('"data":"', '"data":"AAAA'))
    take_back(elsewhere, exported)
    expect(elsewhere.locator("#transfer [data-said]")).to_contain_text("modifié ou abîmé")
    assert not Mark.objects.exists()
    assert rows(elsewhere) == []
    elsewhere.context.close()


def test_a_file_of_another_soutenance_is_refused_with_the_reason(
    elsewhere: Page, exported: Path, live_server, grille
) -> None:
    open_grille(
        elsewhere, live_server, a_grille(1, evaluateur=grille.evaluateur, candidate=scenes.a_candidate("Morel"))
    )
    take_back(elsewhere, exported)
    expect(elsewhere.locator("#transfer [data-said]")).to_contain_text("autre soutenance")
    elsewhere.context.close()
