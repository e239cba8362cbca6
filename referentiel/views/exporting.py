"""A version as a file, for those who may read it."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.http import Request
from referentiel.downloads import download
from referentiel.files import KINDS, file_of
from referentiel.views.found import readable


@require_safe
def export(request: Request, pk: int, kind: str) -> HttpResponse:
    """``kind``: json, xlsx, csv, case or pdf."""
    if kind not in KINDS:
        raise Http404
    file = file_of(readable(request, pk), kind)
    return download(file.data, file.kind, file.name)
