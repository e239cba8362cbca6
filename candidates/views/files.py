"""Candidates: the list, the file of one, its civil status."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import Request
from accounts.permissions import require
from candidates.forms import CandidateFilter, CivilStatusForm, LinkForm, OpenFileForm
from candidates.models import Candidate
from candidates.queries import BY_NAME, candidates_found, files_of, namesake_of
from candidates.services.filing import AccountExists, correct_civil_status, open_file
from core.exceptions import Refusal

PER_PAGE = 50


@require_safe
@require("candidates.view_all")
def index(request: Request) -> HttpResponse:
    form = CandidateFilter(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    found = candidates_found(
        Candidate.objects.visible_to(request.user),
        words=wanted.get("q", ""),
        certification=wanted.get("certification"),
        voie=wanted.get("voie", ""),
        sort=wanted.get("tri") or BY_NAME,
    )
    context = {
        "form": form,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "filtered": any(request.GET.get(name) for name in ("q", "certification", "voie")),
    }
    return render(request, "candidates/list.html", context)


@require_safe
@require("candidates.view_all")
def detail(request: Request, pk: UUID) -> HttpResponse:
    return candidate_page(request, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@require("candidates.manage")
def open_(request: Request) -> HttpResponse:
    form, known = OpenFileForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        if not wanted.pop("another_person") and (known := namesake_of(form.status, email=wanted["email"])):
            form.ask_to_confirm(known)
            return render(request, "candidates/open.html", {"form": form, "known": known})
        try:
            candidate = open_file(by=request.user, **wanted)
        except AccountExists as refusal:
            form.add_error("email", str(refusal))
            known = refusal.candidate
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Dossier de {candidate} ouvert. Inscrivez-le maintenant à une certification.")
            return redirect("candidates:detail", pk=candidate.pk)
    return render(request, "candidates/open.html", {"form": form, "known": known})


@require_http_methods(["GET", "HEAD", "POST"])
@require("candidates.manage")
def correct(request: Request, pk: UUID) -> HttpResponse:
    candidate = get_object_or_404(Candidate, pk=pk)
    form = CivilStatusForm(request.POST or None, initial=vars(candidate.civil_status))
    if request.method == "POST" and form.is_valid():
        try:
            corrected = correct_civil_status(candidate, status=form.status, by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            said = (
                "État civil corrigé. L’ancien reste au journal." if corrected else "Rien n’a changé dans l’état civil."
            )
            messages.success(request, said)
            return redirect("candidates:detail", pk=pk)
    return render(request, "candidates/correct.html", {"form": form, "candidate": candidate})


def candidate_page(request: Request, pk: UUID, *, link_form: LinkForm | None = None) -> HttpResponse:
    """The file of one candidate; ``link_form`` is the one that was just refused."""
    candidate = get_object_or_404(files_of(Candidate.objects.visible_to(request.user)), pk=pk)
    may_manage = request.user.has_perm("candidates.manage")
    context = {
        "candidate": candidate,
        "may_manage": may_manage,
        "link_form": link_form or (LinkForm() if may_manage else None),
    }
    return render(request, "candidates/candidate.html", context)
