"""A QR code in a document: the modules a scanner sees are those of the code, and its alternative is said."""

import io
import subprocess

import page
import pypdf
import pytest
import segno

from core.pdf import render
from core.qr import QUIET, qr_svg
from tests.scanning import scanned

URL = "https://parchemin.example.org/verifier/2026-000123/?code=4f6d8c1a9b3e47d2a5c0f7e8b1d29364"
PIXELS = 4  # for one module


def printed(url: str) -> bytes:
    side = len(segno.make_qr(url, error="m").matrix) + 2 * QUIET
    code = qr_svg(url, alternative="Vérifier ce parchemin", size=f"{side}pt")
    html = f'<!doctype html><html lang="fr"><head><title>QR</title></head><body>{code}</body></html>'
    css = f"@page {{ size: {side}pt {side}pt; margin: 0 }} body {{ margin: 0 }} svg {{ display: block }}"
    return render(html, stylesheets=[css], variant="pdf/a-3a")


def modules_of(pdf: bytes) -> list[list[bool]]:
    """What a scanner sees: the colour in the middle of each module, quiet zone included, as poppler paints it."""
    command = ["pdftoppm", "-r", str(72 * PIXELS), "-gray", "-singlefile", "-"]
    image = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
    magic, size, depth, grey = image.split(b"\n", 3)
    width, height = map(int, size.split())
    assert (magic, depth, width) == (b"P5", b"255", height)
    middles = range(PIXELS // 2, width, PIXELS)
    return [[grey[y * width + x] < 128 for x in middles] for y in middles]


@pytest.mark.parametrize("url", [URL, "https://p.fr/v/1"])
def test_what_is_printed_is_the_code_of_the_url_at_level_m_at_least(url: str) -> None:
    """R-JUR-7."""
    code = segno.make_qr(url, error="m")
    expected = [[bool(module) for module in row] for row in code.matrix_iter(border=QUIET)]
    assert modules_of(printed(url)) == expected
    assert code.error in {"M", "Q", "H"}


def test_two_urls_give_two_codes_and_one_url_the_same_each_time() -> None:
    assert qr_svg(URL, alternative="Vérifier") == qr_svg(URL, alternative="Vérifier")
    assert modules_of(printed(URL)) != modules_of(printed(URL[:-1] + "5"))


def test_the_code_is_a_figure_with_an_alternative_in_an_accessible_document() -> None:
    made = printed(URL)
    for profile in ("ua1", "3a"):
        report = page.validate_pdf_bytes(made, profile=profile)
        assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]
    assert "Vérifier ce parchemin" in {figure.get("/Alt") for figure in figures_of(made)}
    drawn = qr_svg(URL, alternative="Vérifier l’attestation <n° 12>")
    assert "<title>Vérifier l’attestation &lt;n° 12&gt;</title>" in drawn
    assert "href" not in drawn


def figures_of(pdf: bytes) -> list[pypdf.generic.DictionaryObject]:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    objects = (reader.get_object(number) for number in range(1, reader.trailer["/Size"]))
    return [found for found in objects if isinstance(found, dict) and found.get("/S") == "/Figure"]


@pytest.mark.parametrize("url", [URL, "https://p.fr/v/1", URL + 3 * "0123456789abcdef", URL + 12 * "0123456789abcdef"])
def test_a_scanner_reads_the_address_back(url: str) -> None:
    assert scanned(printed(url)) == url
