"""The two pages of the ground: the jobs and the journal."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import queries
from core.anchors import first_lost_anchor
from core.filters import JobFilter, JournalFilter
from core.jobs import order_again
from core.journal import first_broken_link
from core.models import Job

JOBS_PER_PAGE = 50


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """The jobs, or only the part that refreshes itself when htmx asks for it (R-ALL-2)."""
    _allow_or_404(request, "core.view_jobs")
    form = JobFilter(request.GET)
    state = form.cleaned_data["etat"] if form.is_valid() else ""
    context = {
        "page": Paginator(queries.jobs_in(state), JOBS_PER_PAGE).get_page(request.GET.get("page")),
        "counts": queries.job_counts(),
        "state": state,
        "states": JobFilter.base_fields["etat"].choices,  # type: ignore[attr-defined]  # a ChoiceField
        "may_run_again": request.user.has_perm("core.run_job_again"),
    }
    return render(request, "core/jobs_table.html" if "HX-Request" in request.headers else "core/jobs.html", context)


@require_POST
def run_job_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    _allow_or_404(request, "core.run_job_again")
    job = get_object_or_404(Job, pk=pk)
    if order_again(job, by=request.user):
        messages.success(request, f"« {job.label} » est relancé. Il commencera dans quelques secondes.")
    else:
        messages.info(request, f"« {job.label} » n’est pas en échec : rien à relancer.")
    return redirect("core:jobs")


@require_http_methods(["GET", "HEAD", "POST"])
def journal(request: HttpRequest) -> HttpResponse:
    """The journal, newest first; posting to it walks the whole chain and says whether it holds (R-ALL-1)."""
    _allow_or_404(request, "core.read_journal")
    form = JournalFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    concealed = queries.concealed_from(request.user)
    page = queries.journal_page(
        concealed,
        verb=wanted.get("action", ""),
        subject=wanted.get("objet", ""),
        actor=wanted.get("auteur", ""),
        up_to=wanted.get("jusqu_a"),
    )
    verified = request.method == "POST"
    context = {
        "form": form,
        "page": page,
        "head": queries.journal_head(concealed),
        "filtered": any(wanted.get(name) for name in ("action", "objet", "auteur")),
        "older_than_head": bool(wanted.get("jusqu_a")),
        "verified": verified,
        "broken": (first_broken_link() or first_lost_anchor()) if verified else None,
    }
    return render(request, "core/journal.html", context)


def _allow_or_404(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise Http404
