"""What a browser needs to keep waiting changes and to take them back from a file (R-SCO-3)."""

from base64 import b64encode
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assessments.api.headers import tied_to_its_grille
from assessments.api.serializers import PendingFileSerializer, PendingKeysSerializer, RefusalSerializer
from assessments.api.views import own_grille
from assessments.services.pending import SIZE_LIMIT, PendingFileTooLarge, keys_of, open_pending_file


class PendingKeysView(APIView):
    """The keys of the caller's own grille: nobody else gets them, nothing keeps this answer."""

    @extend_schema(operation_id="soutenances_pending_keys", responses=PendingKeysSerializer)
    def get(self, request: Request, soutenance: UUID) -> Response:
        grille = own_grille(request.user, soutenance)
        keys = [{"id": name, "key": b64encode(key).decode()} for name, key in keys_of(grille).items()]
        body = {"soutenance": soutenance, "grille": grille.pk, "person": grille.evaluateur_id, "keys": keys}
        return Response(PendingKeysSerializer(body).data, headers={"Cache-Control": "no-store"})


class PendingFileView(APIView):
    """A file of waiting changes, checked whole before the browser takes it in; nothing is stored here."""

    @extend_schema(
        operation_id="soutenances_pending_file",
        request={"application/json": OpenApiTypes.OBJECT},
        responses={200: PendingFileSerializer, 400: RefusalSerializer, 413: RefusalSerializer},
    )
    def post(self, request: Request, soutenance: UUID) -> Response:
        grille = own_grille(request.user, soutenance, **tied_to_its_grille(request))
        if int(request.META.get("CONTENT_LENGTH") or 0) > SIZE_LIMIT:
            raise PendingFileTooLarge("Ce fichier est trop volumineux pour être un fichier de saisies en attente.")
        entries = open_pending_file(grille, request._request.body)
        return Response(PendingFileSerializer({"entries": entries}).data, headers={"Cache-Control": "no-store"})
