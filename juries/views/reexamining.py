"""A decision is presented again to a session (R-JUR-5, R-JUR-8)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import Request
from accounts.permissions import require
from core.exceptions import Refusal
from juries.appeal_forms import ReexaminationForm
from juries.enums import AppealState
from juries.models import Decision
from juries.queries.reexaminations import pending_reexamination, reexaminable
from juries.services.reexamining import present_for_reexamination
from juries.views.places import telling_who_declares_again


@require_http_methods(["GET", "HEAD", "POST"])
@require("juries.organise")
def reexamine(request: Request, decision: UUID) -> HttpResponse:
    """After an appeal upheld, or for an error found since: a session, and the reason."""
    found: Decision = get_object_or_404(reexaminable(), pk=decision)
    form = ReexaminationForm(request.POST or None, decision=found, initial={"reason": _reason(found)})
    if request.method == "POST" and form.is_valid():
        session = form.cleaned_data["session"]
        try:
            with telling_who_declares_again(request, session):
                present_for_reexamination(**form.cleaned_data, decision=found, by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{found.enrolment.candidate} est présenté pour réexamen.")
            return redirect("juries:session", pk=session.pk)
    context = {"decision": found, "form": form, "waiting": pending_reexamination(found)}
    return render(request, "juries/reexamine.html", context, status=422 if form.errors else 200)


def _reason(decision: Decision) -> str:
    """That an appeal was upheld, and when; the words of nobody."""
    appeal = decision.appeals.filter(state=AppealState.UPHELD).order_by("-concluded_at").first()
    at = appeal.concluded_at if appeal else None
    return f"Recours accueilli le {timezone.localdate(at):%d/%m/%Y}." if at else ""
