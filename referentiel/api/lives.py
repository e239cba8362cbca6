"""The life of a version over HTTP: a title, its first draft, the next ones, retirement; one's last change undone."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from referentiel.api.asked import person, read, refuse_strangers, typed, valid, version_to_prepare
from referentiel.forms.nodes import CertificationForm
from referentiel.models import Certification
from referentiel.queries.undoing import last_undoable
from referentiel.services import publishing, undoing, versions

FURTHEST = 2**63 - 1
"""The largest number a database counts to."""


class TitleSerializer(serializers.ModelSerializer[Certification]):
    """A registered title; its first draft is opened on its ``id``."""

    class Meta:
        model = Certification
        fields = ["id", "rncp_code", "title", "level", "certifier", "nsf"]


class VersionMadeSerializer(serializers.Serializer[dict[str, int]]):
    referentiel = serializers.IntegerField()


class ReasonSerializer(serializers.Serializer[dict[str, str]]):
    """``reason`` stays in the journal."""

    reason = serializers.CharField(max_length=2000)


class UndoingSerializer(serializers.Serializer[dict[str, int]]):
    """``entry`` is the number of the change in the journal."""

    entry = serializers.IntegerField(min_value=1, max_value=FURTHEST)


class UndoableSerializer(serializers.Serializer[Any]):
    """One's last change of a draft; all is null when there is nothing to take back."""

    entry = serializers.IntegerField(source="sequence", allow_null=True, default=None)
    at = serializers.DateTimeField(allow_null=True, default=None)
    told = serializers.CharField(allow_null=True, default=None)


class UndoneSerializer(serializers.Serializer[undoing.Undone]):
    """What a change was taken back from; ``row`` is its key, ``is_gone`` when the change had made it."""

    name = serializers.CharField()
    kind = serializers.CharField()
    row = serializers.IntegerField()
    is_gone = serializers.BooleanField()


class CertificationListView(APIView):
    @extend_schema(operation_id="certifications_list", responses=TitleSerializer(many=True))
    def get(self, request: Request) -> Response:
        refuse_strangers(request)
        return Response(TitleSerializer(Certification.objects.all(), many=True).data)

    @extend_schema(operation_id="certifications_create", request=TitleSerializer, responses={201: TitleSerializer})
    def post(self, request: Request) -> Response:
        """A title to prepare référentiels for."""
        refuse_strangers(request)
        fields = CertificationForm.base_fields
        values = read(CertificationForm(typed(Certification, fields, request.data)), fields)
        made = versions.create_certification(values=values, by=person(request))
        return Response(TitleSerializer(made).data, status=201)


class FirstDraftView(APIView):
    @extend_schema(operation_id="certifications_open_draft", request=None, responses={201: VersionMadeSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """An empty draft, with the règlement's defaults (R-REF-6); 409 while another one is open."""
        refuse_strangers(request)
        draft = versions.create_draft(get_object_or_404(Certification, pk=pk), by=person(request))
        return Response({"referentiel": draft.pk}, status=201)


class CloneView(APIView):
    @extend_schema(operation_id="referentiels_clone", request=None, responses={201: VersionMadeSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """A draft that follows a published version (R-REF-2)."""
        source = version_to_prepare(request, pk)
        return Response({"referentiel": versions.clone_to_draft(source, by=person(request)).pk}, status=201)


class RetirementView(APIView):
    @extend_schema(operation_id="referentiels_retire", request=ReasonSerializer, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        """Nobody enrols on this version any more; those who are stay on it (R-CAN-1)."""
        version = version_to_prepare(request, pk)
        publishing.retire(version, by=person(request), **valid(ReasonSerializer(data=request.data)))
        return Response(status=204)


class UndoView(APIView):
    @extend_schema(operation_id="referentiels_undoable", responses=UndoableSerializer)
    def get(self, request: Request, pk: int) -> Response:
        last = last_undoable(version_to_prepare(request, pk), person(request))
        return Response(UndoableSerializer(last or {}).data)

    @extend_schema(operation_id="referentiels_undo", request=UndoingSerializer, responses=UndoneSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """One's last change taken back, once; 409 when it is not the last, or was written over since."""
        draft = version_to_prepare(request, pk)
        entry = valid(UndoingSerializer(data=request.data))["entry"]
        return Response(UndoneSerializer(undoing.undo_change(draft, sequence=entry, by=person(request))).data)
