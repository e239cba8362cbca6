"""Equivalences over HTTP: the earlier blocs that a draft recognises as its own (R-CAN-1)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.exceptions import Stale
from referentiel.api.asked import IF_MATCH, marked, person, seen_in, valid, version_to_prepare
from referentiel.api.lives import FURTHEST
from referentiel.models import Referentiel
from referentiel.queries.equivalences import equivalences_page
from referentiel.queries.tree import read_tree
from referentiel.services.equivalences import declare_equivalences, seen_as

_MOST = 1000


class PairSerializer(serializers.Serializer[dict[str, int]]):
    """The key of a bloc of the draft, and that of the published bloc it is equivalent to."""

    bloc = serializers.IntegerField(min_value=1, max_value=FURTHEST)
    earlier = serializers.IntegerField(min_value=1, max_value=FURTHEST)


class DeclaringSerializer(serializers.Serializer[dict[str, Any]]):
    """All there is to declare from now on: a pair left out is removed."""

    declared = PairSerializer(many=True, max_length=_MOST)  # type: ignore[call-arg]  # the list's


class OptionSerializer(serializers.Serializer[Any]):
    """An earlier bloc that is declared, or that lineage proposes.

    ``differs`` is empty when it asks the same, null when it is of another lineage.
    """

    bloc = serializers.IntegerField(source="bloc.pk")
    earlier = serializers.IntegerField(source="earlier.pk")
    version = serializers.IntegerField(source="earlier.referentiel.version")
    is_declared = serializers.BooleanField()
    differs = serializers.ListField(child=serializers.CharField(), allow_null=True)


class DeclaredSerializer(serializers.Serializer[dict[str, Any]]):
    """``mark`` is what the next change sends back in ``If-Match``."""

    options = OptionSerializer(many=True)
    mark = serializers.CharField()


class EquivalencesView(APIView):
    @extend_schema(operation_id="referentiels_equivalences_retrieve", responses=DeclaredSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return _answer(version_to_prepare(request, pk))

    @extend_schema(
        operation_id="referentiels_equivalences_declare",
        parameters=[IF_MATCH],
        request=DeclaringSerializer,
        responses=DeclaredSerializer,
    )
    def put(self, request: Request, pk: int) -> Response:
        """412 with what is stored when somebody declared otherwise since the mark of ``If-Match``."""
        draft, seen = version_to_prepare(request, pk), seen_in(request)
        wanted = [(pair["bloc"], pair["earlier"]) for pair in valid(DeclaringSerializer(data=request.data))["declared"]]
        try:
            declare_equivalences(draft, wanted=wanted, seen=seen, by=person(request))
        except Stale as stale:
            stored = _told(draft)
            return Response({"detail": str(stale), "current": stored}, 412, headers=marked(stored["mark"]))
        return _answer(draft)


def _told(draft: Referentiel) -> dict[str, Any]:
    read_tree(draft)
    page = equivalences_page(draft)
    options = [option for bloc in page.blocs for option in bloc.options]
    return dict(DeclaredSerializer({"options": options, "mark": seen_as(page.declared)}).data)


def _answer(draft: Referentiel) -> Response:
    told = _told(draft)
    return Response(told, headers=marked(told["mark"]))
