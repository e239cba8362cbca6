"""The floors: what the middleware, a session and one write cost by themselves."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone

from core.fingerprints import sha256_hex
from core.models import StoredFile


def nothing(request: HttpRequest) -> HttpResponse:
    """An empty page, for a logged-in person."""
    return HttpResponse()


def one_row(request: HttpRequest) -> HttpResponse:
    """Write one row and say nothing of it."""
    StoredFile.objects.create(sha256=sha256_hex(uuid4().bytes), size=1, media_type="x", stored_at=timezone.now())
    return HttpResponse()


urlpatterns = [
    path("bench/nothing/", nothing),
    path("bench/one-row/", one_row),
    path("", include("config.urls")),
]
