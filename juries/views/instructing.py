"""An appeal is given to somebody, who answers it (R-JUR-8)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.http import Request
from accounts.permissions import allow_or_404
from core.exceptions import Refusal
from juries.appeal_forms import AssignForm, ConclusionForm
from juries.models import Appeal
from juries.queries.appeals import appeals_for
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
