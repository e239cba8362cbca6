"""Finding a session, and oneself in it: what every page of a jury begins with."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect

from accounts.http import Request
from accounts.permissions import allow_or_404
from core.exceptions import Refusal
from juries.models import JuryMember, JurySession
from juries.queries.sessions import session_for


def session_or_404(request: Request, pk: UUID, permission: str) -> JurySession:
    """The session, or 404 when it is not this person's; a step already taken is answered by the service in words."""
    session: JurySession = get_object_or_404(session_for(request.user), pk=pk)
    allow_or_404(request.user, permission, session)
    return session


def own_seat(request: Request, pk: UUID) -> JuryMember:
    """The seat of this person in the session, else 404."""
    session = session_or_404(request, pk, "juries.deliberate")
    return next(member for member in session.members.all() if member.user_id == request.user.pk)


def done(
    request: Request, page: HttpResponseRedirect, act: Callable[[], object], said: str = ""
) -> HttpResponseRedirect:
    """Do ``act``, say what came of it, and go back to ``page``."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if said:
            messages.success(request, said)
    return page


def to_session(pk: UUID) -> HttpResponseRedirect:
    return redirect("juries:session", pk=pk)


def to_room(pk: UUID) -> HttpResponseRedirect:
    return redirect("juries:room", pk=pk)
