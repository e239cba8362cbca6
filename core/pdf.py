"""HTML to PDF with WeasyPrint: tagged, deterministic, with our own fonts and nothing fetched.

``render`` works in this process; ``render_isolated`` in a child that returns its memory when it ends.
A document is written with the families of ``FACES``. A font file that is missing is an error, never a fallback;
only characters that these fonts do not draw (another script, an emoji) are left to the system's fonts.
"""

import base64
import contextlib
import gc
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import pydyf  # type: ignore[import-untyped]
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

Variant = Literal["pdf/ua-1", "pdf/a-3a"]

FONT_SCHEME = "font"
RENDER_SECONDS = 120
WORKER = "core.pdf_worker"
WORKER_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_PATH")

# PDF/A asks for a description of every XMP schema it does not know itself, the one of PDF/UA among them.
UA_IN_PDF_A = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates the part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""


class PdfError(Exception):
    """A document could not be made. The message says why without quoting the document."""


class FontMissingError(PdfError):
    """A declared font file is not installed."""


@dataclass(frozen=True, slots=True)
class FontFace:
    """One font file of an installed package, and the name stylesheets know it by."""

    family: str
    package: str
    filename: str
    weight: int = 400
    style: Literal["normal", "italic"] = "normal"

    def path(self) -> Path:
        """Return where the file is; raise ``FontMissingError`` when it is not there."""
        spec = find_spec(self.package)
        for folder in spec.submodule_search_locations or () if spec else ():
            path = Path(folder) / "files" / self.filename
            if path.is_file():
                return path
        message = f"La police {self.filename} manque : installez le paquet Python {self.package}."
        raise FontMissingError(message)

    def rule(self) -> str:
        """Return the @font-face rule; features live here because on an element they cost memory at each render."""
        return (
            f'@font-face {{ font-family: "{self.family}"; font-weight: {self.weight}; font-style: {self.style};'
            f' font-feature-settings: "tnum", "lnum"; src: url("{FONT_SCHEME}:{self.filename}"); }}'
        )


SANS = "Parchemin Sans"
SERIF = "Parchemin Serif"
FACES = (
    FontFace(SANS, "font_source_sans_pro", "SourceSansPro-Regular.ttf"),
    FontFace(SANS, "font_source_sans_pro", "SourceSansPro-It.ttf", style="italic"),
    FontFace(SANS, "font_source_sans_pro", "SourceSansPro-Semibold.ttf", weight=600),
    FontFace(SERIF, "font_source_serif_pro", "SourceSerifPro-Semibold.ttf", weight=600),
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried by the PDF. ``modified`` is given, not read from a clock: equal input, equal bytes."""

    name: str
    data: bytes
    description: str
    modified: datetime


class ClosedFetcher(URLFetcher):  # type: ignore[misc]
    """Reads the fonts of ``FACES`` and refuses every other address: no network, no file, no data URL."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        for face in FACES:
            if url == f"{FONT_SCHEME}:{face.filename}":
                return URLFetcherResponse(url, face.path().read_bytes(), {"Content-Type": "font/ttf"})
        message = "address refused"
        raise ValueError(message)


@dataclass(frozen=True, slots=True)
class _Press:
    """What every render of a process shares."""

    fetcher: ClosedFetcher
    fonts: FontConfiguration
    face_rules: weasyprint.CSS


_turn = threading.Lock()  # Pango's font map serves one thread at a time.


@lru_cache(maxsize=1)
def _press() -> _Press:
    for face in FACES:
        face.path()
    fetcher = ClosedFetcher()
    fonts = FontConfiguration()
    rules = "\n".join(face.rule() for face in FACES)
    return _Press(fetcher, fonts, weasyprint.CSS(string=rules, font_config=fonts, url_fetcher=fetcher))


@lru_cache(maxsize=32)
def _stylesheet(text: str) -> weasyprint.CSS:
    press = _press()
    return weasyprint.CSS(string=text, font_config=press.fonts, url_fetcher=press.fetcher)


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the cyclic collector from walking a growing box tree again and again (a quarter of the time)."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def render(
    html: str,
    *,
    stylesheets: Sequence[str],
    attachments: Sequence[Attachment] = (),
    variant: Variant = "pdf/ua-1",
) -> bytes:
    """Return ``html`` as a tagged PDF; equal arguments give equal bytes.

    ``html`` must carry ``lang`` and a title. ``stylesheets`` are CSS texts, parsed once per process.
    ``pdf/a-3a`` files are PDF/UA-1 too. Raises ``PdfError``.
    """
    with _turn, _collector_paused():
        press = _press()
        sheets = [press.face_rules, *(_stylesheet(text) for text in stylesheets)]
        try:
            return _write(html, press, sheets, attachments, variant)
        except FatalURLFetchingError as error:  # A BaseException: it would pass every `except Exception` above us.
            message = "the document asked for an address"
            raise PdfError(message) from error


