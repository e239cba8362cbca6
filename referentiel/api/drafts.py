"""Preparing a version over HTTP: nodes added, changed, placed and removed; cloning and publishing.

The same services, the same refusals and the same version contract as the editor: a change carries in ``If-Match`` the
mark of what it started from (R-SCO-4), an addition or a move the UUID of its operation.
"""

from typing import Any, cast

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core.exceptions import InvalidInput, Stale, VersionRequired
from referentiel.forms.nodes import NODE_FORMS, VerbatimForm
from referentiel.models import PublicationRequest, Referentiel
from referentiel.nodes import KINDS, InvalidNode, Kind, Node, kind_above, kind_of, parent_of, seen_as, values_of
from referentiel.queries.editor import node_with_path
from referentiel.services import asking, editing, placing, publishing, versions
from referentiel.validation import type_problem


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


class NodeSerializer(serializers.Serializer[dict[str, Any]]):
    """A node and its ``mark``, which the next change sends back in ``If-Match``."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    parent: Any = serializers.IntegerField()
    values = serializers.DictField()
    mark = serializers.CharField()


class VersionMadeSerializer(serializers.Serializer[dict[str, int]]):
    referentiel = serializers.IntegerField()


class PublicationAskedSerializer(serializers.Serializer[dict[str, Any]]):
    """``asked`` waits for another administrateur; it is nothing when the version is published."""

    published = serializers.BooleanField()
    asked = serializers.IntegerField(allow_null=True)


class NodeListView(APIView):
    """One more node of this level, after its siblings; the same operation sent twice adds one."""

    @extend_schema(operation_id="nodes_add", request=AddingSerializer, responses={201: NodeSerializer})
    def post(self, request: Request, pk: int, kind: str) -> Response:
        draft, level = _draft(request, pk), _kind(kind)
        asked = _valid(AddingSerializer(data=request.data))
        above = kind_above(level)
        parent: Any = _node(draft, above, asked["parent"]) if above else draft
        values = _read(NODE_FORMS[kind](_typed(level, asked["values"])), level.fields)
        added = editing.add_node(level, parent=parent, values=values, by=_person(request), operation=asked["operation"])
        return Response(_told(added), status=201, headers=_mark(added))


class NodeView(APIView):
    @extend_schema(operation_id="nodes_retrieve", responses=NodeSerializer)
    def get(self, request: Request, pk: int, kind: str, node: int) -> Response:
        found = _node(_draft(request, pk), _kind(kind), node)
        return Response(_told(found), headers=_mark(found))

    @extend_schema(
        operation_id="nodes_change", request={"application/json": OpenApiTypes.OBJECT}, responses=NodeSerializer
    )
    def patch(self, request: Request, pk: int, kind: str, node: int) -> Response:
        """Some fields of a node; 412 with what is stored when somebody wrote since the mark of ``If-Match``."""
        draft, level = _draft(request, pk), _kind(kind)
        found = _node(draft, level, node)
        seen = request.headers.get("If-Match")
        if seen is None:
            raise VersionRequired("L’en-tête If-Match doit porter la marque du nœud dont part la modification.")
        form = NODE_FORMS[kind]({**values_of(found), **_typed(level, request.data)}, instance=found)
        values = {name: value for name, value in _read(form, level.fields).items() if name in request.data}
        try:
            editing.change_node(found, values=values, by=_person(request), seen=seen.strip('"'))
        except Stale as stale:
            stored = _node(draft, level, node)
            return Response({"detail": str(stale), "current": _told(stored)}, 412, headers=_mark(stored))
        stored = _node(draft, level, node)
        return Response(_told(stored), headers=_mark(stored))

    @extend_schema(operation_id="nodes_remove", responses={204: None})
    def delete(self, request: Request, pk: int, kind: str, node: int) -> Response:
        """With everything under it."""
        editing.remove_node(_node(_draft(request, pk), _kind(kind), node), by=_person(request))
        return Response(status=204)


class NodePlaceView(APIView):
    @extend_schema(operation_id="nodes_place", request=PlacingSerializer, responses=NodeSerializer)
    def post(self, request: Request, pk: int, kind: str, node: int) -> Response:
        """Another parent, another rank; the same operation sent twice moves once."""
        draft, level = _draft(request, pk), _kind(kind)
        found, asked = _node(draft, level, node), _valid(PlacingSerializer(data=request.data))
        above = kind_above(level)
        parent: Any = _node(draft, above, asked["parent"]) if above and asked["parent"] else None
        placing.place_node(found, parent=parent, rank=asked["rank"], by=_person(request), operation=asked["operation"])
        stored = _node(draft, level, node)
        return Response(_told(stored), headers=_mark(stored))


class CloneView(APIView):
    @extend_schema(operation_id="referentiels_clone", request=None, responses={201: VersionMadeSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """A draft that follows a published version (R-REF-2)."""
        source = get_object_or_404(_editable(request), pk=pk)
        return Response({"referentiel": versions.clone_to_draft(source, by=_person(request)).pk}, status=201)


class PublicationView(APIView):
    @extend_schema(operation_id="referentiels_publish", request=None, responses=PublicationAskedSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Publish; where two administrateurs are needed, ask: another one confirms (R-REF-1)."""
        draft, person = _draft(request, pk), _person(request)
        if settings.PUBLICATION_NEEDS_TWO:
            return Response({"published": False, "asked": asking.ask_publication(draft, by=person).pk})
        publishing.publish(draft, by=person)
        return Response({"published": True, "asked": None})


