"""Preparing a draft over HTTP: opened, dropped; its nodes added, changed, placed, copied and removed.

The same services, the same refusals and the same version contract as the editor: a change carries in ``If-Match`` the
mark of what it started from (R-SCO-4), an addition, a copy or a move the UUID of its operation.
"""

from typing import Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.exceptions import Stale
from referentiel.api.asked import IF_MATCH, marked, person, read, seen_in, typed, valid, version_to_prepare
from referentiel.forms.nodes import NODE_FORMS
from referentiel.models import Referentiel
from referentiel.nodes import KINDS, Kind, Node, kind_above, kind_of, parent_of, seen_as, values_of
from referentiel.queries.editor import node_with_path
from referentiel.services import copying, editing, placing, versions


class AddingSerializer(serializers.Serializer[dict[str, Any]]):
    """``parent`` is the node above, or nothing for a bloc or a section; ``values`` the fields of this level."""

    operation = serializers.UUIDField()
    parent: Any = serializers.IntegerField(required=False, allow_null=True, default=None)
    values = serializers.DictField()


class PlacingSerializer(serializers.Serializer[dict[str, Any]]):
    """Under ``parent``, or where it is; at ``rank``, from 1, or last."""

    operation = serializers.UUIDField()
    parent: Any = serializers.IntegerField(required=False, allow_null=True, default=None)
    rank = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=10_000)


class CopyingSerializer(serializers.Serializer[dict[str, Any]]):
    operation = serializers.UUIDField()


class NodeSerializer(serializers.Serializer[dict[str, Any]]):
    """A node and its ``mark``, which the next change sends back in ``If-Match``."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    parent: Any = serializers.IntegerField()
    values = serializers.DictField()
    mark = serializers.CharField()


class NodeListView(APIView):
    """One more node of this level, after its siblings; the same operation sent twice adds one."""

    @extend_schema(operation_id="nodes_add", request=AddingSerializer, responses={201: NodeSerializer})
    def post(self, request: Request, pk: int, kind: str) -> Response:
        draft, level = version_to_prepare(request, pk), _kind(kind)
        asked = valid(AddingSerializer(data=request.data))
        above = kind_above(level)
        parent: Any = _node(draft, above, asked["parent"]) if above else draft
        values = read(NODE_FORMS[kind](typed(level.model, level.fields, asked["values"])), level.fields)
        added = editing.add_node(level, parent=parent, values=values, by=person(request), operation=asked["operation"])
        return Response(_told(added), status=201, headers=_mark(added))


class NodeView(APIView):
    @extend_schema(operation_id="nodes_retrieve", responses=NodeSerializer)
    def get(self, request: Request, pk: int, kind: str, node: int) -> Response:
        found = _node(version_to_prepare(request, pk), _kind(kind), node)
        return Response(_told(found), headers=_mark(found))

    @extend_schema(
        operation_id="nodes_change",
        parameters=[IF_MATCH],
        request={"application/json": OpenApiTypes.OBJECT},
        responses=NodeSerializer,
    )
    def patch(self, request: Request, pk: int, kind: str, node: int) -> Response:
        """Some fields of a node; 412 with what is stored when somebody wrote since the mark of ``If-Match``."""
        draft, level = version_to_prepare(request, pk), _kind(kind)
        found = _node(draft, level, node)
        seen = seen_in(request)
        sent = typed(level.model, level.fields, request.data)
        values = read(NODE_FORMS[kind]({**values_of(found), **sent}, instance=found), sent)
        try:
            editing.change_node(found, values=values, by=person(request), seen=seen)
        except Stale as stale:
            stored = _node(draft, level, node)
            return Response({"detail": str(stale), "current": _told(stored)}, 412, headers=_mark(stored))
        stored = _node(draft, level, node)
        return Response(_told(stored), headers=_mark(stored))

    @extend_schema(operation_id="nodes_remove", responses={204: None})
    def delete(self, request: Request, pk: int, kind: str, node: int) -> Response:
        """With everything under it."""
        editing.remove_node(_node(version_to_prepare(request, pk), _kind(kind), node), by=person(request))
        return Response(status=204)


class NodePlaceView(APIView):
    @extend_schema(operation_id="nodes_place", request=PlacingSerializer, responses=NodeSerializer)
    def post(self, request: Request, pk: int, kind: str, node: int) -> Response:
        """Another parent, another rank; the same operation sent twice moves once."""
        draft, level = version_to_prepare(request, pk), _kind(kind)
        found, asked = _node(draft, level, node), valid(PlacingSerializer(data=request.data))
        above = kind_above(level)
        parent: Any = _node(draft, above, asked["parent"]) if above and asked["parent"] else None
        placing.place_node(found, parent=parent, rank=asked["rank"], by=person(request), operation=asked["operation"])
        stored = _node(draft, level, node)
        return Response(_told(stored), headers=_mark(stored))


class NodeCopyView(APIView):
    @extend_schema(operation_id="nodes_copy", request=CopyingSerializer, responses={201: NodeSerializer})
    def post(self, request: Request, pk: int, kind: str, node: int) -> Response:
        """A copy beside it, with all it holds; the same operation sent twice makes one."""
        found = _node(version_to_prepare(request, pk), _kind(kind), node)
        asked = valid(CopyingSerializer(data=request.data))
        copy = copying.copy_node(found, by=person(request), operation=asked["operation"])
        return Response(_told(copy), status=201, headers=_mark(copy))


class DraftView(APIView):
    @extend_schema(operation_id="referentiels_drop_draft", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """A draft with its tree; the journal keeps that it existed."""
        versions.drop_draft(version_to_prepare(request, pk), by=person(request))
        return Response(status=204)


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _node(draft: Referentiel, kind: Kind, pk: int | None) -> Node:
    found = node_with_path(draft, kind, pk) if pk is not None else None
    if found is None:
        raise Http404
    return found


def _told(node: Node) -> dict[str, Any]:
    values = values_of(node)
    return {
        "id": node.pk,
        "kind": kind_of(node).name,
        "parent": parent_of(node).pk,
        "values": values,
        "mark": seen_as(values),
    }


def _mark(node: Node) -> dict[str, str]:
    return marked(seen_as(values_of(node)))
