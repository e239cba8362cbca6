"""Ready sentences over HTTP: the grille keeps one without leaving the page."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from assessments.models import Snippet
from assessments.services.snippets import keep_snippet


class SnippetSerializer(serializers.ModelSerializer[Snippet]):
    class Meta:
        model = Snippet
        fields = ["id", "text", "is_shared"]
        extra_kwargs = {"text": {"max_length": None}}


class SnippetListView(APIView):
    """The sentences the caller may use; a new one is the caller's own."""

    @extend_schema(operation_id="snippets_list", responses=SnippetSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(SnippetSerializer(Snippet.objects.usable_by(_evaluateur(request)), many=True).data)

    @extend_schema(
        operation_id="snippets_create",
        request=SnippetSerializer,
        responses={200: SnippetSerializer, 201: SnippetSerializer},
    )
    def post(self, request: Request) -> Response:
        user = _evaluateur(request)
        asked = SnippetSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        snippet, is_new = keep_snippet(by=user, **asked.validated_data)
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(SnippetSerializer(snippet).data, status=code)


def _evaluateur(request: Request) -> User:
    user = request.user
    assert isinstance(user, User)
    if not user.has_perm("assessments.view_own_soutenances"):
        raise Http404
    return user
