"""Personnes et rôles: an administrateur's pages about other people's accounts."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import AccessForm, OpenAccountForm, PeopleFilter, RolesForm
from accounts.http import Request
from accounts.models import User
from accounts.people import GIVEN_HERE, change_roles, open_account, set_active
from accounts.permissions import require
from accounts.queries import people_found
from core.exceptions import Refusal

PER_PAGE = 50


@require_safe
@require("accounts.manage_people")
def index(request: Request) -> HttpResponse:
    form = PeopleFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = people_found(words=wanted.get("q", ""), role=wanted.get("role", ""))
    context = {
        "form": form,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "filtered": any(request.GET.get(name) for name in ("q", "role")),
    }
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require("accounts.manage_people")
def open_(request: Request) -> HttpResponse:
    form = OpenAccountForm(request.POST or None)
    if form.is_valid():
        try:
            person = open_account(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                f"Compte de {person} ouvert. Invitez cette personne à choisir son mot de passe : page de connexion, "
                "« Mot de passe oublié ».",
            )
            return redirect("accounts:person", pk=person.pk)
    return render(request, "accounts/person_open.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@require("accounts.manage_people")
def person(request: Request, pk: UUID) -> HttpResponse:
    """One person: their roles to change, their account to close."""
    found = get_object_or_404(User, pk=pk)
    form = RolesForm(request.POST or None, initial={"roles": sorted(found.roles & set(GIVEN_HERE))})
    if form.is_valid():
        try:
            changed = change_roles(found, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            said = "Rôles changés : ils valent dès maintenant." if changed else "Rien n’a changé dans ses rôles."
            messages.success(request, said)
            return redirect("accounts:person", pk=pk)
    return _page(request, found, roles_form=form)


@require_POST
@require("accounts.manage_people")
def access(request: Request, pk: UUID) -> HttpResponse:
    """Close the account, or open it again."""
    found = get_object_or_404(User, pk=pk)
    form = AccessForm(request.POST, auto_id="acces_%s")
    if form.is_valid():
        try:
            set_active(found, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            said = "est ouvert" if form.cleaned_data["active"] else "est fermé"
            messages.success(request, f"Le compte de {found} {said}.")
            return redirect("accounts:person", pk=pk)
    return _page(request, found, access_form=form)


def _page(
    request: Request, found: User, *, roles_form: RolesForm | None = None, access_form: AccessForm | None = None
) -> HttpResponse:
    context = {
        "person": found,
        "roles_form": roles_form or RolesForm(initial={"roles": sorted(found.roles & set(GIVEN_HERE))}),
        "access_form": access_form or AccessForm(initial={"active": not found.is_active}, auto_id="acces_%s"),
        "is_candidate": "candidate" in found.roles,
    }
    return render(request, "accounts/person.html", context)
