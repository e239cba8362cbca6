"""Reading référentiels: the list, and one version as a document."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import Request
from referentiel.models import Referentiel
from referentiel.queries.certifications import certifications_for, size_of
from referentiel.queries.comparing import others_to_compare
from referentiel.queries.publication import requests_to_answer
from referentiel.queries.tree import activite_with_tree, blocs_to_open, read_tree
from referentiel.views.found import readable

MOST_READ = 400
"""CE in one page, twice those of the real référentiel; beyond, each activité is read when it is opened."""


@require_safe
def certification_list(request: Request) -> HttpResponse:
    may_edit = request.user.has_perm("referentiel.edit")
    context = {
        "certifications": certifications_for(request.user),
        "may_edit": may_edit,
        "to_answer": requests_to_answer(request.user) if may_edit else [],
    }
    return render(request, "referentiel/list.html", context)


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    """A version to read and to cite: everybody's once published; ``?activite=`` reads one activité alone."""
    referentiel = readable(request, pk)
    if "activite" in request.GET:
        return _activite(request, referentiel)
    size = size_of(referentiel)
    visible = Referentiel.objects.visible_to(request.user).select_related("publication")
    versions = list(visible.filter(certification=referentiel.certification))
    lazy = size.criteres > MOST_READ
    if not lazy:
        read_tree(referentiel)
    context = {
        "referentiel": referentiel,
        "size": size,
        "sections": list(referentiel.sections.all()),
        "blocs": blocs_to_open(referentiel) if lazy else list(referentiel.blocs.all()),
        "lazy": lazy,
        "may_edit": request.user.has_perm("referentiel.edit"),
        "may_weigh": request.user.has_perm("referentiel.view_draft"),
        "draft": next((version for version in versions if version.is_draft), None),
        "others": others_to_compare(referentiel, versions),
    }
    return render(request, "referentiel/detail.html", context)


def _activite(request: Request, referentiel: Referentiel) -> HttpResponse:
    activite = activite_with_tree(referentiel, request.GET["activite"])
    if activite is None:
        raise Http404
    if request.htmx:
        return render(request, "referentiel/detail_activite.html", {"activite": activite})
    return render(request, "referentiel/detail_part.html", {"activite": activite, "referentiel": referentiel})
