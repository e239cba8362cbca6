"""Appeals: filed and followed by the candidate, read by those who see to them (R-JUR-8)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import Request
from accounts.permissions import allow_or_404, require
from core import files
from core.exceptions import Refusal
from juries.appeal_forms import AppealForm
from juries.enums import AppealKind
from juries.models import Appeal, Decision
from juries.queries.appeals import appeals_for, contestable_by, exhibits_for, listed_appeals
from juries.services.appealing import Exhibit, due_on, file_appeal, why_not_contestable, withdraw_appeal
from juries.views.appeal_page import appeal_page

PER_PAGE = 50


@require_safe
@require("juries.see_appeals")
def index(request: Request) -> HttpResponse:
    """Those that wait first, the oldest on top; ``?tous`` adds the concluded ones."""
    pending = "tous" not in request.GET
    page = Paginator(listed_appeals(request.user, pending=pending), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "juries/appeals.html", {"page": page, "pending": pending})


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: Request, decision: UUID) -> HttpResponse:
    """A candidate contests a published decision about them; what was typed survives a refusal."""
    found: Decision = get_object_or_404(contestable_by(request.user), pk=decision)
    form = AppealForm(request.POST, request.FILES) if request.method == "POST" else AppealForm()
    if request.method == "POST":
        if getattr(request, "too_large", ""):
            form.add_error("exhibits", "Un des fichiers est trop lourd : réduisez-le, et joignez-les tous de nouveau.")
        elif form.is_valid():
            appeal = _filed(request, found, form)
            if appeal:
                messages.success(
                    request, "Votre recours est déposé. Vous en recevez l’accusé par courrier électronique."
                )
                return redirect("juries:appeal", pk=appeal.pk)
    context = {
        "decision": found,
        "form": form,
        "closed": why_not_contestable(found) if not form.is_bound else "",
        "due_on": due_on(found),
        "files_lost": form.is_bound and bool(request.FILES),
    }
    return render(request, "juries/appeal_file.html", context, status=422 if form.errors else 200)


@require_safe
def detail(request: Request, pk: UUID) -> HttpResponse:
    appeal: Appeal = get_object_or_404(appeals_for(request.user), pk=pk)
    return appeal_page(request, appeal)


@require_safe
def exhibit(request: Request, pk: UUID, exhibit: UUID) -> HttpResponseBase:
    """A file joined to an appeal, for whoever may read the appeal: downloaded, never shown nor kept."""
    found = get_object_or_404(exhibits_for(request.user), pk=exhibit, appeal=pk)
    response = FileResponse(files.opened(found.file), content_type=found.file.media_type)
    response["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    appeal: Appeal = get_object_or_404(appeals_for(request.user), pk=pk)
    allow_or_404(request.user, "juries.withdraw_appeal", appeal)
    try:
        withdraw_appeal(appeal, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Votre recours est retiré.")
    return redirect("juries:appeal", pk=pk)


def _filed(request: Request, decision: Decision, form: AppealForm) -> Appeal | None:
    typed: dict[str, Any] = form.cleaned_data
    try:
        return file_appeal(
            decision,
            kind=AppealKind(typed["kind"]),
            statement=typed["statement"],
            exhibits=[Exhibit(one, one.name, one.size) for one in typed["exhibits"]],
            by=request.user,
            operation=typed["operation"],
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
