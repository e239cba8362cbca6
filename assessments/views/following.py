"""One soutenance, and the day's, for those who plan and follow them; what ends one otherwise than by its grille."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import Request
from accounts.permissions import allow_or_404, require
from assessments.enums import SoutenanceState
from assessments.forms import LeaveForm, ReopenForm
from assessments.models import Grille, Soutenance
from assessments.queries.follow_up import soutenance_page
from assessments.queries.supervision import day_at
from assessments.services.planning import leave_soutenance
from assessments.services.reopening import AlreadyReopened, reopen
from core.exceptions import Refusal


@require_safe
@require("assessments.view_all")
def soutenance(request: Request, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Soutenance, pk=pk)
    return render(request, "assessments/soutenance.html", {"page": soutenance_page(found, reader=request.user)})


@require_safe
@require("assessments.view_all")
def supervision(request: Request) -> HttpResponse:
    """Today's soutenances, or only the part that refreshes itself when htmx asks for it."""
    template = "assessments/supervision_rows.html" if request.htmx else "assessments/supervision.html"
    day = day_at(timezone.now(), reader=request.user)
    return render(request, template, {"day": day})


@require_http_methods(["GET", "HEAD", "POST"])
@require("assessments.reopen")
def give_back(request: Request, pk: UUID, grille: UUID) -> HttpResponse:
    """Reopen a submitted grille, with a reason (R-SCO-8)."""
    found = get_object_or_404(
        Grille.objects.select_related("evaluateur", "soutenance__enrolment__candidate"), pk=grille, soutenance=pk
    )
    form = ReopenForm(
        request.POST or None, initial={"submission": found.submitted_at and found.submitted_at.isoformat()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            reopen(found, **form.cleaned_data, by=request.user)
        except AlreadyReopened:
            messages.info(request, "Cette grille était déjà rouverte : rien n’a été fait une seconde fois.")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return render(request, "assessments/reopen.html", {"form": form, "grille": found})
        else:
            messages.success(
                request, f"Grille rouverte : {found.evaluateur} peut la corriger puis la soumettre à nouveau."
            )
        return redirect("assessments:soutenance", pk=pk)
    if not found.is_submitted:
        messages.info(request, "Cette grille n’est pas soumise : il n’y a rien à rouvrir.")
        return redirect("assessments:soutenance", pk=pk)
    return render(request, "assessments/reopen.html", {"form": form, "grille": found})


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Request, pk: UUID) -> HttpResponse:
    """What kept a soutenance from being held: the planners tell everything, an évaluateur what they saw (R-SCO-1)."""
    found = get_object_or_404(Soutenance.objects.select_related("enrolment__candidate"), pk=pk)
    allow_or_404(request.user, "assessments.leave", found)
    plans = request.user.has_perm("assessments.plan")
    back = redirect("assessments:soutenance", pk=pk) if plans else redirect("assessments:soutenances")
    if not found.is_markable:
        messages.info(request, f"Cette soutenance est déjà {found.get_state_display().lower()}.")
        return back
    form = LeaveForm(request.POST or None, soutenance=found, plans=plans)
    if request.method == "POST" and form.is_valid():
        to, reason = SoutenanceState(form.cleaned_data["to"]), form.cleaned_data["reason"]
        try:
            leave_soutenance(found, to=to, reason=reason, by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "C’est noté au journal. Une soutenance de remplacement peut être planifiée.")
            return back
    return render(request, "assessments/leave.html", {"form": form, "soutenance": found, "plans": plans})
