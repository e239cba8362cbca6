"""Import, export and differences by the API: the same rights, the same refusals, the same files (R-REF-2)."""

from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from core.models import JournalEntry
from referentiel.exchange import json_file, workbook
from referentiel.exchange.example import example
from referentiel.models import PendingImport, Referentiel
from referentiel.queries.tree import content_of
from referentiel.services.editing import change_node
from referentiel.services.versions import clone_to_draft
from tests.accounts.factories import UserFactory
from tests.referentiel.exchange.fiches import fiche
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db
IMPORTS = "/api/v1/imports/"


@pytest.fixture
def admin() -> User:
    user: User = UserFactory(roles=[Role.ADMINISTRATEUR])
    return user


@pytest.fixture
def api(admin: User) -> Client:
    client = Client()
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(api: Client, data: bytes, name: str = "exemple.xlsx", **fields: str) -> Any:
    return api.post(IMPORTS, {"file": SimpleUploadedFile(name, data), **fields})


def exported(api: Client, referentiel: Referentiel, kind: str) -> Any:
    return api.get(f"/api/v1/referentiels/{referentiel.pk}/export/{kind}/")


def test_a_file_is_held_told_and_imported_once(api: Client) -> None:
    told = send(api, workbook.write(example())).json()
    assert (told["refusals"], told["follows"], told["rncp_code"]) == (
        [],
        None,
        example()["certification"]["rncp_code"],
    )
    assert not Referentiel.objects.exists()

    address = f"{IMPORTS}{told['id']}/"
    assert api.get(address).json() == told
    made = [api.post(address).json() for _ in range(2)]

    assert made[0] == made[1] == {"referentiel": Referentiel.objects.get().pk}
    assert JournalEntry.objects.filter(verb="referentiel.imported").count() == 1
    assert content_of(Referentiel.objects.get())["blocs"]


def test_a_new_version_is_told_change_by_change(api: Client, admin: User) -> None:
    version = build_referentiel()
    content = content_of(version)
    content["blocs"][0]["title"] = "Un autre intitulé"
    told = send(api, json_file.write(content), "v2.json").json()
    (change,) = told["changes"]
    assert (change["kinds"], change["level"], told["follows"]) == (["reworded"], "bloc", 1)
    assert change["texts"] == [{"field": "title", "before": "Intitulé du bloc 1", "after": "Un autre intitulé"}]


def test_an_abandoned_file_is_forgotten(api: Client) -> None:
    address = f"{IMPORTS}{send(api, workbook.write(example())).json()['id']}/"
    assert api.delete(address).status_code == 204
    assert api.post(address).status_code == 404
    assert not PendingImport.objects.exists()


def test_what_cannot_be_read_is_told_place_by_place(api: Client) -> None:
    answer = send(api, b"PK\x03\x04 pas un classeur")
    body = answer.json()
    assert answer.status_code == 400
    assert list(body) == ["detail", "faults", "more"]
    assert body["faults"][0]["message"]
    assert not PendingImport.objects.exists()


@pytest.mark.parametrize("fields", [{}, {"file": "pas un fichier"}], ids=["no file", "a word"])
def test_without_a_file_nothing_is_held(api: Client, fields: dict[str, str]) -> None:
    assert api.post(IMPORTS, fields).status_code == 400


def test_a_file_too_large_is_not_read(api: Client, settings: Any) -> None:
    settings.IMPORT_LIMIT = 10
    answer = send(api, workbook.write(example()))
    assert answer.status_code == 400
    assert "dépasse" in answer.json()["detail"]


def test_one_fiche_among_several_is_named_or_asked_for(api: Client) -> None:
    several = f"<FICHES>{fiche('RNCP1')}{fiche('RNCP2')}</FICHES>".encode()
    asked = send(api, several, "export.xml").json()
    assert asked["fiches"] == ["RNCP1", "RNCP2"]
    refused = api.post(f"{IMPORTS}{asked['id']}/")
    assert (refused.status_code, "plusieurs fiches" in refused.json()["detail"]) == (400, True)
    assert send(api, several, "export.xml", fiche="RNCP2").json()["rncp_code"] == "RNCP2"
    assert not Referentiel.objects.exists()


def test_somebody_else_s_file_is_not_confirmed(api: Client) -> None:
    told = send(api, workbook.write(example())).json()
    other = Client()
    other.force_login(UserFactory(roles=[Role.ADMINISTRATEUR]), backend="django.contrib.auth.backends.ModelBackend")
    assert other.post(f"{IMPORTS}{told['id']}/").status_code == 404
    assert not Referentiel.objects.exists()


@time_machine.travel("2026-03-12T14:30:00+01:00", tick=False)  # a workbook carries the second it was written
@pytest.mark.parametrize("kind", ["json", "xlsx", "csv", "case", "pdf"])
def test_each_export_is_the_page_s_own(api: Client, kind: str) -> None:
    version = build_referentiel()
    page = api.get(f"/referentiels/{version.pk}/export/{kind}/")
    answer = exported(api, version, kind)
    assert (answer.status_code, answer["Content-Type"]) == (200, page["Content-Type"])
    assert answer["Content-Disposition"] == page["Content-Disposition"]
    assert len(answer.content) == len(page.content)


def test_what_is_exported_comes_back_identical(api: Client) -> None:
    version = build_referentiel(blocs=2, competences=2)
    told = send(api, exported(api, version, "json").content, "export.json").json()
    assert told["changes"] == []


def test_an_unknown_kind_is_not_found(api: Client) -> None:
    assert exported(api, build_referentiel(), "docx").status_code == 404


def test_a_difference_tells_each_change(api: Client, admin: User) -> None:
    version = build_referentiel()
    draft = clone_to_draft(version, by=admin)
    change_node(draft.blocs.get(), values={"title": "Reformulé"}, by=admin)

    (change,) = api.get(f"/api/v1/referentiels/{draft.pk}/differences/{version.pk}/").json()

    assert (change["kinds"], change["after"]) == (["reworded"], "Bloc 1")
    assert api.get(f"/api/v1/referentiels/{draft.pk}/differences/{draft.pk}/").status_code == 404
