"""R-JUR-7: one page, every mandatory mention, accessible, kept for ever, with its content attached."""

import io
import json
from functools import cache

import page
import pikepdf
import pypdf
import pytest

from core.fingerprints import canonical_json, sha256_hex
from juries.enums import CertificateKind
from tests.juries.certificate_contents import STATEMENT, a_content, longest, made
from tests.printed import pages_of, words_of

KINDS = list(CertificateKind)
COPY = (2, "2027-02-03")
REPLACED = {"number": "RNCP37431-2026-000011", "issued_on": "2026-10-13"}


@cache
def ordinary(kind: CertificateKind) -> bytes:
    return made(a_content(kind))


def plain(pdf: bytes) -> str:
    return words_of(pdf).replace("\u00a0", " ").replace("\u202f", " ")


def failures(pdf: bytes, profile: str) -> set[str]:
    return {failure.rule_id for failure in page.validate_pdf_bytes(pdf, profile=profile).failures}


def false_alarms(pdf: bytes) -> set[str]:
    """The validator takes the last byte of a stream for the end of a line when it is a carriage return."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        streams = [one for one in opened.objects if isinstance(one, pikepdf.Stream)]
        assert all(len(one.read_raw_bytes()) == one.Length for one in streams)
        ends_so = any(one.read_raw_bytes().endswith(b"\r") for one in streams)
    return {"PDFA3A-STREAM-LENGTH-001"} if ends_so else set()


@pytest.mark.parametrize("kind", KINDS)
def test_every_mandatory_mention_is_printed(kind):
    content, text = a_content(kind), plain(ordinary(kind))
    for mention in (
        "RNCP37431",
        "par décision du 31 mars 2023",
        "OPENCLASSROOMS SAS",  # in letters spaced no wider than what reads as a word
        "Expert en data science",
        "iveau 7",
        "NSF 326n",
        "Camille MARTIN-DELACROIX",
        "né(e) le 21 août 1994 à Saint-Étienne",
        "12 octobre 2026",
        "Procès-verbal de la session « Jury du 12 octobre 2026 »",
        "entrée n° 4213 du journal",
        "Référentiel version 1",
        content["referentiel"]["fingerprint"][:8],
        "Fait à Paris, le 14 octobre 2026",
        "Aurore Lemaître",
        "Directrice de la certification",
        content["number"],
        content["verification"]["code"],
        "parchemin.exemple.fr/verifier",
        *(bloc["title"] for bloc in content["blocs"]),
    ):
        assert mention in text, mention
    assert sha256_hex(canonical_json(content)) in text.replace(" ", "")


def test_an_attestation_tells_the_competences_of_its_bloc():
    text = plain(ordinary(CertificateKind.ATTESTATION))
    assert text.count(STATEMENT) == 9
    assert "C2.1.1" in text
    assert "bloc 2" in text


def test_a_title_without_nsf_says_nothing_of_it():
    assert "NSF" not in words_of(made(a_content(certification={"nsf": ""})))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("replaces", [None, REPLACED])
def test_it_is_one_page_whatever_the_length_of_names_and_titles(kind, replaces):
    content = longest(kind)
    if replaces:
        content["replaces"] = replaces
    pdf = made(content, COPY)
    (only,) = pages_of(pdf)
    text = only.replace("\n", " ")
    assert "Aurore" not in text
    assert content["verification"]["code"] in text
    assert content["delivery"]["place"].split()[0] in text
    assert content["blocs"][-1]["number"] == (6 if kind == CertificateKind.PARCHEMIN else 1)
    assert sha256_hex(canonical_json(content)) in text.replace(" ", "")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("make", [a_content, longest])
def test_it_conforms_to_pdf_ua_and_pdf_a(kind, make):
    pdf = ordinary(kind) if make is a_content else made(make(kind), COPY)
    assert failures(pdf, "ua1") == set()
    assert failures(pdf, "3a") - false_alarms(pdf) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_its_content_is_attached_and_the_same_content_gives_the_same_bytes(kind):
    content = a_content(kind)
    attached = pypdf.PdfReader(io.BytesIO(ordinary(kind))).attachments["certificat.json"][0]
    assert attached.decode() == canonical_json(content)
    assert json.loads(attached) == content
    assert made(content) == ordinary(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_duplicata_says_which_and_when_the_original_says_nothing(kind):
    copy = made(a_content(kind), COPY)
    assert "Duplicata n° 2, délivré le 3 février 2027" in plain(copy)
    assert "Duplicata n°\u00a02" in pypdf.PdfReader(io.BytesIO(copy)).metadata.title
    assert "Duplicata" not in plain(ordinary(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_rectificatif_cites_what_it_replaces_and_conforms_like_the_others(kind):
    pdf = made({**a_content(kind), "replaces": REPLACED})
    said = "Rectificatif : annule et remplace le n° RNCP37431-2026-000011, délivré le 13 octobre 2026"
    assert said in plain(pdf)
    assert said.partition(" ")[0] in pypdf.PdfReader(io.BytesIO(pdf)).metadata.title
    assert failures(pdf, "ua1") == set()
    assert failures(pdf, "3a") - false_alarms(pdf) == set()
    assert "Rectificatif" not in plain(ordinary(kind))


def test_markup_in_a_name_is_printed_as_it_was_typed():
    hostile = a_content(holder={"given_names": "<b>Léa</b> {{ 7 }}", "family_name": "O’Neil \u202eevil"})
    text = plain(made(hostile))
    assert "<b>Léa</b> {{ 7 }} O’NEIL EVIL" in text
