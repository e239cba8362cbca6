"""Projets over HTTP: which compétences are presented together (R-SCO-4)."""

from typing import Any
from uuid import UUID, uuid4

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.exceptions import InvalidInput, Stale
from referentiel.api.asked import (
    IF_MATCH,
    marked,
    person,
    read,
    refuse_strangers,
    seen_in,
    valid,
    version_to_prepare,
)
from referentiel.forms.projets import ProjetForm
from referentiel.models import Competence, Projet, Referentiel
from referentiel.nodes import InvalidNode, seen_as
from referentiel.queries.projets import projets_of
from referentiel.services import grouping

_FIELDS = ("name", "brief", "competences")


class ProjetSerializer(serializers.ModelSerializer[Projet]):
    """``competences`` by their codes; ``mark`` is what the next change sends back in ``If-Match``."""

    competences: Any = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)
    mark = serializers.SerializerMethodField()

    class Meta:
        model = Projet
        fields = ["id", "name", "brief", "competences", "mark"]

    def get_mark(self, projet: Projet) -> str:
        return seen_as(grouping.values_of(projet))


class GroupingSerializer(serializers.Serializer[dict[str, Any]]):
    """A projet as it should be; in a change, what is left out stays as it is."""

    operation = serializers.UUIDField(required=False)
    name = serializers.CharField(max_length=200, required=False)
    brief = serializers.CharField(allow_blank=True, trim_whitespace=False, required=False)
    competences = serializers.ListField(child=serializers.CharField(max_length=20), max_length=2000, required=False)


class ProjetListView(APIView):
    @extend_schema(operation_id="referentiels_projets_list", responses=ProjetSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The compétences presented together, in the order of the projets."""
        version = get_object_or_404(Referentiel.objects.visible_to(person(request)), pk=pk)
        return Response(ProjetSerializer(projets_of(version), many=True).data)

    @extend_schema(
        operation_id="referentiels_projets_add", request=GroupingSerializer, responses={201: ProjetSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """One more projet, on a published version too; the same operation sent twice adds one."""
        version = version_to_prepare(request, pk)
        asked = valid(GroupingSerializer(data=request.data))
        if "operation" not in asked:
            raise InvalidInput("operation : l’identifiant (UUID) de cette demande est attendu.")
        values = _values(version, {"name": "", "brief": "", "competences": [], **asked})
        added = grouping.add_projet(version, by=person(request), operation=asked["operation"], **values)
        return _answer(added, status=201)


class ProjetView(APIView):
    @extend_schema(operation_id="projets_retrieve", responses=ProjetSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return _answer(_projet(request, pk))

    @extend_schema(
        operation_id="projets_change",
        parameters=[IF_MATCH],
        request=GroupingSerializer,
        responses=ProjetSerializer,
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """412 with what is stored when somebody wrote since the mark of ``If-Match``."""
        projet, seen = _projet(request, pk), seen_in(request)
        asked = valid(GroupingSerializer(data=request.data))
        values = _values(projet.referentiel, {**grouping.values_of(projet), **asked})
        try:
            grouping.change_projet(projet, by=person(request), seen=seen, **values)
        except Stale as stale:
            stored = ProjetSerializer(_projet(request, pk)).data
            return Response({"detail": str(stale), "current": stored}, 412, headers=marked(stored["mark"]))
        return _answer(_projet(request, pk))

    @extend_schema(operation_id="projets_remove", responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Soutenances planned from it keep their compétences."""
        grouping.remove_projet(_projet(request, pk), by=person(request))
        return Response(status=204)


def _projet(request: Request, pk: UUID) -> Projet:
    refuse_strangers(request)
    return get_object_or_404(Projet.objects.select_related("referentiel"), pk=pk)


def _values(version: Referentiel, asked: dict[str, Any]) -> dict[str, Any]:
    """As the page reads them, the compétences found by their codes."""
    found = dict(Competence.objects.filter(referentiel=version).values_list("code", "pk"))
    if unknown := sorted(set(asked["competences"]) - set(found)):
        told = f"competences : cette version n’a pas de compétence {', '.join(unknown[:5])}."
        raise InvalidNode({"competences": [told]})
    chosen = [found[code] for code in asked["competences"]]
    form = ProjetForm({**asked, "competences": chosen, "operation": uuid4()}, referentiel=version)
    return read(form, _FIELDS)


def _answer(projet: Projet, status: int = 200) -> Response:
    told = ProjetSerializer(projet).data
    return Response(told, status=status, headers=marked(told["mark"]))
