"""The procès-verbal: its file, and the page where a member signs it."""

from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import Request
from core import files
from core.exceptions import Refusal
from juries.forms import SignatureForm
from juries.models import Minutes
from juries.queries.minutes import signing_of
from juries.services.signing import sign_minutes
from juries.views.places import own_seat


@require_safe
def pdf(request: Request, pk: UUID) -> HttpResponse:
    """The stored bytes, with the signatures so far; nobody but who sat on the session or organises it knows of it.

    ``?papier`` gives the file before any signature, to be printed and signed by hand.
    """
    minutes = get_object_or_404(Minutes.objects.visible_to(request.user).select_related("pdf", "session"), session=pk)
    last = None if "papier" in request.GET else minutes.signatures.select_related("pdf").order_by("rank").last()
    day = f"{minutes.session.held_at:%Y-%m-%d}"
    return HttpResponse(
        files.read(last.pdf if last else minutes.pdf),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="proces-verbal-{day}.pdf"', "Cache-Control": "no-store"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: Request, pk: UUID) -> HttpResponse:
    """A member proves who they are with their password, and signs."""
    seat = own_seat(request, pk)
    minutes = get_object_or_404(Minutes.objects.select_related("session"), session=pk)
    form = SignatureForm(request.POST or None, user=request.user)
    if request.method == "POST" and not _may_try(request):
        messages.error(request, "Trop d’essais : attendez une minute, puis recommencez.")
        return redirect("juries:sign", pk=pk)
    if request.method == "POST" and form.is_valid():
        try:
            sign_minutes(minutes, by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Votre signature est apposée au procès-verbal.")
            return redirect("juries:session", pk=pk)
    signing = signing_of(minutes)
    own = next((signer for signer in signing if signer.member == seat), None)
    context = {"session": seat.session, "form": form, "signing": signing, "own": own}
    return render(request, "juries/sign.html", context)


def _may_try(request: Request) -> bool:
    """A password is guessed no faster here than at log-in."""
    return ratelimit.consume(request, action="reauthenticate", user=request.user) is not None
