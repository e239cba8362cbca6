"""Who is speaking, for a page that stays open longer than its session."""

from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User


class SessionSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    person = serializers.UUIDField()
    name = serializers.CharField()


class SessionView(APIView):
    """The person of this session; the answer also brings a CSRF token that is good now."""

    @extend_schema(operation_id="session", responses=SessionSerializer)
    def get(self, request: Request) -> Response:
        user = request.user
        assert isinstance(user, User)
        get_token(request._request)
        body = SessionSerializer({"person": user.pk, "name": str(user)}).data
        return Response(body, headers={"Cache-Control": "no-store"})
