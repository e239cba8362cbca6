"""From a file to a draft, in the browser: send, see what it would do, confirm or abandon (R-REF-2)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import Request
from accounts.permissions import require
from core.exceptions import Refusal
from referentiel.downloads import download
from referentiel.exchange import workbook
from referentiel.exchange.example import example
from referentiel.exchange.faults import Unreadable
from referentiel.forms.importing import ImportForm, too_large
from referentiel.models import PendingImport
from referentiel.services import importing, receiving
from referentiel.views.foreseen import foreseen_page

_GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


@require("referentiel.edit")
@_GET_AND_POST
def send(request: Request) -> HttpResponse:
    """The file; what forbids reading it is told place by place, and the rest of the form stays."""
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None)
    unreadable: Unreadable | None = None
    if posted and hasattr(request, "too_large"):
        form.add_error("file", too_large())
    elif form.is_valid():
        sent = form.cleaned_data.pop("file")
        try:
            held = receiving.receive(sent.read(), name=sent.name, by=request.user, **form.cleaned_data)
        except Unreadable as refused:
            unreadable = refused
        else:
            return redirect("referentiel:import-preview", held.pk)
    context = {"form": form, "unreadable": unreadable, "limit": too_large()}
    return render(request, "referentiel/import_form.html", context, status=422 if form.errors or unreadable else 200)


@require("referentiel.edit")
@require_safe
def template(request: Request) -> HttpResponse:
    """The workbook to fill in, with a worked example."""
    return download(workbook.write(example()), "xlsx", "modele-de-referentiel")


@require("referentiel.edit")
@_GET_AND_POST
def preview(request: Request, pk: UUID) -> HttpResponse:
    """What the file would do, line by line; a POST does it."""
    held = _held(request, pk)
    if held is None:
        made = importing.made_from(pk, by=request.user)
        if made is None:
            raise Http404
        return redirect("referentiel:edit", made.pk)
    if receiving.is_to_choose(held):
        return render(request, "referentiel/import_fiches.html", {"held": held})
    if request.method == "POST":
        try:
            draft = importing.import_held(held, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("referentiel:import-preview", pk)
        messages.success(request, f"Importé : la version {draft.version} est en brouillon. Relisez, puis publiez.")
        return redirect("referentiel:edit", draft.pk)
    return render(request, "referentiel/import_preview.html", foreseen_page(held))


@require("referentiel.edit")
@require_POST
def choose(request: Request, pk: UUID) -> HttpResponse:
    """One fiche among those of the file."""
    held = get_object_or_404(PendingImport, pk=pk, read_by=request.user)
    try:
        chosen = receiving.choose_fiche(held, code=request.POST.get("code", ""), by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("referentiel:import-preview", pk)
    return redirect("referentiel:import-preview", chosen.pk)


@require("referentiel.edit")
@require_POST
def abandon(request: Request, pk: UUID) -> HttpResponse:
    importing.abandon(get_object_or_404(PendingImport, pk=pk, read_by=request.user))
    messages.success(request, "L’import est abandonné : rien n’a été écrit.")
    return redirect("referentiel:import")


def _held(request: Request, pk: UUID) -> PendingImport | None:
    """A person confirms what they sent themselves."""
    return PendingImport.objects.filter(pk=pk, read_by=request.user).first()
