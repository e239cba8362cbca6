"""The editor of a draft: the tree on one side, a node edited in place on the other (R-REF-1)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import Request
from core.exceptions import Refusal, Stale
from referentiel.forms.nodes import NODE_FORMS, VerbatimForm, adding_form
from referentiel.models import Referentiel
from referentiel.nodes import InvalidNode, Kind, Node, kind_of, name_of, values_of
from referentiel.queries.editor import suggestion_for
from referentiel.queries.searching import search_in
from referentiel.services import editing
from referentiel.views.conflicts import node_conflict
from referentiel.views.found import (
    address_above,
    changes_a_draft,
    draft_to_change,
    kind_named,
    node_in,
    node_to_change,
    parent_in,
)
from referentiel.views.pages import editor_page, node_page, overview_page, removal_page, saved_page

_GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


@changes_a_draft
@require_safe
def overview(request: Request, pk: int) -> HttpResponse:
    """The draft as a whole: its parts, and what it still lacks; ``?q=`` looks for words in it."""
    draft = draft_to_change(request, pk)
    wanted = request.GET.get("q", "")
    if wanted.strip():
        context = {**editor_page(draft), "wanted": wanted, "findings": search_in(draft, wanted)}
        return render(request, "referentiel/editor_search.html", context)
    return render(request, "referentiel/editor_overview.html", overview_page(request, draft))


@changes_a_draft
@_GET_AND_POST
def node(request: Request, pk: int, kind: str, node_pk: int) -> HttpResponse:
    """A node to read and change, with what is directly under it. A page left open sends each change through htmx."""
    draft, found = node_to_change(request, pk, kind, node_pk)
    form = NODE_FORMS[kind](request.POST or None, instance=found)
    answer = _change(request, draft, found, form) if form.is_valid() else None
    if answer is not None:
        return answer
    if request.htmx and form.errors:
        return render(request, "referentiel/editor_refused.html", {"form": form, "node": found}, status=422)
    context = {**node_page(request, draft, found), "form": form}
    if request.POST.get("seen"):  # refused: it still starts from what was shown first, or another's change is lost
        context["seen"] = request.POST["seen"]
    return render(request, "referentiel/editor_node.html", context, status=422 if form.errors else 200)


@changes_a_draft
@_GET_AND_POST
def node_add(request: Request, pk: int, kind: str, parent_pk: int) -> HttpResponse:
    draft = draft_to_change(request, pk)
    level = kind_named(kind)
    parent = parent_in(draft, level, parent_pk)
    form = adding_form(kind, request.POST or None, initial=suggestion_for(level, parent))
    added = _added(request, level, parent, form) if form.is_valid() else None
    if added is not None:
        return redirect("referentiel:node", pk, kind, added.pk)
    current = None if isinstance(parent, Referentiel) else parent
    context = {**editor_page(draft, current), "kind": level, "parent": current, "form": form}
    return render(request, "referentiel/editor_add.html", context, status=422 if form.errors else 200)


@changes_a_draft
@_GET_AND_POST
def node_remove(request: Request, pk: int, kind: str, node_pk: int) -> HttpResponse:
    """Asks first, saying what would leave with the node."""
    draft, found = node_to_change(request, pk, kind, node_pk)
    if request.method != "POST":
        return render(request, "referentiel/editor_remove.html", removal_page(draft, found))
    name, above = name_of(found), address_above(found)
    try:
        editing.remove_node(found, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{name} : supprimé du brouillon. Vous pouvez encore l’annuler.")
    return redirect(above)


def _change(request: Request, draft: Referentiel, found: Node, form: VerbatimForm) -> HttpResponse | None:
    """The answer to a change stored or in conflict; None when the form has something to say."""
    values = {name: form.cleaned_data[name] for name in values_of(found)}
    try:
        changed = editing.change_node(found, values=values, by=request.user, seen=request.POST.get("seen"))
    except InvalidNode as invalid:
        form.take(invalid.errors)
        return None
    except Stale:
        return _conflict(request, draft, node_in(draft, kind_of(found), found.pk), form)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    if request.htmx:
        stored = node_in(draft, kind_of(found), found.pk)
        return render(request, "referentiel/editor_saved.html", saved_page(request, draft, stored))
    messages.success(request, "Enregistré." if changed else "Rien n’a changé : aucune écriture.")
    return redirect("referentiel:node", draft.pk, kind_of(found).name, found.pk)


def _conflict(request: Request, draft: Referentiel, stored: Node, form: VerbatimForm) -> HttpResponse:
    conflict = node_conflict(draft, stored, form)
    if request.htmx:
        return render(request, "referentiel/conflict.html", {"conflict": conflict, "form_id": "noeud"}, status=412)
    context: dict[str, Any] = {**node_page(request, draft, stored), "form": form, "conflict": conflict}
    return render(request, "referentiel/editor_node.html", context, status=412)


def _added(request: Request, kind: Kind, parent: Any, form: VerbatimForm) -> Node | None:
    values = {name: form.cleaned_data[name] for name in kind.fields}
    operation = form.cleaned_data["operation"]
    try:
        added = editing.add_node(kind, parent=parent, values=values, by=request.user, operation=operation)
    except InvalidNode as invalid:
        form.take(invalid.errors)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, f"{name_of(added)} : ajouté à la fin.")
        return added
    return None
