"""Publication over HTTP: asked by one administrateur, then confirmed, declined or withdrawn (R-REF-1)."""

from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from referentiel.api.asked import person, valid, version_to_prepare
from referentiel.enums import AskState
from referentiel.models import PublicationRequest
from referentiel.queries.publication import publication_page
from referentiel.services import asking, publishing


class PublicationAskedSerializer(serializers.Serializer[dict[str, Any]]):
    """``asked`` waits for another administrateur; it is nothing when the version is published."""

    published = serializers.BooleanField()
    asked = serializers.IntegerField(allow_null=True)


class RequestSerializer(serializers.ModelSerializer[PublicationRequest]):
    """What was asked, on which text, and how it was settled."""

    asked_by = serializers.CharField()
    state = serializers.ChoiceField(choices=AskState.choices)
    settled_by = serializers.CharField(allow_null=True)

    class Meta:
        model = PublicationRequest
        fields = ["id", "fingerprint", "asked_at", "asked_by", "state", "settled_at", "settled_by", "reason"]


class StandingSerializer(serializers.Serializer[dict[str, Any]]):
    """``asked`` awaits an answer; ``is_void`` when the text, of that ``fingerprint``, has changed. ``last`` had one."""

    published = serializers.BooleanField()
    fingerprint = serializers.CharField()
    asked = RequestSerializer(allow_null=True)
    is_void = serializers.BooleanField()
    last = RequestSerializer(allow_null=True)


class DecliningSerializer(serializers.Serializer[dict[str, str]]):
    """``reason`` is read by who asked, and stays in the journal."""

    reason = serializers.CharField(max_length=asking.REASON_LIMIT)


class PublicationView(APIView):
    @extend_schema(operation_id="referentiels_publication", responses=StandingSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Where the publication of a version stands."""
        version = version_to_prepare(request, pk)
        page = publication_page(version, person(request))
        told = {"published": not version.is_draft, "fingerprint": page.fingerprint, "is_void": page.is_void}
        return Response(StandingSerializer({**told, "asked": page.asked, "last": page.last}).data)

    @extend_schema(operation_id="referentiels_publish", request=None, responses=PublicationAskedSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Publish; where two administrateurs are needed, ask: another one confirms (R-REF-1)."""
        draft = version_to_prepare(request, pk)
        if settings.PUBLICATION_NEEDS_TWO:
            return Response({"published": False, "asked": asking.ask_publication(draft, by=person(request)).pk})
        publishing.publish(draft, by=person(request))
        return Response({"published": True, "asked": None})


class ConfirmationView(APIView):
    @extend_schema(operation_id="referentiels_confirm_publication", request=None, responses=PublicationAskedSerializer)
    def post(self, request: Request, pk: int, asked: int) -> Response:
        """Publish exactly what another administrateur asked for."""
        asking.confirm_publication(_asked(request, pk, asked), by=person(request))
        return Response({"published": True, "asked": None})


class DecliningView(APIView):
    @extend_schema(operation_id="referentiels_decline_publication", request=DecliningSerializer, responses={204: None})
    def post(self, request: Request, pk: int, asked: int) -> Response:
        """Say no to another administrateur, and why; the draft stays open."""
        found = _asked(request, pk, asked)
        reason = valid(DecliningSerializer(data=request.data))["reason"]
        asking.decline_publication(found, reason=reason, by=person(request))
        return Response(status=204)


class WithdrawalView(APIView):
    @extend_schema(operation_id="referentiels_withdraw_publication", request=None, responses={204: None})
    def post(self, request: Request, pk: int, asked: int) -> Response:
        """Take one's own request back."""
        asking.withdraw_request(_asked(request, pk, asked), by=person(request))
        return Response(status=204)


def _asked(request: Request, pk: int, asked: int) -> PublicationRequest:
    requests = PublicationRequest.objects.select_related("referentiel", "asked_by")
    return get_object_or_404(requests, pk=asked, referentiel=version_to_prepare(request, pk))
