"""The page of a grille says that it is there (supervision)."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assessments.api.headers import tied_to_its_grille
from assessments.api.views import own_grille
from assessments.services.presence import PENDING_LIMIT, tell_presence


class PresenceSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    pending = serializers.IntegerField(min_value=0, max_value=PENDING_LIMIT, default=0)
    leaving = serializers.BooleanField(default=False, help_text="La page se ferme")


class NowSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    now = serializers.DateTimeField(help_text="L’heure du serveur")


class PresenceView(APIView):
    """How many changes the open page of the caller's grille has still to send; the answer is the server's time."""

    @extend_schema(
        operation_id="soutenances_presence",
        request=PresenceSerializer,
        parameters=[
            OpenApiParameter("Grille-Id", str, OpenApiParameter.HEADER, description="404 si elle n’est pas la vôtre")
        ],
        responses=NowSerializer,
    )
    def post(self, request: Request, soutenance: UUID) -> Response:
        grille = own_grille(request.user, soutenance, **tied_to_its_grille(request))
        said = PresenceSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        return Response(NowSerializer({"now": tell_presence(grille, **said.validated_data)}).data)
