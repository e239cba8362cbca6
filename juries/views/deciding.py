"""One candidate before the jury: the proposal, its reasons, the decision."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import Request
from accounts.permissions import allow_or_404
from core.exceptions import Refusal
from juries.enums import Outcome
from juries.forms import DecisionForm
from juries.models import Decision, Dossier
from juries.queries.sessions import session_for, session_rows
from juries.services.deciding import take_decision


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Request, pk: UUID, enrolment: UUID) -> HttpResponse:
    session = get_object_or_404(session_for(request.user), pk=pk)
    allow_or_404(request.user, "juries.preside" if request.method == "POST" else "juries.decide", session)
    get_object_or_404(session.candidacies, enrolment=enrolment)
    rows = session_rows(session)
    position = next(index for index, row in enumerate(rows) if row.enrolment.pk == enrolment)
    row = rows[position]
    acquired = dict(
        row.enrolment.bloc_acquisitions.standing().order_by("bloc__number").values_list("bloc__number", "bloc__title")
    )
    form = DecisionForm(request.POST or None, acquired=acquired, initial=_initial(row.decision))
    if request.method == "POST" and form.is_valid():
        dossier = _named_dossier(request, enrolment)
        try:
            take_decision(
                session,
                enrolment=row.enrolment,
                dossier=dossier,
                outcome=Outcome(form.cleaned_data["outcome"]),
                blocs=form.cleaned_data["blocs"],
                motive=form.cleaned_data["motive"],
                by=request.user,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Décision enregistrée pour {row.enrolment.candidate}.")
            following = rows[(position + 1) % len(rows)]
            if following.decision is None and following.enrolment.pk != enrolment:
                return redirect("juries:decide", pk=pk, enrolment=following.enrolment.pk)
            return redirect("juries:session", pk=pk)
    context = {"session": session, "row": row, "form": form, "position": position + 1, "total": len(rows)}
    return render(request, "juries/decide.html", context)


def _named_dossier(request: Request, enrolment: UUID) -> Dossier:
    """The revision the page was read on, else 404."""
    try:
        pk = UUID(request.POST.get("dossier", ""))
    except ValueError as error:
        raise Http404 from error
    found: Dossier = get_object_or_404(Dossier, pk=pk, enrolment=enrolment)
    return found


def _initial(decision: Decision | None) -> dict[str, object]:
    """What stands: the decision already recorded, else nothing chosen (the jury decides, R-JUR-4)."""
    if decision is None:
        return {}
    return {name: getattr(decision, name) for name in ("outcome", "blocs", "motive")}
