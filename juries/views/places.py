"""Finding a session, and oneself in it: what every page of a jury begins with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect

from accounts.http import Request
from accounts.permissions import allow_or_404
from core.exceptions import Refusal
from juries.models import Candidacy, JuryMember, JurySession
from juries.queries.chairing import chair_of
from juries.queries.sessions import session_for


def session_or_404(request: Request, pk: UUID, permission: str) -> JurySession:
    """The session, or 404 when it is not this person's; a step already taken is answered by the service in words."""
    session: JurySession = get_object_or_404(session_for(request.user), pk=pk)
    allow_or_404(request.user, permission, session)
    return session


def chaired_or_404(request: Request, pk: UUID, enrolment: UUID) -> tuple[JurySession, Candidacy]:
    """A session and one of its candidates, for its president or who presides for that candidate; else 404.

    Who may act of these two is the service's to say, in words (R-JUR-2).
    """
    session = session_or_404(request, pk, "juries.deliberate")
    candidacies = session.candidacies.select_related(
        "enrolment__candidate", "enrolment__referentiel", "reexamines__session"
    )
    candidacy: Candidacy = get_object_or_404(candidacies, enrolment=enrolment)
    if not request.user.has_perm("juries.preside", session):
        chair = chair_of(session, candidacy.enrolment)
        if chair is None or chair.user_id != request.user.pk:
            raise Http404
    return session, candidacy


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


@contextmanager
def telling_who_declares_again(request: Request, session: JurySession) -> Iterator[None]:
    """Present a candidate inside: the page then says how many members have to declare their conflicts again."""
    declared = session.members.exclude(declared_at=None)
    before = declared.count()
    yield
    count = before - declared.count()
    if count > 0:
        told = (
            f"{count} membres devront déclarer à nouveau leurs conflits d’intérêts"
            if count > 1
            else "1 membre devra déclarer à nouveau ses conflits d’intérêts"
        )
        messages.info(request, f"{told} : la session ne s’ouvre pas avant.")


def to_session(pk: UUID) -> HttpResponseRedirect:
    return redirect("juries:session", pk=pk)


def to_room(pk: UUID) -> HttpResponseRedirect:
    return redirect("juries:room", pk=pk)
