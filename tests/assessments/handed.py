"""Files as candidates hand them in: good ones, and crafted ones."""

import base64
import io
import json
import zipfile
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/ppt/presentation.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"/></Types>'
)


def a_pdf(change: Any = None, **saving: Any) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    if change:
        change(pdf)
    written = io.BytesIO()
    pdf.save(written, **saving)
    return written.getvalue()


def script_at_opening(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert('bonjour')"))


def script_on_a_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String("1")))


def launch_on_a_link(pdf: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.Launch, F=String("calc.exe"))
    pdf.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, A=action)])


def link_to(address: str, *, kind: str = "URI", key: str = "URI") -> Any:
    def change(pdf: pikepdf.Pdf) -> None:
        action = Dictionary({"/S": Name(f"/{kind}"), f"/{key}": String(address)})
        pdf.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, A=action)])

    return change


def file_inside(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["tableau.xlsx"] = b"PK\x03\x04"


def destination_at_opening(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.Fit])


def encrypted(owner: str = "secret", user: str = "secret") -> bytes:
    return a_pdf(encryption=pikepdf.Encryption(owner=owner, user=user))


def a_zip(parts: dict[str, bytes | str], *, compressed: bool = True) -> bytes:
    written = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def a_pptx(**more: bytes | str) -> bytes:
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": "<Relationships/>",
        "ppt/presentation.xml": "<presentation/>",
    }
    return a_zip({**parts, **more})


def an_odp(mimetype: str = "application/vnd.oasis.opendocument.presentation", **more: bytes | str) -> bytes:
    parts = {"mimetype": mimetype, "content.xml": "<office/>", "META-INF/manifest.xml": "<manifest/>"}
    return a_zip({**parts, **more})


def a_notebook(*cells: dict[str, Any], **top: Any) -> bytes:
    cells = cells or (markdown("# Analyse\nDes ventes."), code("1 + 1", text("2")))
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **top}).encode()


def markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": source, "outputs": list(outputs)}


def text(words: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": words}


def data(**bundle: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {k.replace("_", "/"): v for k, v in bundle.items()}}
