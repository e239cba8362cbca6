"""Changing a session in preparation, and calling people to it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import Request
from core.exceptions import Refusal
from juries.forms import TermsForm
from juries.services.convoking import change_session, convoke
from juries.views.places import done, session_or_404, to_session


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, pk: UUID) -> HttpResponse:
    session = session_or_404(request, pk, "juries.organise")
    initial = {"name": session.name, "held_at": session.held_at, "place": session.place}
    form = TermsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in initial}
        try:
            change_session(session, by=request.user, **said)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "La session est modifiée. Les personnes déjà convoquées sont à convoquer de nouveau."
            )
            return to_session(pk)
    return render(request, "juries/change.html", {"session": session, "form": form})


@require_POST
def send(request: Request, pk: UUID) -> HttpResponse:
    session = session_or_404(request, pk, "juries.organise")
    said = "Les convocations partent, avec leur fichier d’agenda : voyez les travaux."
    return done(request, to_session(pk), lambda: convoke(session, by=request.user), said)
