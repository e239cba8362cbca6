"""Enrolling a candidate, and the people who may not judge them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import Request
from accounts.permissions import require
from candidates.forms import EnrolForm, LinkForm
from candidates.models import Candidate
from candidates.services import enrolling, linking
from candidates.views.files import candidate_page
from core.exceptions import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@require("candidates.manage")
def enrol(request: Request, pk: UUID) -> HttpResponse:
    candidate = get_object_or_404(Candidate, pk=pk)
    form = EnrolForm(request.POST or None, candidate=candidate)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            enrolment = enrolling.enrol(candidate, by=request.user, **{**wanted, "blocs": wanted["blocs"] or None})
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{candidate} est inscrit : dossier {enrolment.number}.")
            return redirect("candidates:detail", pk=pk)
    return render(request, "candidates/enrol.html", {"form": form, "candidate": candidate})


@require_POST
@require("candidates.manage")
def declare_link(request: Request, pk: UUID) -> HttpResponse:
    candidate = get_object_or_404(Candidate, pk=pk)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return candidate_page(request, pk, link_form=form)
    try:
        linking.declare_link(candidate, by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return candidate_page(request, pk, link_form=form)
    messages.success(request, f"{form.cleaned_data['user']} ne pourra ni évaluer ni juger ce candidat.")
    return redirect("candidates:detail", pk=pk)


@require_POST
@require("candidates.manage")
def remove_link(request: Request, pk: UUID, link: int) -> HttpResponse:
    found = (
        get_object_or_404(Candidate, pk=pk).declared_links.select_related("user", "candidate").filter(pk=link).first()
    )
    if found:  # else already removed, by this form sent twice or by somebody else
        linking.remove_link(found, by=request.user)
        messages.success(request, f"Le lien déclaré avec {found.user} est retiré.")
    return redirect("candidates:detail", pk=pk)
