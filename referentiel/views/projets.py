"""Projets: which compétences are presented together, and whether all of them are."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import Request
from accounts.permissions import require
from core.exceptions import Refusal, Stale
from referentiel.forms.projets import ProjetForm
from referentiel.models import Projet, Referentiel
from referentiel.nodes import InvalidNode, seen_as
from referentiel.queries.projets import projets_page
from referentiel.services import grouping
from referentiel.views.conflicts import projet_conflict

_GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def index(request: Request, pk: int) -> HttpResponse:
    referentiel = _version(request, pk)
    may_edit = request.user.has_perm("referentiel.edit")
    context = {"referentiel": referentiel, "page": projets_page(referentiel), "may_edit": may_edit}
    return render(request, "referentiel/projets.html", context)


@require("referentiel.edit")
@_GET_AND_POST
def add(request: Request, pk: int) -> HttpResponse:
    referentiel = _version(request, pk)
    form = ProjetForm(request.POST or None, referentiel=referentiel)
    if form.is_valid():
        try:
            projet = grouping.add_projet(referentiel, by=request.user, **form.cleaned_data)
        except InvalidNode as invalid:
            form.take(invalid.errors)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Le projet « {projet} » est ajouté.")
            return redirect("referentiel:projets", referentiel.pk)
    return _form_page(request, referentiel, form)


@require("referentiel.edit")
@_GET_AND_POST
def change(request: Request, pk: UUID) -> HttpResponse:
    projet = _projet(pk)
    form = ProjetForm(request.POST or None, instance=projet, referentiel=projet.referentiel)
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("name", "brief", "competences")}
        try:
            grouping.change_projet(projet, **values, by=request.user, seen=request.POST.get("seen", ""))
        except InvalidNode as invalid:
            form.take(invalid.errors)
        except Stale:
            return _conflict(request, projet.pk, form)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Le projet « {values['name']} » est enregistré.")
            return redirect("referentiel:projets", projet.referentiel_id)
    return _form_page(request, projet.referentiel, form, projet=projet)


@require("referentiel.edit")
@require_POST
def remove(request: Request, pk: UUID) -> HttpResponse:
    projet = _projet(pk)
    try:
        grouping.remove_projet(projet, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Le projet « {projet} » est supprimé.")
    return redirect("referentiel:projets", projet.referentiel_id)


def _form_page(
    request: Request, referentiel: Referentiel, form: ProjetForm, projet: Projet | None = None
) -> HttpResponse:
    seen = request.POST.get("seen") or (seen_as(grouping.values_of(projet)) if projet else "")
    context = {"referentiel": referentiel, "form": form, "projet": projet, "seen": seen, "conflict": None}
    return render(request, "referentiel/projet.html", context, status=422 if form.errors else 200)


def _conflict(request: Request, pk: UUID, form: ProjetForm) -> HttpResponse:
    """The form as it was typed, now starting from what is stored, which is shown beside it."""
    stored = _projet(pk)
    conflict = projet_conflict(stored, form)
    context = {"referentiel": stored.referentiel, "projet": stored, "seen": conflict.seen}
    return render(request, "referentiel/projet.html", {**context, "form": form, "conflict": conflict}, status=412)


def _projet(pk: UUID) -> Projet:
    return get_object_or_404(Projet.objects.select_related("referentiel__certification"), pk=pk)


def _version(request: Request, pk: int) -> Referentiel:
    """A version this person may read, without its tree."""
    return get_object_or_404(Referentiel.objects.visible_to(request.user).select_related("certification"), pk=pk)
