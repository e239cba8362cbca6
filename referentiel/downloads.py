"""Files to save under a name people recognise."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify

TYPES = {
    "json": "application/json",
    "case": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
}
_EXTENSIONS = {"case": "case.json"}


def download(data: bytes, kind: str, name: str, *, inline: bool = False) -> HttpResponse:
    """``kind`` is a key of :data:`TYPES`; the name is made plain, so that every system keeps it."""
    response = HttpResponse(data, content_type=TYPES[kind])
    file_name = f"{slugify(name)[:100]}.{_EXTENSIONS.get(kind, kind)}"
    response["Content-Disposition"] = str(content_disposition_header(not inline, file_name))
    response["Cache-Control"] = "private, no-store"
    return response
