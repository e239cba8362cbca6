"""From a file to a draft in the browser: seen line by line first, then all or nothing (R-REF-2)."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from accounts.enums import Role
from core.fingerprints import canonical_json
from core.models import JournalEntry
from referentiel.exchange import csv_file, json_file, workbook
from referentiel.exchange.example import example
from referentiel.models import Certification, PendingImport, Referentiel
from referentiel.queries.tree import content_of
from tests.accounts.factories import UserFactory
from tests.referentiel.exchange.fiches import fiche
from tests.referentiel.factories import build_certification, build_referentiel
from tests.referentiel.pages import address, read

pytestmark = pytest.mark.django_db


def send(client: Client, data: bytes, name: str, **typed: Any) -> Any:
    return client.post(address("import"), {"file": SimpleUploadedFile(name, data), **typed})


def test_the_template_downloads_and_imports_as_it_is(admin_client: Client) -> None:
    answer = admin_client.get(address("import-template"))
    assert 'filename="modele-de-referentiel.xlsx"' in answer["Content-Disposition"]
    assert "Mode d’emploi" in load_workbook(io.BytesIO(answer.content)).sheetnames

    held = send(admin_client, answer.content, "modele.xlsx")
    assert "Ce que l’import créerait" in read(admin_client.get(held.url))
    made = admin_client.post(held.url)

    draft = Referentiel.objects.get()
    assert made.url == address("edit", draft.pk)
    assert [bloc["title"] for bloc in content_of(draft)["blocs"]] == [bloc["title"] for bloc in example()["blocs"]]
    assert not PendingImport.objects.exists()


def test_reading_a_file_writes_nothing_but_what_waits(admin_client: Client) -> None:
    send(admin_client, workbook.write(example()), "r.xlsx")

    assert not Certification.objects.exists()
    assert not JournalEntry.objects.filter(verb__startswith="referentiel.").exists()


def test_the_same_confirmation_twice_makes_one_draft(admin_client: Client) -> None:
    held = send(admin_client, workbook.write(example()), "r.xlsx")

    answers = {admin_client.post(held.url).url for _ in range(2)}

    assert answers == {address("edit", Referentiel.objects.get().pk)}
    assert JournalEntry.objects.filter(verb="referentiel.imported").count() == 1


def test_a_file_that_follows_a_version_shows_each_change_and_adopts_its_lineages(admin_client: Client) -> None:
    source = build_referentiel(blocs=2)
    content = content_of(source)
    critere = content["blocs"][0]["activites"][0]["competences"][0]["criteres"][0]
    critere["text"] = critere["text"].replace("a satisfait", "a pleinement satisfait")
    _forget_lineages(content)

    held = send(admin_client, workbook.write(content), "r.xlsx")
    page = read(admin_client.get(held.url))
    assert "<ins><span" in page
    assert "pleinement " in page
    assert 'value="reworded"' in page
    assert 'value="added"' not in page
    admin_client.post(held.url)

    draft = Referentiel.objects.get(predecessor=source)
    assert {bloc.lineage for bloc in draft.blocs.all()} == {bloc.lineage for bloc in source.blocs.all()}


def test_a_draft_already_open_forbids_confirming_and_says_what_to_do(admin_client: Client) -> None:
    draft = build_referentiel(published=False)
    held = send(admin_client, json_file.write(content_of(draft)), "r.json")

    page = read(admin_client.get(held.url))
    assert "est déjà en brouillon" in page
    assert address("edit", draft.pk) in page
    assert "Importer comme brouillon" not in page
    refused = read(admin_client.post(held.url, follow=True))

    assert "est déjà en brouillon" in refused
    assert Referentiel.objects.count() == 1


def test_each_fault_is_told_with_its_place_and_what_was_typed_stays(admin_client: Client) -> None:
    certification = build_certification()
    csv = csv_file.write(content_of(build_referentiel())).replace(b";1;;", b";99999;;", 1)

    answer = send(admin_client, csv, "r.csv", certification=certification.pk, fiche="RNCP1")

    page = read(answer)
    assert answer.status_code == 422
    assert "<strong>Fichier, ligne 2</strong>" in page
    assert 'value="RNCP1"' in page
    assert f'value="{certification.pk}" selected' in page.replace('"\n', '" ')


def test_a_csv_needs_its_certification_and_keeps_the_preambles_and_the_reglement(admin_client: Client) -> None:
    source = build_referentiel(criteres_percent=80)
    csv = csv_file.write(content_of(source))
    assert "choisissez plus bas la certification" in read(send(admin_client, csv, "r.csv"))

    held = send(admin_client, csv, "r.csv", certification=source.certification.pk)
    assert "rien ne change" in read(admin_client.get(held.url))
    admin_client.post(held.url)

    draft = Referentiel.objects.get(predecessor=source)
    assert canonical_json({**content_of(draft), "version": 1, "predecessor": None}) == canonical_json(
        content_of(source)
    )


def test_one_fiche_is_chosen_among_several(admin_client: Client) -> None:
    wrong = fiche("RNCP3", extra="<DATE_EFFET>demain</DATE_EFFET>")
    several = f"<FICHES>{fiche('RNCP1')}{fiche('RNCP2', title='Le bon')}{wrong}</FICHES>"
    choice = send(admin_client, several.encode(), "export.xml").url
    page = read(admin_client.get(choice))
    assert "Le bon" in page
    assert "Illisible" in page
    pk = PendingImport.objects.get().pk

    assert "Choisissez l’une des fiches" in read(
        admin_client.post(address("import-choose", pk), {"code": "RNCP3"}, follow=True)
    )
    chosen = admin_client.post(address("import-choose", pk), {"code": "RNCP2"})
    assert "1 février 2033" in read(admin_client.get(chosen.url)).replace("\u00a0", " ").replace("1er", "1")
    admin_client.post(chosen.url)

    draft = Referentiel.objects.get()
    assert (draft.certification.rncp_code, draft.certification.title) == ("RNCP2", "Le bon")
    assert draft.registration.delivery_limit_on.year == 2033
    assert "Savoir faire" in draft.sections.get().text


def test_a_fiche_named_beforehand_is_not_asked_for(admin_client: Client) -> None:
    several = f"<FICHES>{fiche('RNCP1')}{fiche('RNCP2')}</FICHES>".encode()

    held = send(admin_client, several, "export.xml", fiche="RNCP2")

    assert "RNCP2" in read(admin_client.get(held.url))


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"\x00\x01 nothing known", "r.bin", "format non reconnu"),
        (b"PK\x03\x04 broken", "r.xlsx", "pas un classeur XLSX"),
        (b"{ not json", "r.json", "JSON est mal form"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><FICHES/>", "r.xml", "entit"),
        (b"   ", "r.csv", "vide"),
    ],
)
def test_a_file_that_is_something_else_is_refused_in_words(
    admin_client: Client, data: bytes, name: str, words: str
) -> None:
    answer = send(admin_client, data, name)

    assert answer.status_code == 422
    assert words in read(answer)
    assert not PendingImport.objects.exists()


def test_a_file_too_large_is_not_read(admin_client: Client, settings: Any) -> None:
    settings.IMPORT_LIMIT = 1 << 20
    answer = send(admin_client, b" " * ((1 << 20) + 1), "r.csv")

    assert answer.status_code == 422
    assert "dépasse 1" in read(answer)


def test_what_is_unlawful_is_told_before_confirming(admin_client: Client) -> None:
    content: Any = example()
    content["reglement"] = {"criteres_percent": 300, "phases": []}
    held = send(admin_client, json_file.write(content), "r.json")

    page = read(admin_client.get(held.url))
    assert "La part va de 1 à 100" in page or "100" in page
    assert "Importer comme brouillon" not in page
    admin_client.post(held.url)
    assert not Referentiel.objects.exists()


@pytest.mark.parametrize(
    "settings",
    [{"criteres_percent": 80.5}, {"criteres_percent": True}, {"motive_required": "non"}, {"attempts_allowed": "2"}],
    ids=repr,
)
def test_a_setting_of_another_type_is_not_taken_for_one(admin_client: Client, settings: Any) -> None:
    """80.5 % would be written 80, « non » a yes: what is imported is what the file says, or nothing."""
    held = send(admin_client, json_file.write({**example(), "reglement": settings}), "r.json")

    assert f"{next(iter(settings))}\u00a0:" in read(admin_client.get(held.url))
    admin_client.post(held.url)
    assert not Referentiel.objects.exists()


def test_the_identity_of_a_known_certification_is_not_taken_from_the_file(admin_client: Client) -> None:
    source = build_referentiel()
    content = content_of(source)
    content["certification"]["title"] = "Un autre titre"

    held = send(admin_client, json_file.write(content), "r.json")

    page = read(admin_client.get(held.url))
    assert "L’identité de la certification ne change pas" in page
    assert "Un autre titre" in page
    admin_client.post(held.url)
    assert Certification.objects.get().title == source.certification.title


def test_gaps_in_the_numbering_are_told_and_forbid_nothing(admin_client: Client) -> None:
    content: Any = example()
    content["blocs"][0]["activites"][0]["competences"][0]["criteres"][1]["number"] = 5

    held = send(admin_client, json_file.write(content), "r.json")

    page = read(admin_client.get(held.url))
    assert "la numérotation saute CE2, CE4" in page
    assert "Importer comme brouillon" in page


def test_an_import_is_abandoned_and_only_its_sender_sees_it(admin_client: Client) -> None:
    held = send(admin_client, workbook.write(example()), "r.xlsx")
    pk = PendingImport.objects.get().pk
    other = Client()
    other.force_login(UserFactory(roles=[Role.ADMINISTRATEUR]))
    assert other.get(held.url).status_code == 404
    assert other.post(address("import-abandon", pk)).status_code == 404

    admin_client.post(address("import-abandon", pk))

    assert admin_client.get(held.url).status_code == 404
    assert admin_client.post(held.url).status_code == 404
    assert not Certification.objects.exists()


def _forget_lineages(node: Any) -> None:
    if isinstance(node, dict) and "lineage" in node:
        node["lineage"] = ""
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        if isinstance(value, dict | list):
            _forget_lineages(value)
