"""An appeal is given to somebody, who answers it (R-JUR-8)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.http import Request
from accounts.permissions import allow_or_404
from core.exceptions import Refusal, Stale
from juries.appeal_forms import AnswerDraftForm, AssignForm, ConclusionForm
from juries.models import Appeal
from juries.queries.appeals import appeals_for
from juries.services.answering import write_answer
from juries.services.instructing import assign_appeal, conclude_appeal
from juries.views.appeal_page import appeal_page


@require_POST
def assign(request: Request, pk: UUID) -> HttpResponse:
    appeal: Appeal = get_object_or_404(appeals_for(request.user), pk=pk)
    allow_or_404(request.user, "juries.assign_appeal", appeal)
    form = AssignForm(request.POST, appeal=appeal)
    if form.is_valid():
        owner = form.cleaned_data["owner"]
        try:
            assign_appeal(appeal, owner=owner, by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Recours confié à {owner}.")
            return redirect("juries:appeal", pk=pk)
    return appeal_page(request, appeal, assign_form=form)


@require_POST
def draft(request: Request, pk: UUID) -> HttpResponse:
    """Keep the answer as it is being written: the parts a page left open puts in place, else back to the page."""
    appeal: Appeal = get_object_or_404(appeals_for(request.user), pk=pk)
    allow_or_404(request.user, "juries.instruct_appeal", appeal)
    form = AnswerDraftForm(request.POST)
    if not form.is_valid():
        return _not_kept(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    said = form.cleaned_data
    try:
        kept = write_answer(
            appeal, text=said["answer"], conclusion=said["conclusion"], from_version=said["seen"], by=request.user
        )
    except Stale:
        stored = appeal.drafts.get(author=request.user)
        return render(request, "juries/answer_conflict.html", {"stored": stored}, status=412)
    except Refusal as refusal:
        return _not_kept(request, str(refusal))
    if not request.htmx:
        messages.success(request, "Votre réponse est gardée : le candidat ne la voit pas.")
        return redirect("juries:appeal", pk=pk)
    return render(request, "juries/remark_saved.html", {"remark": kept})


def _not_kept(request: Request, refusal: str) -> HttpResponse:
    return render(request, "juries/remark_refused.html", {"refusal": refusal}, status=422)


@require_POST
def conclude(request: Request, pk: UUID) -> HttpResponse:
    appeal: Appeal = get_object_or_404(appeals_for(request.user), pk=pk)
    allow_or_404(request.user, "juries.instruct_appeal", appeal)
    form = ConclusionForm(request.POST)
    if form.is_valid():
        try:
            conclude_appeal(appeal, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Recours conclu : le candidat est averti qu’une réponse l’attend.")
            return redirect("juries:appeal", pk=pk)
    return appeal_page(request, appeal, conclusion_form=form)
