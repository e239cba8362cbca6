"""Delivering a rectificatif, erasing what was delivered: each asked on a page of its own, with a reason (R-JUR-7)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import Request
from accounts.permissions import require
from core.exceptions import Refusal
from juries.certificate_forms import ErasureForm, RectificationForm
from juries.models import Certificate
from juries.queries.certificate_lists import certificates_found, certificates_held_by
from juries.services.erasing import erase_delivered
from juries.services.rectifying import rectify_certificate


@require_http_methods(["GET", "HEAD", "POST"])
@require("juries.organise")
def rectify(request: Request, pk: UUID) -> HttpResponse:
    certificate = get_object_or_404(Certificate.objects.select_related("decision__enrolment__candidate"), pk=pk)
    form = RectificationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = rectify_certificate(certificate, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{made} délivré : il remplace {certificate.number}. Son PDF arrive bientôt.")
            return redirect("juries:certificate", pk=made.pk)
    bears = "" if certificate.erased_at else certificate.content["holder"]["full_name"]
    return render(request, "juries/rectify.html", {"form": form, "certificate": certificate, "bears": bears})


@require_http_methods(["GET", "HEAD", "POST"])
@require("juries.organise")
def erase(request: Request, pk: UUID) -> HttpResponse:
    """All that was delivered to the holder of this certificate."""
    certificate = get_object_or_404(certificates_found(Certificate.objects.all()), pk=pk)
    candidate = certificate.decision.enrolment.candidate
    form = ErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            erased = erase_delivered(candidate, reason=form.cleaned_data["reason"], by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            said = "documents effacés" if erased > 1 else "document effacé"
            messages.success(request, f"{erased} {said}. Leur vérification répond toujours.")
            return redirect("juries:certificate", pk=pk)
    held = certificates_held_by(candidate).filter(erased_at=None)
    return render(request, "juries/erase.html", {"form": form, "certificate": certificate, "held": held})
