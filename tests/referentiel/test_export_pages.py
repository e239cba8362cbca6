"""A version as a file: every format, for those who may read it."""

import io
import json
import re

import page
import pikepdf
import pytest
from django.test import Client

from accounts.enums import Role
from core.fingerprints import canonical_json
from referentiel.exchange import case_package, csv_file, json_file, workbook
from referentiel.models import Referentiel
from referentiel.queries.tree import content_of
from tests.accounts.factories import UserFactory
from tests.printed import pages_of, words_of
from tests.referentiel.factories import build_referentiel
from tests.referentiel.pages import address

pytestmark = pytest.mark.django_db

READERS = {"json": json_file.read, "xlsx": workbook.read, "case": case_package.read}


@pytest.fixture
def evaluateur() -> Client:
    client = Client()
    client.force_login(UserFactory(roles=[Role.EVALUATEUR]))
    return client


@pytest.mark.parametrize("kind", READERS)
def test_what_is_downloaded_reads_back_to_the_byte(evaluateur: Client, kind: str) -> None:
    referentiel = build_referentiel(blocs=2)

    answer = evaluateur.get(address("export", referentiel.pk, kind))

    assert canonical_json(READERS[kind](answer.content)) == canonical_json(content_of(referentiel))
    assert answer["Cache-Control"] == "private, no-store"


def test_the_csv_holds_the_tree(evaluateur: Client) -> None:
    content = content_of(referentiel := build_referentiel())

    answer = evaluateur.get(address("export", referentiel.pk, "csv"))

    assert csv_file.read(answer.content, certification=content["certification"])["blocs"] == content["blocs"]


@pytest.mark.parametrize(("kind", "ending"), [("json", "json"), ("xlsx", "xlsx"), ("case", "case.json")])
def test_the_file_is_named_after_the_version(evaluateur: Client, kind: str, ending: str) -> None:
    referentiel = build_referentiel()
    code = referentiel.certification.rncp_code.lower()

    answer = evaluateur.get(address("export", referentiel.pk, kind))

    assert answer["Content-Disposition"] == f'attachment; filename="referentiel-{code}-v1.{ending}"'


def test_a_draft_is_exported_only_by_those_who_may_see_it(
    admin_client: Client, evaluateur: Client, draft: Referentiel
) -> None:
    assert evaluateur.get(address("export", draft.pk, "json")).status_code == 404
    answer = admin_client.get(address("export", draft.pk, "json"))
    assert "brouillon" in answer["Content-Disposition"]


def test_an_unknown_format_is_not_found(admin_client: Client, draft: Referentiel) -> None:
    assert admin_client.get(address("export", draft.pk, "docx")).status_code == 404


def test_the_pdf_is_tagged_names_the_version_and_carries_its_content(evaluateur: Client) -> None:
    referentiel = build_referentiel(blocs=2)

    answer = evaluateur.get(address("export", referentiel.pk, "pdf"))

    assert not page.validate_pdf_bytes(answer.content, profile="ua1").failures
    pdf = pikepdf.open(io.BytesIO(answer.content))
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.Lang == "fr"
    text = words_of(answer.content)
    for words in (
        "Référentiel d’activités",
        "Modalités d’évaluation",
        "C2.1.1",
        referentiel.publication.fingerprint[:8],
    ):
        assert words in text
    attached = json.loads(pdf.attachments["referentiel.json"].get_file().read_bytes())
    assert attached == content_of(referentiel)


def test_the_pdf_of_a_draft_says_it_is_one(admin_client: Client, draft: Referentiel) -> None:
    answer = admin_client.get(address("export", draft.pk, "pdf"))

    text = words_of(answer.content)
    assert "BROUILLON" in text
    assert "sans valeur" in text.lower()


def test_a_row_taller_than_a_page_goes_on_under_its_headings(admin_client: Client) -> None:
    """R-REF-3: to the letter, however long."""
    draft = build_referentiel(competences=2, published=False)
    first = draft.competences.first()
    first.statement = " ".join(f"mot{n}" for n in range(1500))
    first.save()

    data = admin_client.get(address("export", draft.pk, "pdf")).content

    rows = [words for words in pages_of(data) if re.search(r"\bmot\d", words)]
    assert len(rows) > 2
    assert [words.count("Référentiel d’évaluation") for words in rows] == [2] * len(rows)
    assert rows[0].count("Intitulé du bloc 1") == 2  # as the running head, and as the title it does not leave alone
    assert [n for n in range(1500) if not re.search(rf"\bmot{n}\b", "\n".join(rows))] == []
