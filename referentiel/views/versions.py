"""The life of a version: certification, draft, règlement, registration, retirement."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import Request
from accounts.permissions import require
from core.exceptions import Refusal, Stale
from referentiel.forms.nodes import CertificationForm, RegistrationForm, RetirementForm
from referentiel.forms.reglement import PhaseFormSet, ReglementForm
from referentiel.models import Certification, Referentiel, Reglement
from referentiel.nodes import InvalidNode, seen_as
from referentiel.queries.certifications import size_of
from referentiel.queries.undoing import last_undoable
from referentiel.services import publishing, settling, versions
from referentiel.views.conflicts import reglement_conflict
from referentiel.views.found import changes_a_draft, draft_to_change, readable
from referentiel.views.pages import editor_page

_GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


@require("referentiel.edit")
@_GET_AND_POST
def certification_add(request: Request) -> HttpResponse:
    form = CertificationForm(request.POST or None)
    if form.is_valid():
        try:
            certification = versions.create_certification(values=form.cleaned_data, by=request.user)
        except InvalidNode as invalid:
            form.take(invalid.errors)
        else:
            messages.success(request, f"« {certification} » est créée. Ouvrez maintenant son premier brouillon.")
            return redirect("referentiel:list")
    return render(request, "referentiel/certification_add.html", {"form": form}, status=422 if form.errors else 200)


@require("referentiel.edit")
@require_POST
def draft_add(request: Request, pk: int) -> HttpResponse:
    certification = get_object_or_404(Certification, pk=pk)
    try:
        draft = versions.create_draft(certification, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("referentiel:list")
    messages.success(request, f"Le brouillon de la version {draft.version} est ouvert.")
    return redirect("referentiel:edit", draft.pk)


@require("referentiel.edit")
@require_POST
def clone(request: Request, pk: int) -> HttpResponse:
    source = readable(request, pk)
    try:
        draft = versions.clone_to_draft(source, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("referentiel:detail", pk)
    messages.success(request, f"La version {source.version} est copiée dans un brouillon, la version {draft.version}.")
    return redirect("referentiel:edit", draft.pk)


@changes_a_draft
@_GET_AND_POST
def drop(request: Request, pk: int) -> HttpResponse:
    draft = draft_to_change(request, pk)
    if request.method != "POST":
        return render(request, "referentiel/drop.html", {"referentiel": draft, "size": size_of(draft)})
    try:
        versions.drop_draft(draft, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("referentiel:edit", pk)
    messages.success(request, f"Le brouillon de la version {draft.version} est supprimé.")
    return redirect("referentiel:list")


@changes_a_draft
@_GET_AND_POST
def reglement(request: Request, pk: int) -> HttpResponse:
    """The settings of a draft, and the phases of a soutenance as rows (R-REF-6)."""
    draft = draft_to_change(request, pk)
    current = getattr(draft, "reglement", None) or Reglement(referentiel=draft)
    form = ReglementForm(request.POST or None, instance=current)
    phases = PhaseFormSet(request.POST or None, initial=current.phases, prefix="phases")
    shown = request.POST.get("seen") or seen_as(settling.settings_of(current))
    if form.is_valid() and phases.is_valid():
        values = {**form.cleaned_data, "phases": phases.phases()}
        try:
            settling.change_reglement(draft, values=values, by=request.user, seen=request.POST.get("seen"))
        except InvalidNode as invalid:
            form.take(invalid.errors)
        except Stale:
            return _conflict(request, readable(request, pk), form, phases, values)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Le règlement est enregistré.")
            return redirect("referentiel:reglement", pk)
    wrong = form.errors or phases.total_error_count()
    context = {**_reglement_page(request, draft, form, phases), "seen": shown}
    return render(request, "referentiel/editor_reglement.html", context, status=422 if wrong else 200)


def _conflict(
    request: Request, stored: Referentiel, form: ReglementForm, phases: Any, values: dict[str, Any]
) -> HttpResponse:
    """The form as it was typed, now starting from what is stored, which is shown beside it."""
    conflict = reglement_conflict(stored, form, values)
    context = {**_reglement_page(request, stored, form, phases), "seen": conflict.seen, "conflict": conflict}
    return render(request, "referentiel/editor_reglement.html", context, status=412)


def _reglement_page(request: Request, draft: Referentiel, form: ReglementForm, phases: Any) -> dict[str, Any]:
    page = {**editor_page(draft), "on_reglement": True, "undoable": last_undoable(draft, request.user)}
    return {**page, "form": form, "phases": phases, "conflict": None}


@require("referentiel.edit")
@_GET_AND_POST
def registration(request: Request, pk: int) -> HttpResponse:
    """The dates of the registration, before or after publication (R-REF-5)."""
    referentiel = readable(request, pk)
    form = RegistrationForm(
        request.POST or None,
        instance=getattr(referentiel, "registration", None),
        initial={"nsf": referentiel.certification.nsf},
    )
    if form.is_valid():
        try:
            settling.record_registration(referentiel, **form.cleaned_data, by=request.user)
        except InvalidNode as invalid:
            form.take(invalid.errors)
        else:
            messages.success(request, "L’enregistrement est noté.")
            return redirect("referentiel:detail", pk)
    context = {"referentiel": referentiel, "form": form}
    return render(request, "referentiel/registration.html", context, status=422 if form.errors else 200)


@require("referentiel.edit")
@_GET_AND_POST
def retire(request: Request, pk: int) -> HttpResponse:
    referentiel = readable(request, pk)
    form = RetirementForm(request.POST or None)
    if form.is_valid():
        try:
            publishing.retire(referentiel, by=request.user, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"La version {referentiel.version} est retirée.")
        return redirect("referentiel:detail", pk)
    context = {"referentiel": referentiel, "form": form}
    return render(request, "referentiel/retire.html", context, status=422 if form.errors else 200)
