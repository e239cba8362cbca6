"""What members declare, and the roll that opens a session (R-JUR-1, R-JUR-2)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import Request
from core.exceptions import Refusal
from juries.enums import Presence
from juries.forms import ConflictsForm, RollForm
from juries.queries.recusals import known_links
from juries.queries.roll import roll_warnings
from juries.services.declaring import change_presence, declare_conflicts
from juries.services.sessions import has_come, is_past, open_session
from juries.views.places import done, own_seat, session_or_404, to_room, to_session


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: Request, pk: UUID) -> HttpResponse:
    """One's conflicts of interest with the candidates of the session."""
    seat = own_seat(request, pk)
    candidacies = list(seat.session.candidacies.select_related("enrolment__candidate"))
    stated = dict(seat.recusals.values_list("candidacy", "reason"))
    form = ConflictsForm(request.POST or None, candidacies=candidacies, stated=stated)
    if request.method == "POST" and form.is_valid():
        try:
            declare_conflicts(seat, conflicts=form.conflicts(), by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Votre déclaration est enregistrée.")
            return to_session(pk)
    context = {"session": seat.session, "form": form, "seat": seat, "known": known_links(request.user, candidacies)}
    return render(request, "juries/declare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_(request: Request, pk: UUID) -> HttpResponse:
    """The roll: who is there; the session opens with them."""
    session = session_or_404(request, pk, "juries.preside")
    form = RollForm(request.POST or None, session=session)
    if request.method == "POST" and form.is_valid():
        try:
            open_session(session, present=[member.pk for member in form.cleaned_data["present"]], by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La session est ouverte.")
            return to_room(pk)
    context = {
        "session": session,
        "form": form,
        "has_come": has_come(session),
        "is_past": is_past(session),
        "warnings": roll_warnings(session, now=timezone.now()),
    }
    return render(request, "juries/open.html", context)


@require_POST
def presence(request: Request, pk: UUID, member: int) -> HttpResponse:
    """Somebody arrives or leaves: ``presence`` says which, and nothing else is taken for an absence."""
    session = session_or_404(request, pk, "juries.preside")
    found = get_object_or_404(session.members, pk=member)
    said = request.POST.get("presence", "")
    return done(request, to_room(pk), lambda: change_presence(found, presence=_presence(said), by=request.user))


def _presence(said: str) -> Presence:
    if said not in (Presence.PRESENT, Presence.ABSENT):
        raise Refusal("Dites si ce membre est présent ou absent : sa présence n’a pas changé.")
    return Presence(said)
