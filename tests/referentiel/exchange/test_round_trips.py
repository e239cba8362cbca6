"""A référentiel goes out and comes back the same, to the byte, through each format (R-REF-3)."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from jsonschema import Draft7Validator

from accounts.enums import Role
from core import protection
from core.fingerprints import canonical_json
from referentiel.content import Content
from referentiel.exchange import case_package, csv_file, json_file, workbook
from referentiel.models import Certification, Publication, Referentiel, Registration
from referentiel.queries.tree import content_of
from referentiel.services.importing import hold, import_held
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel

pytestmark = pytest.mark.django_db

SCHEMA = Path(__file__).with_name("case_package.schema.json")
NOW = "2026-11-22T10:00:00+01:00"
FORMATS = {
    "json": (json_file.write, json_file.read),
    "xlsx": (workbook.write, workbook.read),
    "case": (lambda content: case_package.write(content, changed_at=NOW), case_package.read),
}


@pytest.fixture
def real() -> Content:
    """« Expert en data science », to the letter."""
    call_command("loaddata", "expert_en_data_science", verbosity=0)
    return content_of(Referentiel.objects.get())


@pytest.mark.parametrize("name", FORMATS)
def test_the_real_referentiel_comes_back_to_the_byte(real: Content, name: str) -> None:
    write, read = FORMATS[name]

    assert canonical_json(read(write(real))) == canonical_json(real)


@pytest.mark.parametrize("name", FORMATS)
def test_it_is_imported_into_another_installation_to_the_byte(real: Content, name: str) -> None:
    """The same tree, settings and identifiers, where nothing of it was known."""
    write, read = FORMATS[name]
    data = write(real)
    _forget_everything()

    draft = import_held(hold(read(data), file_name=f"r.{name}", by=_admin()), by=_admin())

    assert canonical_json(content_of(draft)) == canonical_json(real)


def test_the_tree_comes_back_from_csv_to_the_byte(real: Content) -> None:
    read = csv_file.read(csv_file.write(real), certification=real["certification"])

    assert canonical_json(read["blocs"]) == canonical_json(real["blocs"])


def test_what_a_spreadsheet_could_run_stays_a_text() -> None:
    content = content_of(build_referentiel())
    content["blocs"][0]["title"] = "=SOMME(A1:A9)"
    content["blocs"][0]["activites"][0]["title"] = "'@+-="

    assert b"\n1;'=SOMME" in csv_file.write(content).replace(b"\r", b"")
    for read in (
        csv_file.read(csv_file.write(content), certification=content["certification"]),
        workbook.read(workbook.write(content)),
    ):
        assert canonical_json(read["blocs"]) == canonical_json(content["blocs"])


def test_nodes_with_nothing_under_them_and_texts_of_several_lines_come_back() -> None:
    content = content_of(build_referentiel(blocs=2, competences=2))
    content["blocs"][1]["activites"] = []
    content["blocs"][0]["activites"][0]["competences"][0]["criteres"] = []
    critere = content["blocs"][0]["activites"][0]["competences"][1]["criteres"][0]
    critere |= {"text": " deux\n\nlignes ", "sous_elements": ["un\nsuite", "deux"], "threshold": 2, "mandatory": True}

    for write, read in FORMATS.values():
        assert canonical_json(read(write(content))) == canonical_json(content)


def test_a_case_export_is_a_valid_package(real: Content) -> None:
    """1EdTech CASE 1.0: the fields it requires, their kinds, and a tree of isChildOf."""
    package = json.loads(case_package.write(real, changed_at=NOW))
    nodes = 4 + 13 + 33 + 177 + 5

    Draft7Validator(_case_schema()).validate(package)
    assert len(package["CFItems"]) == len(package["CFAssociations"]) == nodes
    assert len({item["identifier"] for item in package["CFItems"]}) == nodes


def test_the_schema_refuses_a_package_without_a_statement(real: Content) -> None:
    package = json.loads(case_package.write(real, changed_at=NOW))
    del package["CFItems"][0]["fullStatement"]

    assert not Draft7Validator(_case_schema()).is_valid(package)


def test_a_package_of_another_tool_is_read_by_its_depth() -> None:
    content = content_of(build_referentiel())
    package = json.loads(case_package.write(content, changed_at=NOW))
    package["CFDocument"]["notes"] = json.dumps({"rncp_code": "RNCP1", "level": 6})
    for item in package["CFItems"]:
        item.pop("CFItemType")
        item.pop("notes", None)

    read = case_package.read(json.dumps(package).encode())

    assert [bloc["title"] for bloc in read["blocs"]] == [bloc["title"] for bloc in content["blocs"]]


def _case_schema() -> dict[str, Any]:
    """Ours, written from the specification: what a CFPackage must have."""
    schema: dict[str, Any] = json.loads(SCHEMA.read_text())
    return schema


def _admin() -> Any:
    return UserFactory(roles=[Role.ADMINISTRATEUR])


def _forget_everything() -> None:
    protection.remove()
    for model in (Publication, Registration, Referentiel, Certification):
        model.objects.all().delete()
    protection.install()


@pytest.mark.parametrize("name", FORMATS)
def test_a_setting_younger_than_the_version_travels_when_it_is_set_and_is_silent_otherwise(name: str) -> None:
    """R-REF-1: what was frozen before the setting existed keeps its fingerprint."""
    write, read = FORMATS[name]
    unset, kept = content_of(build_referentiel()), content_of(build_referentiel(retention_years=10))

    assert unset["reglement"] is not None
    assert "retention_years" not in unset["reglement"]
    assert canonical_json(read(write(kept))) == canonical_json(kept)
    assert read(write(kept))["reglement"]["retention_years"] == 10