def _write(
    html: str,
    press: _Press,
    sheets: list[weasyprint.CSS],
    attachments: Sequence[Attachment],
    variant: Variant,
) -> bytes:
    options = {"pdf_variant": variant, "output_intent": "srgb" if variant == "pdf/a-3a" else None}
    source = weasyprint.HTML(string=html, url_fetcher=press.fetcher)
    document = source.render(font_config=press.fonts, stylesheets=sheets, **options)
    files = [
        weasyprint.Attachment(
            string=attachment.data,
            name=attachment.name,
            description=attachment.description,
            created=attachment.modified,
            modified=attachment.modified,
            relationship="Source",
        )
        for attachment in attachments
    ]
    finisher = _archive if variant == "pdf/a-3a" else None
    pdf: bytes = document.write_pdf(attachments=files, finisher=finisher, **options)
    return pdf


def _archive(_document: weasyprint.Document, pdf: pydyf.PDF) -> None:
    """What an archived file has beside its pages; archived files are those that are signed."""
    _declare_accessible(pdf)
    _keep_objects_apart(pdf)


def _keep_objects_apart(pdf: pydyf.PDF) -> None:
    """Write each object on its own: checking a signature reads them all, and pyHanko reads a stream of objects anew for
    each that lies in it, so that the time would grow as the square of the document (a procès-verbal of 200 candidates).
    """
    write = pdf.write
    pdf.write = lambda output, version, identifier, _compress: write(output, version, identifier, compress=False)


def _declare_accessible(pdf: pydyf.PDF) -> None:
    """Say in the metadata of a PDF/A that it is a PDF/UA-1 too."""
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and item.extra.get("Type") == "/Metadata":
            item.stream = [b"".join(item.stream).replace(b"</rdf:RDF>", UA_IN_PDF_A)]
            item.compress = False  # PDF/A wants its metadata readable as they lie in the file.


def render_isolated(
    html: str,
    *,
    stylesheets: Sequence[str],
    attachments: Sequence[Attachment] = (),
    variant: Variant = "pdf/ua-1",
    seconds: float = RENDER_SECONDS,
) -> bytes:
    """Do as ``render`` in a child process, for a process that must stay small and alive.

    The child sees no setting and no secret of ours. Raises ``PdfError`` when it fails, crashes or exceeds ``seconds``.
    """
    request = json.dumps(
        {
            "html": html,
            "stylesheets": list(stylesheets),
            "attachments": [_packed(attachment) for attachment in attachments],
            "variant": variant,
        }
    )
    try:
        child = subprocess.run(  # noqa: S603 - our own module, run by our own interpreter, no shell
            [sys.executable, "-m", WORKER],
            input=request.encode(),
            capture_output=True,
            check=False,
            timeout=seconds,
            cwd=Path(__file__).resolve().parent.parent,
            env={name: os.environ[name] for name in WORKER_ENVIRONMENT if name in os.environ},
        )
    except subprocess.TimeoutExpired:
        message = f"the document was not ready after {seconds:g} s"
        raise PdfError(message) from None
    if child.returncode != 0 or not child.stdout.startswith(b"%PDF-"):
        reason = child.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        message = f"the rendering process ended with {child.returncode}: {reason}"
        raise PdfError(message)
    return child.stdout


def _packed(attachment: Attachment) -> dict[str, str]:
    return {
        "name": attachment.name,
        "data": base64.b64encode(attachment.data).decode(),
        "description": attachment.description,
        "modified": attachment.modified.isoformat(),
    }


def unpacked(packed: dict[str, str]) -> Attachment:
    """Return the attachment a parent process has written in its request."""
    return Attachment(
        name=packed["name"],
        data=base64.b64decode(packed["data"]),
        description=packed["description"],
        modified=datetime.fromisoformat(packed["modified"]),
    )
