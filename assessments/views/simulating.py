"""« Et si ? »: other thresholds tried on the grilles already submitted (R-REF-6). Reads only."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.http import Request
from accounts.permissions import require
from assessments.queries.records import rule_of
from assessments.queries.what_if import bloc_sizes, presented_in
from assessments.simulation_forms import ThresholdsForm
from assessments.verdicts import Rule
from assessments.what_if import simulate
from referentiel.models import Referentiel

PER_PAGE = 50


@require_safe
@require("assessments.simulate")
def what_if(request: Request, referentiel: int) -> HttpResponse:
    """What ``?criteres=`` and ``?competences=`` percent would change to the outcomes of a published version."""
    published = Referentiel.objects.exclude(publication=None).select_related("certification")
    version = get_object_or_404(published, pk=referentiel)
    now = rule_of(version)
    current = {"criteres": now.criteres_percent, "competences": now.competences_percent}
    form = ThresholdsForm({**current, **request.GET.dict()})
    context = {"referentiel": version, "form": form, "now": now, "simulation": None, "page": None}
    if form.is_valid():
        tried = Rule(form.cleaned_data["criteres"], form.cleaned_data["competences"])
        found = simulate(presented_in(version), sizes=bloc_sizes(version), before=now, after=tried)
        page = Paginator(found.changed, PER_PAGE).get_page(request.GET.get("page"))
        context |= {"tried": tried, "simulation": found, "page": page, "same": tried == now}
    return render(request, "assessments/what_if.html", context, status=200 if form.is_valid() else 422)
