"""What every response carries."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import is_valid_path, reverse

from core.exceptions import Refusal
from core.files import DamagedFileError

logger = logging.getLogger(__name__)


class PrivateCacheMiddleware:
    """Pages of logged-in people are never kept by a browser or a proxy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response


class DemoOnLoopbackMiddleware:
    """The demo's accounts are printed on a terminal: nobody reaches them from another machine, nor through a proxy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.DEMO:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not ip_address(request.META["REMOTE_ADDR"]).is_loopback or _is_forwarded(request):
            return HttpResponseForbidden("La démonstration ne répond qu’à sa propre machine.")
        return self.get_response(request)


def _is_forwarded(request: HttpRequest) -> bool:
    """Whether somebody else's request was passed on to this machine."""
    return any(name.lower().startswith(("x-forwarded-", "forwarded")) for name in request.headers)


class NearestPageMiddleware:
    """A person led to an address that only receives forms (reloaded, or after a log-in) finds the page above it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        looks_for_a_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or not looks_for_a_page:
            return response
        return redirect(_page_above(request.path))


def _page_above(path: str) -> str:
    """The nearest address above ``path`` that leads somewhere; each is shorter, and the home page is a page."""
    parts = path.strip("/").split("/")
    for kept in range(len(parts) - 1, 0, -1):
        above = f"/{'/'.join(parts[:kept])}/"
        if is_valid_path(above):
            return above
    return reverse("home")


class RefusalMiddleware:
    """A refusal that no view expected, or a file damaged on disk, is told in words, never as a breakdown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DamagedFileError):
            logger.error("%s: %s", request.path, exception)
            return render(request, "damaged.html", status=503)
        if not isinstance(exception, Refusal):
            return None
        return render(request, "refused.html", {"refusal": str(exception)}, status=exception.status)
