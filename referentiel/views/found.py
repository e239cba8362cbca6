"""What a view works on: a version this person may read, a draft they may edit, a node in it; otherwise 404."""

from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.http import Request
from accounts.permissions import View, require
from referentiel.models import Referentiel
from referentiel.nodes import KINDS, Kind, Node, kind_above, kind_of, parent_of, version_key_of
from referentiel.queries.editor import node_with_path
from referentiel.queries.tree import with_head
from referentiel.services.drafts import Frozen


def readable(request: Request, pk: int) -> Referentiel:
    """A version this person may read, with its head; its tree is left where it is."""
    return get_object_or_404(with_head(Referentiel.objects.visible_to(request.user)), pk=pk)


def draft_to_change(request: Request, pk: int) -> Referentiel:
    """The same while it is a draft; raises Frozen, which ``changes_a_draft`` answers, once it is published."""
    found = readable(request, pk)
    if not found.is_draft:
        raise Frozen(found)
    return found


def changes_a_draft(view: View) -> View:
    """For those who prepare référentiels; whoever finds the version published meanwhile is sent to reading it."""

    @require("referentiel.edit")
    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Frozen as frozen:
            messages.error(request, str(frozen))
            return redirect("referentiel:detail", frozen.referentiel.pk)

    return guarded  # type: ignore[return-value]  # same signature, checked by the caller


def kind_named(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def node_in(referentiel: Referentiel, kind: Kind, pk: int) -> Node:
    """A node of this version, with those above it."""
    node = node_with_path(referentiel, kind, pk)
    if node is None:
        raise Http404
    return node


def node_to_change(request: Request, pk: int, kind: str, node_pk: int) -> tuple[Referentiel, Node]:
    """A draft and a node of it, by the name of its level."""
    draft = draft_to_change(request, pk)
    return draft, node_in(draft, kind_named(kind), node_pk)


def parent_in(referentiel: Referentiel, kind: Kind, pk: int) -> Referentiel | Node:
    """Where a new node goes: the version itself, or a node of it."""
    above = kind_above(kind)
    return node_in(referentiel, above, pk) if above else referentiel


def address_above(found: Node) -> str:
    """The page that lists a node among its siblings."""
    parent: Any = parent_of(found)
    if isinstance(parent, Referentiel):
        return reverse("referentiel:edit", args=[parent.pk])
    return reverse("referentiel:node", args=[version_key_of(parent), kind_of(parent).name, parent.pk])
