"""HTML to PDF: tagged, deterministic, closed to every address, and clear when it fails."""

import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import page
import pypdf
import pytest

from core import pdf
from core.pdf import Attachment, FontMissingError, PdfError, render, render_isolated
from tests.printed import words_of

CSS = '@page { size: A5 } body { font-family: "Parchemin Sans" } h1 { font: 600 20pt "Parchemin Serif" }'
FILE = Attachment("pièce.json", b'{"a":1}', "Une pièce", datetime(2026, 3, 12, 14, 30, tzinfo=UTC))


def document(body: str = "<p>Bonjour</p>", head: str = "") -> str:
    return f'<!doctype html><html lang="fr"><head><title>Essai</title>{head}</head><body>{body}</body></html>'


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server that remembers what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_equal_input_gives_equal_bytes_in_this_process_and_in_another() -> None:
    first = render(document(), stylesheets=[CSS], attachments=[FILE])
    assert render(document(), stylesheets=[CSS], attachments=[FILE]) == first
    assert render_isolated(document(), stylesheets=[CSS], attachments=[FILE]) == first


@pytest.mark.parametrize(("variant", "profiles"), [("pdf/ua-1", ["ua1"]), ("pdf/a-3a", ["ua1", "3a"])])
def test_the_file_conforms(variant: pdf.Variant, profiles: list[str]) -> None:
    made = render(document("<h1>Titre</h1><p>Texte</p>"), stylesheets=[CSS], attachments=[FILE], variant=variant)
    for profile in profiles:
        report = page.validate_pdf_bytes(made, profile=profile)
        assert report.is_compliant, [(f.rule_id, f.message) for f in report.failures]


def test_title_language_and_attachment_are_in_the_file() -> None:
    made = render(document(), stylesheets=[CSS], attachments=[FILE])
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert reader.root_object["/Lang"] == "fr"
    assert reader.metadata
    assert reader.metadata.title == "Essai"
    assert reader.attachments["pièce.json"] == [FILE.data]


def test_every_font_is_ours_and_embedded() -> None:
    made = render(document("<h1>Titre</h1><p>Texte <i>penché</i></p>"), stylesheets=[CSS])
    fonts = [font for opened in pypdf.PdfReader(io.BytesIO(made)).pages for font in fonts_of(opened)]
    assert {name.partition("+")[2] for name, _ in fonts} == {
        "Parchemin-Sans",
        "Parchemin-Sans-Italic",
        "Parchemin-Serif-Semi-Bold",
    }
    assert all(embedded for _, embedded in fonts)


def fonts_of(opened: pypdf.PageObject) -> Iterator[tuple[str, bool]]:
    for font in opened["/Resources"]["/Font"].values():
        descendant = font.get_object()["/DescendantFonts"][0].get_object()
        yield str(font.get_object()["/BaseFont"]), "/FontFile2" in descendant["/FontDescriptor"]


INJECTIONS = (
    '<img src="{url}/img" alt="x">',
    '<link rel="stylesheet" href="{url}/link">',
    '<style>@import "{url}/import"; p {{ background: url({url}/background) }}</style>',
    "<style>@font-face {{ font-family: x; src: url({url}/font) }} p {{ font-family: x }}</style>",
    '<object data="{url}/object"></object><embed src="{url}/embed">',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}/svg"/><use href="{url}/use#a"/></svg>',
    '<link rel="attachment" href="{url}/attachment">',
    '<a rel="attachment" href="{url}/attached">x</a>',
    '<p style="list-style: url({url}/list); content: url({url}/content)">x</p>',
)


@pytest.mark.parametrize("injection", INJECTIONS)
def test_no_address_is_ever_asked_for(injection: str, listener: tuple[str, list[str]], tmp_path: Path) -> None:
    url, asked = listener
    secret = tmp_path / "secret"
    secret.write_text("SECRET-TOKEN")
    head = injection.format(url=url) + injection.format(url=secret.as_uri().removesuffix("/secret"))
    made = render(document("<p>Bonjour</p>" + head, head=head), stylesheets=[CSS])
    assert asked == []
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert not reader.attachments
    assert "Bonjour" in words_of(made)


def test_a_missing_font_is_an_error_and_not_a_fallback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "FACES", (replace(pdf.FACES[0], filename="Absente.ttf"),))
    pdf._press.cache_clear()
    with pytest.raises(FontMissingError, match=r"Absente\.ttf"):
        render(document(), stylesheets=[CSS])
    with pytest.raises(FontMissingError, match="no_such_package"):
        replace(pdf.FACES[0], package="no_such_package").path()
    pdf._press.cache_clear()


def test_a_child_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(PdfError, match=r"0\.01 s"):
        render_isolated(document(), stylesheets=[CSS], seconds=0.01)


def test_a_child_that_dies_is_an_error_that_quotes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PdfError, match="KeyError") as raised:
        render_isolated(document("SECRET-TOKEN"), stylesheets=[CSS], variant="pdf/none")  # type: ignore[arg-type]
    assert "SECRET-TOKEN" not in str(raised.value)
    monkeypatch.setattr(pdf, "WORKER", "core.no_such_worker")
    with pytest.raises(PdfError, match="ended with 1"):
        render_isolated(document(), stylesheets=[CSS])


def test_the_child_does_not_see_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "SECRET-TOKEN")
    assert "SECRET_KEY" not in pdf.WORKER_ENVIRONMENT
    assert render_isolated(document(), stylesheets=[CSS]).startswith(b"%PDF-")
