"""Revoking a certificate, delivering a duplicata: each asked on a page of its own, with a reason (R-JUR-7)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import Request
from accounts.permissions import require
from core.exceptions import Refusal
from juries.certificate_forms import CopyForm, RevocationForm
from juries.models import Certificate
from juries.queries.certificate_lists import certificates_found
from juries.services.copying import issue_copy
from juries.services.revoking import revoke_certificate


@require_http_methods(["GET", "HEAD", "POST"])
@require("juries.organise")
def revoke(request: Request, pk: UUID) -> HttpResponse:
    certificate = get_object_or_404(certificates_found(Certificate.objects.all()), pk=pk)
    form = RevocationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            revoke_certificate(certificate, reason=form.cleaned_data["reason"], by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{certificate} est révoqué : la page de vérification le dit dès maintenant.")
            return redirect("juries:certificate", pk=pk)
    return render(request, "juries/revoke.html", {"form": form, "certificate": certificate})


@require_http_methods(["GET", "HEAD", "POST"])
@require("juries.organise")
def copy(request: Request, pk: UUID) -> HttpResponse:
    certificate = get_object_or_404(certificates_found(Certificate.objects.all()), pk=pk)
    form = CopyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = issue_copy(certificate, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Duplicata n°\u00a0{made.rank} délivré : son PDF arrive dans quelques secondes.")
            return redirect("juries:certificate", pk=pk)
    return render(request, "juries/copy.html", {"form": form, "certificate": certificate})
