"""The manager's planning of soutenances."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import Request
from accounts.permissions import require
from assessments.enums import SoutenanceState
from assessments.forms import PlanForm
from assessments.models import Soutenance
from assessments.queries.projets import Offer, projets_for
from assessments.queries.remaining import remaining_of
from assessments.queries.soutenances import barred_evaluateurs, with_progress
from assessments.services.planning import ToConfirm, change_soutenance, plan_soutenance
from candidates.models import Enrolment
from core.exceptions import Refusal

PER_PAGE = 50


@require_safe
@require("assessments.view_all")
def index(request: Request) -> HttpResponse:
    """Every soutenance, newest first; ``?etat=`` keeps one state."""
    soutenances = Soutenance.objects.order_by("-starts_at")
    state = request.GET.get("etat", "")
    if state in SoutenanceState.values:
        soutenances = soutenances.filter(state=state)
    page = Paginator(soutenances, PER_PAGE).get_page(request.GET.get("page"))
    rows = with_progress(
        Soutenance.objects.filter(pk__in=[row.pk for row in page]).order_by("-starts_at"), reader=request.user
    )
    barred = Soutenance.objects.filter(barred_evaluateurs(), state=SoutenanceState.PLANNED).count()
    context = {"page": page, "rows": rows, "states": SoutenanceState.choices, "state": state, "barred": barred}
    return render(request, "assessments/planning.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require("assessments.plan")
def plan(request: Request, enrolment: UUID) -> HttpResponse:
    """A new soutenance; ``?projet=`` starts from a projet, ``?bloc=`` from what is left of a bloc, ``?remplace=`` from
    one that was not held (R-SCO-1)."""
    found = get_object_or_404(Enrolment.objects.select_related("candidate", "referentiel__certification"), pk=enrolment)
    offers = projets_for(found)
    initial = (
        _replacing(request.GET.get("remplace", ""), found)
        or _presenting(request.GET.get("projet", ""), offers)
        or _completing(request.GET.get("bloc", ""), found, offers)
    )
    form = PlanForm(request.POST or None, enrolment=found, initial=initial)
    doubt = None
    if request.method == "POST" and form.is_valid():
        try:
            planned = plan_soutenance(found, by=request.user, despite=_despite(request), **form.cleaned_data)
        except ToConfirm as unsure:
            doubt = unsure
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Soutenance de {found.candidate} planifiée.")
            return redirect("assessments:soutenance", pk=planned.pk)
    context = {"form": form, "enrolment": found, "doubt": doubt, "offers": offers}
    return render(request, "assessments/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require("assessments.plan")
def change(request: Request, pk: UUID) -> HttpResponse:
    """Date, place, évaluateurs and compétences of a soutenance, as long as it is planned."""
    soutenance = get_object_or_404(
        Soutenance.objects.select_related("enrolment__candidate", "enrolment__referentiel__certification"), pk=pk
    )
    if soutenance.state != SoutenanceState.PLANNED:
        messages.info(request, f"Cette soutenance est {soutenance.get_state_display().lower()} : elle ne change plus.")
        return redirect("assessments:soutenance", pk=pk)
    form = PlanForm(
        request.POST or None, enrolment=soutenance.enrolment, changing=soutenance, initial=_initial(soutenance)
    )
    doubt = None
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_soutenance(soutenance, by=request.user, despite=_despite(request), **form.cleaned_data)
        except ToConfirm as unsure:
            doubt = unsure
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Soutenance modifiée." if changed else "Rien n’a changé.")
            return redirect("assessments:soutenance", pk=pk)
    context = {"form": form, "enrolment": soutenance.enrolment, "doubt": doubt, "soutenance": soutenance, "offers": []}
    return render(request, "assessments/plan.html", context)


def _despite(request: Request) -> str:
    """The key of what the person was shown and set aside."""
    return request.POST.get("despite", "")


def _initial(soutenance: Soutenance) -> dict[str, Any]:
    return {
        "title": soutenance.title,
        "evaluateur": soutenance.evaluateur_id,
        "second_evaluateur": soutenance.second_evaluateur_id,
        "starts_at": timezone.localtime(soutenance.starts_at),
        "place": soutenance.place,
        "competences": list(soutenance.competences.all()),
    }


def _presenting(projet: str, offers: Sequence[Offer]) -> dict[str, Any]:
    """The name of the projet, and what the candidate has not acquired of it."""
    chosen = next((offer for offer in offers if str(offer.projet.pk) == projet), None)
    return {"title": chosen.projet.name, "competences": chosen.remaining} if chosen else {}


def _completing(number: str, enrolment: Enrolment, offers: Sequence[Offer]) -> dict[str, Any]:
    """What is left to plan of a bloc, under the name of the projet that holds just that."""
    if not number:
        return {}
    left = next((one.competences for one in remaining_of(enrolment) if str(one.bloc.number) == number), [])
    holding = next((offer.projet.name for offer in offers if set(offer.remaining) == set(left)), "")
    return {"title": holding, "competences": left} if left else {}


def _replacing(replaced: str, enrolment: Enrolment) -> dict[str, Any]:
    """What the replacement takes over: everything but the date, and the compétences acquired meanwhile."""
    try:
        found = Soutenance.objects.replaceable(enrolment).filter(pk=UUID(replaced)).first()
    except ValueError:
        found = None
    if found is None:
        return {}
    acquired = enrolment.competence_acquisitions.standing().values("competence")
    initial = {**_initial(found), "competences": list(found.competences.exclude(pk__in=acquired)), "replaces": found}
    return {name: value for name, value in initial.items() if name != "starts_at"}
