"""The grille, its review, its submission."""

from uuid import UUID

from django.contrib import messages
from django.db.models import OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import Request
from accounts.permissions import allow_or_404
from assessments.enums import SoutenanceState
from assessments.models import Grille, Soutenance
from assessments.queries.concertation import is_concerting
from assessments.queries.grille import grille_page, panels_of
from assessments.queries.review import criteres_of, foresee, missing_in
from assessments.queries.soutenances import barred_author, reopening_reason
from assessments.services import submission
from core.exceptions import Refusal


@require_safe
def grille(request: Request, pk: UUID) -> HttpResponse:
    sheet = _own_grille(request, pk)
    page = grille_page(sheet.soutenance, sheet, at=timezone.now())
    return render(request, "assessments/grille.html", {"page": page, "soutenance": sheet.soutenance})


@require_safe
def review(request: Request, pk: UUID) -> HttpResponse:
    sheet = _own_grille(request, pk)
    criteres, marks = criteres_of(sheet), {mark.critere_id: mark for mark in sheet.marks.all()}
    enrolment = sheet.soutenance.enrolment
    known = set(enrolment.bloc_acquisitions.standing().values_list("bloc__number", flat=True))
    foreseen = foresee(sheet, enrolment, criteres, {pk: mark.verdict for pk, mark in marks.items()})
    panels = panels_of(sheet, marks)
    context = {
        "soutenance": sheet.soutenance,
        "grille": sheet,
        "panels": panels,
        "to_ask": [row.critere for panel in panels for row in panel.criteres if row.value.to_ask],
        "missing": missing_in(sheet, criteres, marks),
        "new_blocs": [bloc for bloc in foreseen.blocs if bloc.acquired and bloc.number not in known],
        "certifiable": foreseen.acquired,
    }
    return render(request, "assessments/review.html", context)


@require_POST
def submit(request: Request, pk: UUID) -> HttpResponse:
    sheet = _own_grille(request, pk)
    try:
        submission.submit(sheet, by=request.user)
    except submission.AlreadySubmitted:
        messages.info(request, "Cette grille était déjà soumise : rien n’a été fait une seconde fois.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("assessments:review", pk=pk)
    else:
        return _after_submission(request, sheet.soutenance)
    return redirect("assessments:soutenances")


def _after_submission(request: Request, soutenance: Soutenance) -> HttpResponse:
    """What comes next, when two évaluateurs judge (R-SCO-9)."""
    soutenance.refresh_from_db(fields=["state"])
    if soutenance.state == SoutenanceState.SUBMITTED:
        messages.success(request, "Grille soumise. Elle est maintenant verrouillée.")
    elif is_concerting(soutenance):
        messages.info(request, "Grille soumise. Vous avez soumis tous les deux : voici ce qui diffère.")
        return redirect("assessments:concertation", pk=soutenance.pk)
    else:
        messages.success(request, "Grille soumise et verrouillée. L’autre évaluateur n’a pas encore soumis la sienne.")
    return redirect("assessments:soutenances")


def _own_grille(request: Request, pk: UUID) -> Grille:
    """The person's own grille of this soutenance, else 404 (R-SCO-2)."""
    sheet: Grille = get_object_or_404(
        Grille.objects.select_related(
            "evaluateur",
            "soutenance__enrolment__candidate",
            "soutenance__enrolment__referentiel__reglement",
            "soutenance__enrolment__referentiel__certification",
        ).annotate(reopening_reason=reopening_reason(grille=OuterRef("pk")), is_barred=barred_author()),
        soutenance__in=Soutenance.objects.assigned_to(request.user),
        soutenance_id=pk,
        evaluateur=request.user,
    )
    allow_or_404(request.user, "assessments.open_grille", sheet.soutenance)
    return sheet
