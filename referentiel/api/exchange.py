"""Files sent and taken, and what changes between two versions: the same rights as the pages (R-REF-2)."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core.exceptions import InvalidInput
from referentiel.api.asked import person, refuse_strangers
from referentiel.api.lines import ChangeSerializer, ImportSerializer, RefusedFileSerializer, as_changes, as_import
from referentiel.difference import difference
from referentiel.downloads import download
from referentiel.exchange.faults import Unreadable
from referentiel.files import KINDS, file_of
from referentiel.models import Certification, PendingImport, Referentiel
from referentiel.queries.comparing import contents_of
from referentiel.queries.tree import with_head
from referentiel.services import importing, receiving


class SentFileSerializer(serializers.Serializer[dict[str, object]]):
    """``fiche`` names one of several fiches RNCP; a CSV says in ``certification`` (RNCP code) what it is about."""

    file = serializers.FileField(max_length=200)
    fiche = serializers.CharField(max_length=20, required=False, default="")
    certification = serializers.SlugRelatedField(
        slug_field="rncp_code", queryset=Certification.objects.all(), required=False, default=None
    )


class MadeSerializer(serializers.Serializer[dict[str, int]]):
    """The draft that was made."""

    referentiel = serializers.IntegerField()


class ExportView(APIView):
    """A version as a file: json, xlsx, csv, case (1EdTech CASE 1.0) or pdf."""

    @extend_schema(
        operation_id="referentiels_export", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, pk: int, kind: str) -> HttpResponse:
        if kind not in KINDS:
            raise Http404
        file = file_of(get_object_or_404(with_head(Referentiel.objects.visible_to(person(request))), pk=pk), kind)
        return download(file.data, file.kind, file.name)


class DifferenceView(APIView):
    """What changes from ``other`` to this version, in the order of the newer document."""

    @extend_schema(operation_id="referentiels_differences", responses=ChangeSerializer(many=True))
    def get(self, request: Request, pk: int, other: int) -> Response:
        visible = Referentiel.objects.visible_to(person(request)).select_related("certification", "publication")
        new = get_object_or_404(visible, pk=pk)
        old = get_object_or_404(visible.filter(certification=new.certification_id).exclude(pk=pk), pk=other)
        return Response(as_changes(difference(*contents_of(old, new))))


class ImportListView(APIView):
    """Send a file: it is read, and held until it is confirmed; the one held before is forgotten."""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="imports_create",
        request={"multipart/form-data": SentFileSerializer},
        responses={201: ImportSerializer, 400: RefusedFileSerializer},
    )
    def post(self, request: Request) -> Response:
        refuse_strangers(request)
        sent = SentFileSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        file = sent.validated_data.pop("file")
        if file.size > settings.IMPORT_LIMIT:
            raise InvalidInput(f"Ce fichier dépasse {settings.IMPORT_LIMIT >> 20} Mio : il n’est pas lu.")
        try:
            held = receiving.receive(file.read(), name=file.name, by=person(request), **sent.validated_data)
        except Unreadable as refused:
            body = {"detail": str(refused), "faults": refused.faults, "more": refused.more}
            return Response(RefusedFileSerializer(body).data, status=refused.status)
        return Response(ImportSerializer(as_import(held)).data, status=201)


class ImportView(APIView):
    """What a file held would do; ``POST`` does it, once, ``DELETE`` forgets it."""

    @extend_schema(operation_id="imports_retrieve", responses=ImportSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(ImportSerializer(as_import(_held(request, pk))).data)

    @extend_schema(operation_id="imports_confirm", request=None, responses={201: MadeSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        refuse_strangers(request)
        made = importing.made_from(pk, by=person(request)) or _imported(_held(request, pk), person(request))
        return Response({"referentiel": made.pk}, status=201)

    @extend_schema(operation_id="imports_abandon", responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        importing.abandon(_held(request, pk))
        return Response(status=204)


def _imported(held: PendingImport, by: User) -> Referentiel:
    if receiving.is_to_choose(held):
        raise InvalidInput("Ce fichier contient plusieurs fiches : envoyez-le de nouveau en nommant la vôtre (fiche).")
    return importing.import_held(held, by=by)


def _held(request: Request, pk: UUID) -> PendingImport:
    """A person confirms what they sent themselves."""
    refuse_strangers(request)
    return get_object_or_404(PendingImport, pk=pk, read_by=person(request))
