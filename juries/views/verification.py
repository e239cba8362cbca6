"""Vérifier un certificat: public, one clear answer, nothing else disclosed (R-JUR-7)."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.rate import wait_before_asking
from juries.certificate_forms import VerificationForm
from juries.codes import is_number
from juries.queries.verification import Verified, verified_by_code, verified_by_token


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The code printed on the document, typed by hand."""
    form = VerificationForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, {"form": form})
    if is_number(form.cleaned_data["code"]):
        return _page(request, {"form": form, "numbered": True})
    return _too_many(request, form) or _answer(request, verified_by_code(form.cleaned_data["code"]), form=form)


@login_not_required
@require_safe
def verify_token(request: HttpRequest, token: str) -> HttpResponse:
    """Where the QR leads."""
    return _too_many(request) or _answer(request, verified_by_token(token), status_of_unknown=404)


def _answer(
    request: HttpRequest,
    verified: Verified | None,
    *,
    form: VerificationForm | None = None,
    status_of_unknown: int = 200,
) -> HttpResponse:
    context = {"form": form or VerificationForm(), "answered": True, "verified": verified}
    return _page(request, context, status=200 if verified else status_of_unknown)


def _too_many(request: HttpRequest, form: VerificationForm | None = None) -> HttpResponse | None:
    """The answer to whoever asks too often; what they typed stays in ``form``."""
    now = timezone.now()
    wait = wait_before_asking(
        "verification",
        get_adapter().get_client_ip(request),
        allowed=settings.VERIFICATIONS_ALLOWED,
        window=settings.VERIFICATIONS_WINDOW,
        at=now,
    )
    if wait is None:
        return None
    response = _page(request, {"form": form or VerificationForm(), "again_at": now + wait}, status=429)
    response["Retry-After"] = str(int(wait.total_seconds()))
    return response


def _page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    shown = {"answered": False, "numbered": False, "verified": None, "again_at": None, **context}
    response = render(request, "juries/verify.html", shown, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response
