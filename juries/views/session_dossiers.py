"""The dossiers of a session: how far they are, and ordering those it lacks (R-JUR-3, R-ALL-2)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.http import Request
from accounts.permissions import require
from core.exceptions import Refusal
from juries.models import JurySession
from juries.queries.session_dossiers import dossier_states
from juries.queries.sessions import session_for
from juries.services.dossiers import order_session_dossier, order_session_dossiers
from juries.views.places import done, session_or_404, to_session

DRAWN_UP = "dossiers-etablis"
"""What the page is told when nothing is being drawn up any more: its list then asks for itself again."""


def dossiers_context(request: Request, session: JurySession) -> dict[str, Any]:
    """What the fragment shows; nothing of the sort once the session is closed."""
    if session.is_closed:
        return {}
    return {"dossiers": dossier_states(session), "may_order": request.user.has_perm("juries.organise")}


@require_safe
@require("juries.see_sessions")
def progress(request: Request, pk: UUID) -> HttpResponse:
    """How far they are: the fragment that asks for itself while some are being drawn up."""
    session = get_object_or_404(session_for(request.user), pk=pk)
    if not request.htmx:
        return to_session(pk)
    context = {"session": session, **dossiers_context(request, session)}
    answer = render(request, "juries/session_dossiers.html", context)
    if not context.get("dossiers") or not context["dossiers"].waiting:
        trigger_client_event(answer, DRAWN_UP)
    return answer


@require_POST
def order_all(request: Request, pk: UUID) -> HttpResponse:
    session = session_or_404(request, pk, "juries.organise")
    try:
        ordered = order_session_dossiers(session, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if not ordered:
            messages.success(request, "Tous les dossiers sont déjà établis et à jour.")
    return redirect(f"{to_session(pk).url}#dossiers")


@require_POST
def order_one(request: Request, pk: UUID, enrolment: UUID) -> HttpResponse:
    session = session_or_404(request, pk, "juries.organise")
    candidacy = get_object_or_404(session.candidacies.select_related("enrolment__candidate"), enrolment=enrolment)
    said = f"Dossier commandé : {candidacy.enrolment.candidate}."
    return done(
        request, to_session(pk), lambda: order_session_dossier(session, candidacy.enrolment, by=request.user), said
    )
