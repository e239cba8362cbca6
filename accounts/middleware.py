"""Nobody goes in without logging in; who has to do so again finds their page, and hears of what was not recorded."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
UNSENT = "unsent"
"""The cookie that says, from the refusal of a form to the log-in, that what it carried was not recorded."""
UNSENT_FOR = 3600  # seconds


class LoggedOut(HttpResponseRedirect):
    """To what a page asked for by itself once the session is over: where to log in, not a page to put in its place."""

    status_code = 401


class LoginRequired(LoginRequiredMiddleware):
    """As Django's; a form sent once the session is over leads back to the page it was sent from.

    Scripts log in before a form leaves (``session/forms.js``). Without them its address may answer forms alone, and
    what it carried is gone: the log-in page says so, and the page after it (``accounts.receivers``). What a page sends
    or asks for by itself is answered 401: it keeps what it sent, and says that the session is over where the person is
    (``shell.js``, ``saving.js``, ``room.js``).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Once somebody is logged in, they have been told: the cookie goes."""
        if UNSENT in request.COOKIES and request.user.is_authenticated:
            response.delete_cookie(UNSENT, samesite="Lax")
        return response

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        by_itself = "HX-Request" in request.headers
        if request.method in SAFE and not by_itself:
            return super().handle_no_permission(request, view_func)
        response = redirect_to_login(
            _page_left(request), resolve_url(self.get_login_url(view_func)), self.get_redirect_field_name(view_func)
        )
        if by_itself:
            return LoggedOut(response.url)
        response.set_cookie(
            UNSENT, "1", max_age=UNSENT_FOR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
        return response


def _page_left(request: HttpRequest) -> str:
    """The address of the page that sent this request, as the browser tells it; the home page when it does not.

    A page may also be asked for by the part of another it fills (htmx): the whole one is meant.
    """
    told = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(told, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    if not own and request.method in SAFE:
        return request.get_full_path()
    parts = urlsplit(told)
    try:
        resolve(parts.path)
    except Resolver404:
        return reverse("home")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
