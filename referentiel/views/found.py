"""What a view works on: a version this person may read, a draft they may edit, a node in it; otherwise 404."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.http import Request
from referentiel.models import Referentiel
from referentiel.nodes import KINDS, Kind, Node, kind_above, kind_of, parent_of, version_key_of
from referentiel.queries.editor import node_with_path
from referentiel.queries.tree import with_head


def readable(request: Request, pk: int) -> Referentiel:
    """A version this person may read, with its head; its tree is left where it is."""
    return get_object_or_404(with_head(Referentiel.objects.visible_to(request.user)), pk=pk)


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


def sent_to_reading(request: Request, referentiel: Referentiel) -> HttpResponse:
    """The answer to an editing page of a version that is published by now (R-REF-1)."""
    messages.error(
        request, "Ce référentiel est publié : il ne change plus. Clonez-le en une nouvelle version pour le modifier."
    )
    return redirect("referentiel:detail", referentiel.pk)
