"""What changes between two versions a person may read (R-REF-2)."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import Request
from referentiel.documents import difference_pdf
from referentiel.downloads import download
from referentiel.models import Referentiel
from referentiel.queries.comparing import comparison_between, contents_of

MOST_SHOWN = 150
"""Changes; beyond, each bloc's are read when it is opened."""


@require_safe
def differences(request: Request, pk: int, other: int) -> HttpResponse:
    """From ``other`` to ``pk``; ``?bloc=`` reads one bloc alone."""
    new, old = _pair(request, pk, other)
    comparison = comparison_between(old, new)
    address = reverse("referentiel:differences", args=[pk, other])
    if "bloc" in request.GET:
        group = next((found for found in comparison.groups if found.key == request.GET["bloc"]), None)
        if group is None:
            raise Http404
        if request.htmx:
            return render(request, "referentiel/comparison_group.html", {"group": group})
        return render(request, "referentiel/differences_bloc.html", {"group": group, "old": old, "new": new})
    lazy = comparison.total > MOST_SHOWN
    context = {
        "old": old,
        "new": new,
        "comparison": comparison,
        "lazy_url": address if lazy else "",
        "later": max(old, new, key=lambda one: one.version),
        "may_weigh": request.user.has_perm("referentiel.view_draft"),
    }
    return render(request, "referentiel/differences.html", context)


@require_safe
def differences_pdf(request: Request, pk: int, other: int) -> HttpResponse:
    new, old = _pair(request, pk, other)
    old_content, new_content = contents_of(old, new)
    data = difference_pdf(comparison_between(old, new), old=old_content, new=new_content, drawn_at=timezone.localtime())
    return download(data, "pdf", f"differences-{new.certification.rncp_code}-v{old.version}-v{new.version}")


def _pair(request: Request, pk: int, other: int) -> tuple[Referentiel, Referentiel]:
    """Two versions of one certification; otherwise 404."""
    visible = Referentiel.objects.visible_to(request.user).select_related("certification", "publication")
    new = get_object_or_404(visible, pk=pk)
    return new, get_object_or_404(visible.filter(certification=new.certification_id).exclude(pk=pk), pk=other)
