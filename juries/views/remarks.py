"""What a member writes about a candidate, saved as they type; what they share; what they have read."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.http import Request
from core.exceptions import Refusal, Stale
from juries.forms import RemarkForm
from juries.models import Candidacy
from juries.queries.dossiers import dossiers_for, judging_session
from juries.services.remarks import share_remark, tell_read, write_remark
from juries.views.places import done, own_seat, to_room


@require_POST
def write(request: Request, pk: UUID, enrolment: UUID) -> HttpResponse:
    """Answer with the parts the page puts in place: the state, and both texts when another tab wrote meanwhile."""
    seat = own_seat(request, pk)
    candidacy: Candidacy = get_object_or_404(seat.session.candidacies, enrolment=enrolment)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _refused(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    text, seen = form.cleaned_data["text"], form.cleaned_data["seen"]
    try:
        remark = write_remark(seat, candidacy=candidacy, text=text, from_version=seen)
    except Stale:
        stored = candidacy.remarks.get(member=seat)
        return render(request, "juries/remark_conflict.html", {"mine": text, "stored": stored}, status=412)
    except Refusal as refusal:
        return _refused(request, str(refusal))
    return render(request, "juries/remark_saved.html", {"remark": remark})


@require_POST
def share(request: Request, pk: UUID, enrolment: UUID) -> HttpResponse:
    seat = own_seat(request, pk)
    candidacy = get_object_or_404(seat.session.candidacies, enrolment=enrolment)
    remark = candidacy.remarks.select_related("member__session", "candidacy__session").filter(member=seat).first()
    act = lambda: share_remark(remark, by=request.user) if remark else _refuse_unwritten()  # noqa: E731
    return done(request, _where_written(request, pk), act, "Vos remarques sont partagées.")


@require_POST
def read(request: Request, pk: UUID) -> HttpResponse:
    """« J’ai lu ce dossier », said to the other members of the session that judges it."""
    dossier = get_object_or_404(dossiers_for(request.user), pk=pk)
    session = judging_session(request.user, dossier)
    if session is None:
        raise Http404
    seat = own_seat(request, session.pk)
    return done(
        request,
        redirect("juries:dossier", pk=pk),
        lambda: tell_read(seat, dossier=dossier),
        "Les autres membres voient que vous avez lu cette révision.",
    )


def _refuse_unwritten() -> None:
    raise Refusal("Ces remarques sont vides : écrivez-les avant de les partager.")


def _where_written(request: Request, session: UUID) -> HttpResponseRedirect:
    """Back to the dossier one was reading, else to the room."""
    try:
        return redirect("juries:dossier", pk=UUID(request.POST.get("dossier", "")))
    except ValueError:
        return to_room(session)


def _refused(request: Request, refusal: str) -> HttpResponse:
    return render(request, "juries/remark_refused.html", {"refusal": refusal}, status=422)
