"""The clock of a soutenance over HTTP: read by several screens, moved by its évaluateurs (R-SCO-7)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.permissions import allow_or_404
from assessments.api.headers import operation_of, tied_to_its_grille
from assessments.api.serializers import RefusalSerializer
from assessments.enums import ClockMove, ClockState
from assessments.models import Soutenance
from assessments.queries.clock import reading_of
from assessments.services.timekeeping import LONGEST_EXTRA, NOTE_LIMIT, OLDEST, Move, move_clock
from core.exceptions import InvalidInput


@extend_schema_field(serializers.FloatField(help_text="Secondes"))
class SecondsField(serializers.Field[timedelta, None, float, Any]):
    """A duration in seconds, to the millisecond."""

    def to_representation(self, value: timedelta) -> float:
        return round(value.total_seconds(), 3)


class PhaseTimeSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    """A phase: its time as planned, tiers-temps and time given back inside, and what went by."""

    name = serializers.CharField()
    planned = SecondsField(read_only=True)
    elapsed = SecondsField(read_only=True)
    remaining = SecondsField(read_only=True)
    overrun = SecondsField(read_only=True)
    extra_minutes = serializers.IntegerField()


class ClockSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    """The clock at ``server_time``; ``phase`` is the rank, from 0, of the phase under way."""

    state = serializers.ChoiceField(choices=ClockState.choices, source="clock.state")
    phase = serializers.IntegerField(source="clock.index")
    phases = PhaseTimeSerializer(source="clock.phases", many=True)
    planned = SecondsField(read_only=True, source="clock.planned")
    elapsed = SecondsField(read_only=True, source="clock.elapsed")
    remaining = SecondsField(read_only=True, source="clock.remaining")
    extra_minutes = serializers.IntegerField(source="clock.extra_minutes")
    incident_minutes = serializers.IntegerField(source="clock.incident_minutes")
    to_give_back = serializers.IntegerField(
        help_text="Minutes perdues en incident et pas encore rendues", source="clock.to_give_back"
    )
    started_at = serializers.DateTimeField(allow_null=True, source="clock.started_at")
    ended_at = serializers.DateTimeField(allow_null=True, source="clock.ended_at")
    since = serializers.DateTimeField(allow_null=True, help_text="Dernier changement d’état", source="clock.since")
    moves = serializers.ListField(child=serializers.ChoiceField(choices=ClockMove.choices))
    number = serializers.IntegerField(help_text="Nombre de mouvements")
    server_time = serializers.DateTimeField()


class MoveSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    """A move; ``seconds_ago`` says how long it waited before it could be sent."""

    move = serializers.ChoiceField(choices=ClockMove.choices)
    minutes = serializers.IntegerField(allow_null=True, default=None, min_value=1, max_value=LONGEST_EXTRA)
    note = serializers.CharField(allow_blank=True, default="", max_length=NOTE_LIMIT)
    seconds_ago = serializers.IntegerField(default=0, min_value=0, max_value=int(OLDEST.total_seconds()))


class MovedSerializer(serializers.Serializer):  # type: ignore[type-arg]  # no model behind
    """The move as it is stored: the same answer however many times it is sent, then the clock as it is now."""

    number = serializers.IntegerField()
    move = serializers.CharField()
    at = serializers.DateTimeField()
    clock = ClockSerializer()


class ClockView(APIView):
    """The clock of one soutenance."""

    @extend_schema(operation_id="soutenances_clock_read", responses=ClockSerializer)
    def get(self, request: Request, soutenance: UUID) -> Response:
        found = _found(request, soutenance, "assessments.read_clock")
        return Response(ClockSerializer(reading_of(found, at=timezone.now())).data)

    @extend_schema(
        operation_id="soutenances_clock_move",
        request=MoveSerializer,
        parameters=[
            OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True),
            OpenApiParameter("Grille-Id", str, OpenApiParameter.HEADER, description="404 si elle n’est pas la vôtre"),
        ],
        responses={200: MovedSerializer, 400: RefusalSerializer, 409: RefusalSerializer},
    )
    def post(self, request: Request, soutenance: UUID) -> Response:
        found = _found(request, soutenance, "assessments.move_clock")
        assert isinstance(request.user, User)
        if tie := tied_to_its_grille(request):
            get_object_or_404(found.grilles, evaluateur=request.user, **tie)
        event = move_clock(found, asked=_asked(request), operation=operation_of(request), by=request.user)
        moved = _found(request, soutenance, "assessments.move_clock")
        answer = {
            "number": event.number,
            "move": event.move,
            "at": event.at,
            "clock": reading_of(moved, at=timezone.now()),
        }
        return Response(MovedSerializer(answer).data)


def _found(request: Request, soutenance: UUID, permission: str) -> Soutenance:
    """The soutenance, if the caller may, else 404; no list of rights is read, several screens ask every few seconds."""
    user = request.user
    assert isinstance(user, User)
    found: Soutenance = get_object_or_404(
        Soutenance.objects.select_related("enrolment__referentiel__reglement"), pk=soutenance
    )
    allow_or_404(user, permission, found)
    return found


def _asked(request: Request) -> Move:
    expected = "Le corps attendu est un objet JSON : move, et selon le mouvement minutes, note ou seconds_ago."
    try:
        asked = MoveSerializer(data=request.data)
    except ParseError as error:
        raise InvalidInput(expected) from error
    if not asked.is_valid():
        raise InvalidInput(expected)
    data = asked.validated_data
    return Move(ClockMove(data["move"]), data["minutes"], data["note"], data["seconds_ago"])
