"""Soutenances, marks, submission and progress over HTTP."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status, viewsets
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.permissions import allow_or_404
from assessments.api.headers import operation_of, tied_to_its_grille, version_of
from assessments.api.serializers import (
    AcknowledgementSerializer,
    ChangeSerializer,
    MarkSerializer,
    ProgressSerializer,
    RefusalSerializer,
    SoutenanceSerializer,
    StaleSerializer,
)
from assessments.marks import MarkValue
from assessments.models import Grille, Soutenance
from assessments.queries.progress import progress_page
from assessments.services.marking import Resolution, StaleMark, change_mark
from assessments.services.submission import submit
from candidates.models import Enrolment
from core.exceptions import InvalidInput, Refusal
from referentiel.models import Critere


class BodyTooLarge(Refusal):
    """More bytes than a mark can hold; they are not read."""

    status = 413


class SoutenanceViewSet(viewsets.ReadOnlyModelViewSet[Soutenance]):
    """The soutenances the caller takes part in, or all of them for those who plan them."""

    serializer_class = SoutenanceSerializer
    queryset = Soutenance.objects.none()

    def get_queryset(self) -> QuerySet[Soutenance]:
        assert isinstance(self.request.user, User)
        return (
            Soutenance.objects.visible_to(self.request.user)
            .select_related("enrolment__candidate", "evaluateur", "second_evaluateur")
            .prefetch_related("competences")
        )


class MarkListView(APIView):
    """The marks of the caller's own grille."""

    @extend_schema(operation_id="soutenances_marks_list", responses=MarkSerializer(many=True))
    def get(self, request: Request, soutenance: UUID) -> Response:
        grille = own_grille(request.user, soutenance)
        return Response(MarkSerializer(grille.marks.order_by("critere_id"), many=True).data)


class MarkView(APIView):
    """One CE of one soutenance, changed by its évaluateur: acknowledged means stored (R-SCO-3, R-SCO-4)."""

    @extend_schema(
        operation_id="soutenances_marks_update",
        request=ChangeSerializer,
        parameters=[
            OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True),
            OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True),
            OpenApiParameter("Grille-Id", str, OpenApiParameter.HEADER, description="404 si elle n’est pas la vôtre"),
        ],
        responses={
            200: AcknowledgementSerializer,
            400: RefusalSerializer,
            409: RefusalSerializer,
            412: StaleSerializer,
            428: RefusalSerializer,
        },
    )
    def put(self, request: Request, soutenance: UUID, critere: int) -> Response:
        here = {"soutenance__competences__criteres__pk": critere}
        grille = own_grille(request.user, soutenance, **here, **tied_to_its_grille(request))
        value, resolves = _change_of(request)
        try:
            acknowledgement = change_mark(
                grille,
                critere=Critere(pk=critere),  # there: the grille was found by it
                value=value,
                resolves=resolves,
                from_version=version_of(request),
                operation=operation_of(request),
                by=grille.evaluateur,
            )
        except StaleMark as stale:
            body = StaleSerializer({"detail": str(stale), "current": stale.current}).data
            return Response(body, status=status.HTTP_412_PRECONDITION_FAILED)
        etag = f'"{acknowledgement.version}"'
        return Response(AcknowledgementSerializer(acknowledgement).data, headers={"ETag": etag})


class SubmissionView(APIView):
    """Submitting the caller's grille (R-SCO-8)."""

    @extend_schema(operation_id="soutenances_submit", request=None, responses={204: None, 409: RefusalSerializer})
    def post(self, request: Request, soutenance: UUID) -> Response:
        grille = own_grille(request.user, soutenance)
        submit(grille, by=grille.evaluateur)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ProgressView(APIView):
    """What an enrolment has acquired, what remains and why (submitted grilles only)."""

    @extend_schema(operation_id="enrolments_progress", responses=ProgressSerializer)
    def get(self, request: Request, enrolment: UUID) -> Response:
        user = request.user
        assert isinstance(user, User)
        found = get_object_or_404(
            Enrolment.objects.visible_to(user).select_related("candidate", "referentiel"), pk=enrolment
        )
        if found.candidate.user_id != user.pk and not user.has_perm("assessments.view_all"):
            raise Http404
        return Response(ProgressSerializer(progress_page(found, at=timezone.now())).data)


def own_grille(user: Any, soutenance: UUID, **conditions: Any) -> Grille:
    """The caller's own grille of this soutenance, if it meets the conditions, else 404."""
    assert isinstance(user, User)
    grille = get_object_or_404(
        Grille.objects.select_related("soutenance"),
        soutenance_id=soutenance,
        soutenance__in=Soutenance.objects.assigned_to(user),
        evaluateur=user,
        **conditions,
    )
    grille.evaluateur = user
    allow_or_404(user, "assessments.open_grille", grille.soutenance)
    return grille


def _change_of(request: Request) -> tuple[MarkValue, Resolution | None]:
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise BodyTooLarge("Cette saisie est trop longue pour être reçue : raccourcissez les textes.")
    expected = "Le corps attendu est un objet JSON : verdict, comment, private_note (textes)."
    try:
        change = ChangeSerializer(data=request.data)
    except ParseError as error:
        raise InvalidInput(expected) from error
    if not change.is_valid():
        raise InvalidInput(expected)
    data = dict(change.validated_data)
    resolves = data.pop("resolves")
    return MarkValue(**{**data, "ticks": tuple(data["ticks"])}), resolves and Resolution(**resolves)
