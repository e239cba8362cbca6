"""Nodes arranged in a draft: moved, copied; and the last change taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import Request
from core.exceptions import InvalidInput, Refusal
from referentiel.forms.arranging import CopyForm, MoveForm, PlaceForm, UndoForm
from referentiel.nodes import kind_above, kind_of, name_of, parent_of
from referentiel.queries.undoing import REGLEMENT
from referentiel.services import copying, editing, placing, undoing
from referentiel.views.found import address_above, changes_a_draft, draft_to_change, node_in, node_to_change
from referentiel.views.pages import editor_page

_GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


@changes_a_draft
@require_POST
def node_move(request: Request, pk: int, kind: str, node_pk: int) -> HttpResponse:
    """Up or down among its siblings; comes back to the button that was pressed, or to the other at an end."""
    _, found = node_to_change(request, pk, kind, node_pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Ce déplacement ne dit pas s’il monte ou descend : rouvrez la page et recommencez.")
    try:
        editing.move_node(found, by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{address_above(found)}#{form.cleaned_data['direction']}-{kind}-{node_pk}")


@changes_a_draft
@_GET_AND_POST
def node_place(request: Request, pk: int, kind: str, node_pk: int) -> HttpResponse:
    """Under another parent, at a rank: chosen on a page, or dragged there."""
    draft, found = node_to_change(request, pk, kind, node_pk)
    form = PlaceForm(request.POST or None, draft=draft, node=found)
    if form.is_valid() and _placed(request, found, form):
        moved = node_in(draft, kind_of(found), node_pk)
        return redirect(f"{address_above(moved)}#up-{kind}-{node_pk}")
    context = {**editor_page(draft, found), "node": found, "kind": kind_of(found), "form": form}
    return render(request, "referentiel/editor_place.html", context, status=422 if form.errors else 200)


@changes_a_draft
@require_POST
def node_copy(request: Request, pk: int, kind: str, node_pk: int) -> HttpResponse:
    """A copy beside it, with all it holds, opened to be changed."""
    _, found = node_to_change(request, pk, kind, node_pk)
    form = CopyForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(
            "Cette duplication ne dit pas de quel formulaire elle vient : rouvrez la page et recommencez."
        )
    try:
        copy = copying.copy_node(found, by=request.user, operation=form.cleaned_data["operation"])
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(address_above(found))
    messages.success(request, f"{name_of(found)} : dupliqué à la fin, sous le nom {name_of(copy)}.")
    return redirect("referentiel:node", pk, kind, copy.pk)


@changes_a_draft
@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """This person's last change, taken back; comes back to the version as a whole."""
    draft = draft_to_change(request, pk)
    form = UndoForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Cette annulation ne dit pas de quoi : rouvrez la page et recommencez.")
    try:
        undone = undoing.undo_change(draft, sequence=form.cleaned_data["entry"], by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("referentiel:edit", pk)
    messages.success(request, f"{undone.name} : annulé. Le journal garde les deux changements.")
    if undone.is_gone:
        return redirect("referentiel:edit", pk)
    if undone.kind == REGLEMENT:
        return redirect("referentiel:reglement", pk)
    return redirect("referentiel:node", pk, undone.kind, undone.row)


def _placed(request: Request, found: Any, form: PlaceForm) -> bool:
    wanted: dict[str, Any] = form.cleaned_data
    name = name_of(found)
    try:
        placing.place_node(
            found, parent=wanted["parent"], rank=wanted["rank"], by=request.user, operation=wanted["operation"]
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    if kind_above(kind_of(found)) and wanted["parent"] not in (None, parent_of(found)):
        messages.success(request, f"{name} : déplacé sous {name_of(wanted['parent'])}.")
    return True