class ConfirmationView(APIView):
    @extend_schema(operation_id="referentiels_confirm_publication", request=None, responses=PublicationAskedSerializer)
    def post(self, request: Request, pk: int, asked: int) -> Response:
        """Publish exactly what another administrateur asked for."""
        found = get_object_or_404(PublicationRequest, pk=asked, referentiel=_draft(request, pk))
        asking.confirm_publication(found, by=_person(request))
        return Response({"published": True, "asked": None})


def _person(request: Request) -> User:
    return cast("User", request.user)


def _editable(request: Request) -> Any:
    """For those who do not prepare référentiels these routes do not exist."""
    if not _person(request).has_perm("referentiel.edit"):
        raise Http404
    return Referentiel.objects.visible_to(_person(request)).select_related("certification")


def _draft(request: Request, pk: int) -> Referentiel:
    """The version to change; the services refuse it, in words, when it is published."""
    found: Referentiel = get_object_or_404(_editable(request), pk=pk)
    return found


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _node(draft: Referentiel, kind: Kind, pk: int | None) -> Node:
    found = node_with_path(draft, kind, pk) if pk is not None else None
    if found is None:
        raise Http404
    return found


def _valid(sent: Any) -> dict[str, Any]:
    sent.is_valid(raise_exception=True)
    return cast("dict[str, Any]", sent.validated_data)


def _typed(level: Kind, sent: Any) -> dict[str, Any]:
    """The fields sent, of this level and of their own type: a form reads anything, and writes a list as words."""
    if not isinstance(sent, dict) or not set(sent) <= set(level.fields):
        raise InvalidInput(f"Les champs de ce niveau sont : {', '.join(level.fields)}.")
    columns = {name: level.model._meta.get_field(name) for name in sent}
    told = {name: type_problem(columns[name], value) for name, value in sent.items()}
    if wrong := {name: [f"{name} : {problem}"] for name, problem in told.items() if problem}:
        raise InvalidNode(wrong)
    return sent


def _read(form: VerbatimForm, fields: tuple[str, ...]) -> dict[str, Any]:
    """The values as the editor reads them; raises InvalidNode with the French problem of each field."""
    if not form.is_valid():
        raise InvalidNode({name: [str(error) for error in errors] for name, errors in form.errors.items()})
    return {name: form.cleaned_data[name] for name in fields}


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
    return {"ETag": f'"{seen_as(values_of(node))}"'}
