"""Délivrance: what the parchemins of each certification bear, as an administrateur writes it (R-JUR-7)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import Request
from accounts.permissions import require
from core.exceptions import Refusal
from juries.certificate_forms import DeliveryForm
from juries.queries.deliveries import deliveries
from juries.services.delivering import delivery_values, set_delivery
from referentiel.models import Certification
from referentiel.nodes import seen_as


@require_safe
@require("juries.set_delivery")
def index(request: Request) -> HttpResponse:
    return render(request, "juries/deliveries.html", {"certifications": deliveries()})


@require_http_methods(["GET", "HEAD", "POST"])
@require("juries.set_delivery")
def delivery(request: Request, pk: int) -> HttpResponse:
    certification = get_object_or_404(Certification, pk=pk)
    written = delivery_values(certification)
    form = DeliveryForm(request.POST or None, initial=written)
    seen = request.POST.get("seen") or seen_as(written)
    if request.method == "POST" and form.is_valid():
        try:
            changed = set_delivery(certification, values=form.cleaned_data, by=request.user, seen=seen)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            said = "Mentions enregistrées." if changed else "Rien n’a changé dans ces mentions."
            messages.success(request, said)
            return redirect("juries:deliveries")
    context = {"form": form, "certification": certification, "seen": seen, "filled": any(written.values())}
    return render(request, "juries/delivery.html", context)
