"""The référent handicap's pages: measures, and the mention when its author agreed (R-CAN-2, R-CAN-3)."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from accounts.http import Request
from accounts.permissions import require
from candidates.consent import READ_BY_REFERENT
from candidates.enums import AccommodationKind
from candidates.forms import EnrolmentSearch, MeasureForm, TiersTempsForm
from candidates.models import Enrolment
from candidates.queries import enrolments_to_accommodate
from candidates.services import accommodating
from candidates.services.disclosure import MentionUnreadable, read_mention
from core.exceptions import Refusal

PER_PAGE = 25


@require_safe
@require("candidates.manage_accommodations")
def index(request: Request) -> HttpResponse:
    """The enrolments asked for by name, or those with a standing measure; never who has a mention (R-CAN-2)."""
    form = EnrolmentSearch(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(enrolments_to_accommodate(words), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "candidates/accommodations.html", {"form": form, "page": page, "words": words})


@require_safe
@require("candidates.manage_accommodations")
def detail(request: Request, pk: UUID) -> HttpResponse:
    return _page(request, _enrolment(pk))


@require_POST
@require("candidates.manage_accommodations")
def grant_tiers_temps(request: Request, pk: UUID) -> HttpResponse:
    enrolment, form = _enrolment(pk), TiersTempsForm(request.POST, auto_id="tiers_%s")
    return _granted(request, enrolment, form, accommodating.grant_tiers_temps) or _page(
        request, enrolment, tiers_temps_form=form
    )


@require_POST
@require("candidates.manage_accommodations")
def grant_measure(request: Request, pk: UUID) -> HttpResponse:
    enrolment, form = _enrolment(pk), MeasureForm(request.POST, auto_id="mesure_%s")
    return _granted(request, enrolment, form, accommodating.grant_measure) or _page(
        request, enrolment, measure_form=form
    )


@require_POST
@require("candidates.manage_accommodations")
def end(request: Request, pk: UUID, measure: int) -> HttpResponse:
    found = get_object_or_404(_enrolment(pk).accommodations, pk=measure)
    accommodating.end_accommodation(found, ended_on=timezone.localdate(), by=request.user)
    messages.success(request, "La mesure a pris fin. Les soutenances à venir en tiennent compte dès maintenant.")
    return redirect("candidates:accommodate", pk=pk)


@require_POST
@require("candidates.manage_accommodations")
@sensitive_variables()
def mention(request: Request, pk: UUID) -> HttpResponse:
    """The mention, on a deliberate request: each reading is journaled and its author sees it (R-CAN-2)."""
    enrolment = _enrolment(pk)
    try:
        text = read_mention(enrolment.candidate, by=request.user, purpose=READ_BY_REFERENT)
    except MentionUnreadable as refusal:
        messages.error(request, str(refusal))
        return redirect("candidates:accommodate", pk=pk)
    if text is None:
        messages.info(request, "Aucune mention à lire : le candidat n’en a pas écrit, ou a retiré son accord.")
        return redirect("candidates:accommodate", pk=pk)
    return _page(request, enrolment, mention=text)


def _enrolment(pk: UUID) -> Enrolment:
    return get_object_or_404(Enrolment.objects.select_related("candidate", "referentiel__certification"), pk=pk)


def _granted(
    request: Request, enrolment: Enrolment, form: TiersTempsForm | MeasureForm, grant: Callable[..., object]
) -> HttpResponse | None:
    """Where to go once the measure is granted; None when the form has something to say."""
    if not form.is_valid():
        return None
    try:
        grant(enrolment, granted_on=timezone.localdate(), by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, "Mesure accordée. Les soutenances à venir en tiennent compte dès maintenant.")
    return redirect("candidates:accommodate", pk=enrolment.pk)


@sensitive_variables()
def _page(
    request: Request,
    enrolment: Enrolment,
    *,
    tiers_temps_form: TiersTempsForm | None = None,
    measure_form: MeasureForm | None = None,
    mention: str | None = None,
) -> HttpResponse:
    measures = list(enrolment.accommodations.select_related("granted_by"))
    standing = [measure for measure in measures if measure.ended_on is None]
    if not tiers_temps_form and not any(measure.kind == AccommodationKind.TIERS_TEMPS for measure in standing):
        tiers_temps_form = TiersTempsForm(auto_id="tiers_%s")
    context = {
        "enrolment": enrolment,
        "standing": standing,
        "ended": [measure for measure in measures if measure.ended_on is not None],
        "consent": enrolment.candidate.handicap_disclosures.standing().without_mention().first(),
        "tiers_temps_form": tiers_temps_form,
        "measure_form": measure_form or MeasureForm(auto_id="mesure_%s"),
        "mention": mention,
    }
    return render(request, "candidates/accommodate.html", context)
