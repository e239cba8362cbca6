"""A livrable sent to somebody who may read it: shown in a frame of ours, or downloaded, and never kept."""

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from assessments.enums import DeliverableKind
from assessments.models import Deliverable
from assessments.notebooks import cells_of
from core import files

# Only our own pages may frame it, and it may load nothing and run nothing.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin"
)
# The browser's own reader draws a PDF, which a sandbox would forbid; a file that held a script was refused.
PDF_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


def serve(deliverable: Deliverable, *, download: bool) -> HttpResponseBase:
    """A PDF and a notebook are shown, unless they are to be downloaded; the rest is."""
    if deliverable.kind == DeliverableKind.NOTEBOOK and not download:
        return _shown(HttpResponse(notebook_page(deliverable)), PAGE_POLICY)
    if deliverable.kind == DeliverableKind.PDF and not download:
        return _shown(_file(deliverable, as_attachment=False), PDF_POLICY)
    return _guarded(_file(deliverable, as_attachment=True))


def notebook_page(deliverable: Deliverable) -> str:
    """The notebook as a page of ours; its bytes are checked against their address first."""
    assert deliverable.file is not None
    cells = cells_of(files.read(deliverable.file))
    return render_to_string("assessments/notebook.html", {"deliverable": deliverable, "cells": cells})


def _file(deliverable: Deliverable, *, as_attachment: bool) -> FileResponse:
    assert deliverable.file is not None
    response = FileResponse(files.opened(deliverable.file), content_type=deliverable.file.media_type)
    name = content_disposition_header(as_attachment, deliverable.file_name)
    response["Content-Disposition"] = name or "attachment"
    return response


def _shown(response: HttpResponseBase, policy: str) -> HttpResponseBase:
    response["Content-Security-Policy"] = policy
    response["X-Frame-Options"] = "SAMEORIGIN"
    return _guarded(response)


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
