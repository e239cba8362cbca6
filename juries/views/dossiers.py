"""The dossier on screen and as a PDF."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import Request
from accounts.permissions import require
from assessments.enums import DeliverableKind
from assessments.serving import serve
from candidates.models import Enrolment
from candidates.services.disclosure import read_mention
from core import files
from juries.documents import dossier_pdf
from juries.models import Dossier, JurySession
from juries.queries.dossiers import awaiting_declaration, deliverables_of, dossiers_for, judging_session, readings_of
from juries.services.dossiers import order_dossier


@require_safe
def detail(request: Request, pk: UUID) -> HttpResponse:
    dossier = get_object_or_404(dossiers_for(request.user), pk=pk)
    session = judging_session(request.user, dossier)
    candidacy = session and session.candidacies.get(enrolment=dossier.enrolment_id)
    may_order = request.user.has_perm("juries.organise")
    context = {
        "dossier": dossier,
        "content": dossier.content,
        "proposal": dossier.decisions.proposed().get(),
        "session": session,
        "undeclared": None if session else awaiting_declaration(request.user, dossier),
        "candidacy": candidacy,
        "remark": candidacy and candidacy.remarks.filter(member__user=request.user).first(),
        "readers": [reading.member.user for reading in readings_of(dossier, session)] if session else [],
        "deliverables": list(deliverables_of(dossier)),
        "mention": _mention(request, dossier, session),
        "may_decide": session is not None and request.user.has_perm("juries.vote", session),
        "may_order": may_order and dossier.is_stale,
        "may_mend": may_order and not files.is_whole(dossier.pdf),
    }
    return render(request, "juries/dossier.html", context)


@require_safe
def pdf(request: Request, pk: UUID) -> HttpResponse:
    """The stored PDF; for a member who judges the candidate, while consent stands, one printed with the mention.

    The one with the mention is rendered for this reading and kept nowhere (R-CAN-2).
    """
    dossier = get_object_or_404(dossiers_for(request.user), pk=pk)
    mention = _mention(request, dossier, judging_session(request.user, dossier))
    if mention is None:
        content = files.read(dossier.pdf)
    else:
        content = dossier_pdf(dossier.content, fingerprint=dossier.fingerprint, confidential=mention, isolated=True)
    name = f"dossier-{dossier.enrolment.number}-r{dossier.revision}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"},
    )


@require_safe
def deliverable(request: Request, pk: UUID, deliverable: UUID) -> HttpResponseBase:
    """A livrable of the dossier's candidate, for whoever may read the dossier; ``?telecharger`` saves it."""
    dossier = get_object_or_404(dossiers_for(request.user), pk=pk)
    found = get_object_or_404(deliverables_of(dossier).exclude(kind=DeliverableKind.LINK), pk=deliverable)
    return serve(found, download="telecharger" in request.GET)


@require_POST
@require("juries.organise")
def order(request: Request, enrolment: UUID) -> HttpResponse:
    found = get_object_or_404(Enrolment, pk=enrolment)
    order_dossier(found, by=request.user)
    messages.success(request, "Dossier commandé. Il apparaîtra dans quelques instants ; voyez aussi les travaux.")
    return redirect("assessments:enrolment_progress", pk=enrolment)


def _mention(request: Request, dossier: Dossier, session: JurySession | None) -> str | None:
    """The handicap mention, for a member of the jury that judges this candidate only; the reading is journaled."""
    if session is None:
        return None
    return read_mention(dossier.enrolment.candidate, by=request.user, purpose=f"jury:{session.pk}")
