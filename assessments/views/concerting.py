"""Two évaluateurs settle their differences, once both have submitted (R-SCO-9)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import Request
from accounts.permissions import allow_or_404
from assessments.enums import SoutenanceState
from assessments.forms import SettleForm
from assessments.models import Soutenance
from assessments.queries.concertation import Difference, concertation, foreseen_blocs, is_concerting
from assessments.services.settling import StaleSettlement, settle
from assessments.services.submission import AlreadySubmitted, confirm_agreement
from core.exceptions import Refusal
from referentiel.models import Critere


@require_safe
def index(request: Request, pk: UUID) -> HttpResponse:
    page = concertation(_concerting(request, pk))
    context = {
        "page": page,
        "soutenance": page.soutenance,
        "new_blocs": foreseen_blocs(page) if page.is_settled else [],
    }
    return render(request, "assessments/concertation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def difference(request: Request, pk: UUID, critere: int) -> HttpResponse:
    """One difference: both opinions, and what both agree on. A stale change shows what was written in between."""
    soutenance = _concerting(request, pk)
    found = next((one for one in concertation(soutenance).differences if one.critere.pk == critere), None)
    if found is None:
        raise Http404
    if soutenance.state == SoutenanceState.SUBMITTED:
        return redirect("assessments:concertation", pk=pk)
    form = SettleForm(request.POST or None, initial=_initial(found))
    stale = None
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data, "from_version": form.cleaned_data["version"]}
        del said["version"]
        try:
            settle(soutenance, critere=Critere(pk=critere), by=request.user, **said)
        except StaleSettlement as refusal:
            stale = refusal.current
            form.data = {**request.POST.dict(), "version": stale.version if stale else 0}  # replaces what it shows
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{found.critere.competence.code} {found.critere.label} est concilié.")
            return redirect("assessments:concertation", pk=pk)
    context = {"difference": found, "form": form, "stale": stale, "soutenance": soutenance}
    return render(request, "assessments/difference.html", context)


@require_POST
def confirm(request: Request, pk: UUID) -> HttpResponse:
    """All is settled: the soutenance is submitted, whichever of them says so."""
    soutenance = _concerting(request, pk)
    try:
        confirm_agreement(soutenance, by=request.user)
    except AlreadySubmitted:
        messages.info(request, "Cette soutenance était déjà soumise : rien n’a été fait une seconde fois.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("assessments:concertation", pk=pk)
    else:
        messages.success(request, "Soutenance soumise : vous vous êtes accordés sur tous les critères.")
    return redirect("assessments:soutenances")


def _concerting(request: Request, pk: UUID) -> Soutenance:
    """A soutenance the person judges with another and that both have submitted, else 404: blind until then."""
    soutenance = get_object_or_404(
        Soutenance.objects.assigned_to(request.user).select_related(
            "enrolment__candidate", "enrolment__referentiel__certification", "evaluateur", "second_evaluateur"
        ),
        pk=pk,
    )
    allow_or_404(request.user, "assessments.open_grille", soutenance)
    if not is_concerting(soutenance):
        raise Http404
    return soutenance


def _initial(found: Difference) -> dict[str, object]:
    settlement = found.settlement
    if settlement is None:
        return {"version": 0}
    return {
        "verdict": settlement.verdict,
        "comment": settlement.comment,
        "reason": settlement.reason,
        "version": settlement.version,
    }
