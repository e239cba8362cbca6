"""What surrounds the tree, over HTTP: the règlement of a draft (R-REF-6), the registration of a version (R-REF-5)."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.exceptions import Stale
from referentiel.api.asked import IF_MATCH, marked, person, read, seen_in, typed, valid, version_to_prepare
from referentiel.api.versions import RegistrationSerializer
from referentiel.forms.reglement import ReglementForm
from referentiel.models import Referentiel, Reglement
from referentiel.nodes import seen_as
from referentiel.services import settling

_SETTINGS = (*ReglementForm.base_fields, "phases")


class SettingsSerializer(serializers.Serializer[dict[str, Any]]):
    """Every setting and its value; ``mark`` is what the next change sends back in ``If-Match``."""

    values = serializers.DictField()
    mark = serializers.CharField()


class ReglementView(APIView):
    @extend_schema(operation_id="referentiels_reglement_retrieve", responses=SettingsSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return _answer(version_to_prepare(request, pk))

    @extend_schema(
        operation_id="referentiels_reglement_change",
        parameters=[IF_MATCH],
        request={"application/json": OpenApiTypes.OBJECT},
        responses=SettingsSerializer,
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Some settings of a draft; 412 with what is stored when somebody wrote since the mark of ``If-Match``."""
        draft = version_to_prepare(request, pk)
        seen, sent = seen_in(request), typed(Reglement, _SETTINGS, request.data)
        form = ReglementForm({**_told(draft)["values"], **sent})
        values = {**read(form, sent.keys() - {"phases"}), **{name: sent[name] for name in sent if name == "phases"}}
        try:
            settling.change_reglement(draft, values=values, by=person(request), seen=seen)
        except Stale as stale:
            stored = _told(version_to_prepare(request, pk))
            return Response({"detail": str(stale), "current": stored}, 412, headers=marked(stored["mark"]))
        return _answer(version_to_prepare(request, pk))


class RegistrationView(APIView):
    @extend_schema(
        operation_id="referentiels_registration", request=RegistrationSerializer, responses=RegistrationSerializer
    )
    def put(self, request: Request, pk: int) -> Response:
        """The dates of France compétences' decision, before or after publication."""
        version = version_to_prepare(request, pk)
        dates = valid(RegistrationSerializer(data=request.data))
        return Response(RegistrationSerializer(settling.record_registration(version, by=person(request), **dates)).data)


def _told(version: Referentiel) -> dict[str, Any]:
    values = settling.settings_of(getattr(version, "reglement", None) or Reglement(referentiel=version))
    return {"values": values, "mark": seen_as(values)}


def _answer(version: Referentiel) -> Response:
    told = _told(version)
    return Response(told, headers=marked(told["mark"]))
