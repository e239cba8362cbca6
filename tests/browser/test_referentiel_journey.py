"""A person who is no developer: a certification from a spreadsheet, published, cloned, changed, compared, published."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from accounts.enums import Role
from accounts.models import User
from referentiel.models import Certification, Referentiel
from tests import scenes
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

SAVED = re.compile(r"^Enregistré à \d\d:\d\d:\d\d$")
TITLE = "Médiateur de bibliothèque numérique"


@pytest.fixture
def asker() -> User:
    return UserFactory(roles=[Role.ADMINISTRATEUR], first_name="Olivia", last_name="Blanc")


@pytest.fixture
def confirmer(browser: Browser, log_in: Any, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """Another administrateur, at another computer."""
    window = browser.new_context(**browser_context_args).new_page()
    log_in(UserFactory(roles=[Role.ADMINISTRATEUR], first_name="Florence", last_name="Adam"), window)
    yield window
    window.context.close()


def filled_in(template: Path) -> bytes:
    """What somebody makes of the template in a spreadsheet: their title, and one more compétence in A1.1."""
    book = load_workbook(template)
    for row in book["Certification"].iter_rows(min_row=2):
        row[1].value = {"Code RNCP": "RNCP40404", "Intitulé": TITLE}.get(row[0].value, row[1].value)
    tree = book["Référentiel"]
    columns = {cell.value: cell.column for cell in tree[1]}
    tree.insert_rows(5)
    for title, value in {
        "Bloc": 1,
        "Activité": "A1.1",
        "Compétence": "C1.1.2",
        "Énoncé de la compétence": "Orienter un usager vers le bon service.",
        "Soutenance": "Présentation de vingt minutes, puis questions.",
        "CE": 1,
        "Critère d’évaluation": "L’orientation proposée convient à la demande.",
    }.items():
        tree.cell(row=5, column=columns[title], value=value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def reword(page: Page, critere: str, text: str) -> None:
    """From the page of its compétence, saved as it is typed, and back to it."""
    page.get_by_role("main").get_by_role("link", name=critere).first.click()
    expect(page.locator("h1")).to_have_text(f"C1.1.1 {critere}")
    page.locator("[name=text]").fill(text)
    expect(page.locator("#etat")).to_have_text(SAVED)
    page.get_by_role("main").get_by_role("link", name="C1.1.1", exact=True).first.click()


def ask_and_confirm(page: Page, confirmer: Page, live_server: Any) -> None:
    page.get_by_role("button", name="Demander la publication").click()
    expect(page.get_by_text("Florence Adam")).to_be_visible()
    confirmer.goto(f"{live_server.url}/referentiels/")
    confirmer.locator(".notice").get_by_role("link", name=TITLE).click()
    confirmer.get_by_role("button", name="Confirmer et publier définitivement").click()
    expect(confirmer.get_by_text("Plus rien ne peut la changer")).to_be_visible()


def import_template(page: Page, live_server: Any, folder: Path) -> None:
    """From the list to a draft: the template downloaded, filled in, read, and what it would do confirmed."""
    page.goto(f"{live_server.url}/referentiels/")
    page.get_by_role("link", name="Importer un fichier").click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Télécharger le modèle XLSX").click()
    template, sheet = folder / "modele.xlsx", folder / "bibliotheque.xlsx"
    downloading.value.save_as(template)
    sheet.write_bytes(filled_in(template))
    page.set_input_files("input[type=file]", sheet)
    page.get_by_role("button", name="Lire le fichier").click()
    expect(page.get_by_text("2 blocs, 2 activités, 3 compétences, 7 critères d’évaluation")).to_be_visible()
    page.get_by_role("button", name="Importer comme brouillon").click()


def clone_and_change(page: Page, live_server: Any, first: Referentiel) -> Referentiel:
    """Two CE of C1.1.1 reworded, C1.1.2 moved before it."""
    page.goto(f"{live_server.url}/referentiels/{first.pk}/")
    with page.expect_navigation():
        page.get_by_role("button", name="Préparer une nouvelle version").click()
    second = Referentiel.objects.get(version=2)
    competence = second.competences.get(code="C1.1.1")
    page.goto(f"{live_server.url}/referentiels/{second.pk}/edition/competence/{competence.pk}/")
    reword(page, "CE1", "Le document cite au minimum quatre sources datées.")
    reword(page, "CE3", "La présentation orale est claire, synthétique et accessible.")
    page.goto(f"{live_server.url}/referentiels/{second.pk}/edition/activite/{competence.activite_id}/")
    with page.expect_navigation():
        page.get_by_role("button", name="Monter C1.1.2").click()
    return second


def read_what_changes(page: Page) -> None:
    """From the page of publication: the text, then the candidates."""
    page.get_by_role("link", name="Ce qui change depuis la version 1").click()
    changes = page.locator(".comparison")
    expect(changes.get_by_text("2 reformulations")).to_be_visible()
    expect(changes.get_by_text("1 déplacement")).to_be_visible()
    expect(changes.locator("ins", has_text="quatre")).to_be_visible()
    page.go_back()
    impact = page.locator(".impact")
    expect(impact.get_by_text("candidat en cours")).to_contain_text("1")
    expect(impact.get_by_text("soutenance à venir ou en cours")).to_contain_text("1")
    expect(impact.get_by_text("C1.1.1 est reformulée (CE1, CE3)")).to_be_visible()
    expect(impact.get_by_text("Pas reconnu")).to_have_count(2)


def declare_bloc_2(page: Page) -> None:
    """The one that asks the same; and back to the page of publication."""
    page.get_by_role("link", name="Déclarer les équivalences").click()
    page.get_by_role("group", name="Bloc 2").get_by_label("Bloc 2 de la version 1").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Déclarer ces équivalences").click()
    page.get_by_role("link", name="Revenir à la publication").click()
    expect(page.locator(".impact").get_by_text("Pas reconnu")).to_have_count(1)


def test_a_certification_is_built_published_cloned_changed_and_published_again(
    page: Page, confirmer: Page, asker: User, log_in: Any, live_server: Any, tmp_path: Path
) -> None:
    log_in(asker)
    import_template(page, live_server, tmp_path)
    page.get_by_role("link", name="Publier…").click()
    ask_and_confirm(page, confirmer, live_server)
    first = Referentiel.objects.get()
    assert (Certification.objects.get().title, first.is_draft) == (TITLE, False)
    begun = scenes.an_enrolment(first)
    scenes.pass_soutenance(begun, first.competences.filter(activite__bloc__number=2))
    scenes.a_soutenance(begun, competences=first.competences.filter(activite__bloc__number=1))

    second = clone_and_change(page, live_server, first)
    page.goto(f"{live_server.url}/referentiels/{second.pk}/publication/")
    read_what_changes(page)
    declare_bloc_2(page)
    ask_and_confirm(page, confirmer, live_server)

    second.refresh_from_db()
    assert not second.is_draft
    after = scenes.an_enrolment(second, begun.candidate)
    assert [row.bloc.number for row in after.bloc_acquisitions.all()] == [2]
    begun.refresh_from_db()
    assert begun.referentiel == first
