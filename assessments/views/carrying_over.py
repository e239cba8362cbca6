"""What carries over from one version to another: before publication, and for one candidate (R-REF-2, R-CAN-1)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.http import Request
from accounts.permissions import require
from assessments.queries.impact import impact_of
from assessments.queries.recognitions import recognitions_page
from candidates.models import Candidate
from referentiel.models import Referentiel
from referentiel.queries.tree import with_tree


@require_safe
@require("referentiel.view_draft")
def impact(request: Request, pk: int) -> HttpResponse:
    """What a version means for those on the earlier ones; only that part when htmx asks for it."""
    visible = Referentiel.objects.visible_to(request.user)
    referentiel = get_object_or_404(with_tree(visible), pk=pk)
    template = "assessments/impact_versions.html" if request.htmx else "assessments/impact.html"
    may_declare = referentiel.is_draft and request.user.has_perm("referentiel.edit")
    context = {"referentiel": referentiel, "versions": impact_of(referentiel), "may_declare": may_declare}
    return render(request, template, context)


@require_safe
@require("assessments.view_all")
def recognitions(request: Request, pk: UUID) -> HttpResponse:
    """The blocs recognised to one candidate, and those a new enrolment would recognise."""
    candidate = get_object_or_404(Candidate.objects.visible_to(request.user), pk=pk)
    template = "assessments/recognitions_list.html" if request.htmx else "assessments/recognitions.html"
    return render(request, template, {"candidate": candidate, "page": recognitions_page(candidate)})
