"""What a version changes for candidates, over HTTP: before it is published, or with other thresholds. Reads only."""

from typing import Any, cast

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from assessments.queries.impact import impact_of
from assessments.queries.records import rule_of
from assessments.queries.what_if import bloc_sizes, presented_in
from assessments.simulation_forms import ThresholdsForm
from assessments.verdicts import Rule
from assessments.what_if import Simulation, simulate
from core.api import Pages
from core.exceptions import InvalidInput
from referentiel.models import Referentiel
from referentiel.queries.tree import with_tree


class BlocImpactSerializer(serializers.Serializer[Any]):
    """``recognised_as``: the newer blocs declared equivalent; ``differs`` is null when no bloc is of its lineage."""

    bloc = serializers.IntegerField(source="bloc.number")
    holders = serializers.IntegerField()
    recognised_as = serializers.ListField(child=serializers.IntegerField())
    differs = serializers.ListField(child=serializers.CharField(), allow_null=True)


class VersionImpactSerializer(serializers.Serializer[Any]):
    """Those who started on an earlier version, and what becomes of its blocs."""

    version = serializers.IntegerField(source="version.version")
    in_flight = serializers.IntegerField()
    complete = serializers.IntegerField()
    soutenances = serializers.IntegerField()
    blocs = BlocImpactSerializer(many=True)


class OutcomeSerializer(serializers.Serializer[Any]):
    """A compétence presented whose outcome would differ."""

    enrolment = serializers.CharField(source="presented.enrolment")
    soutenance = serializers.UUIDField(source="presented.soutenance")
    held_on = serializers.DateField(source="presented.held_on")
    competence = serializers.CharField(source="presented.competence")
    acquired = serializers.IntegerField(source="presented.acquired")
    total = serializers.IntegerField(source="presented.total")
    gained = serializers.BooleanField()


class BlocOutcomeSerializer(serializers.Serializer[Any]):
    enrolment = serializers.CharField()
    bloc = serializers.IntegerField()
    gained = serializers.BooleanField()


class SimulationSerializer(serializers.Serializer[Any]):
    """``changed`` comes by pages (``limit``, ``offset``), ``changes`` are all there are."""

    criteres = serializers.IntegerField()
    competences = serializers.IntegerField()
    presented = serializers.IntegerField()
    acquired_before = serializers.IntegerField()
    acquired_after = serializers.IntegerField()
    changes = serializers.IntegerField()
    changed = OutcomeSerializer(many=True)
    blocs = BlocOutcomeSerializer(many=True)


class ImpactView(APIView):
    @extend_schema(operation_id="referentiels_impact", responses=VersionImpactSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """What a version means for those on the earlier ones, the latest first (R-REF-2, R-CAN-1)."""
        user = _allowed(request, "referentiel.view_draft")
        version = get_object_or_404(with_tree(Referentiel.objects.visible_to(user)), pk=pk)
        return Response(VersionImpactSerializer(impact_of(version), many=True).data)


class WhatIfView(APIView):
    """« Et si ? »: other thresholds tried on the grilles already submitted; nothing is changed (R-REF-6)."""

    @extend_schema(
        operation_id="referentiels_what_if",
        parameters=[OpenApiParameter(name, int) for name in ("criteres", "competences", "limit", "offset")],
        responses=SimulationSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Percentages as in the règlement, its own when left out."""
        _allowed(request, "assessments.simulate")
        version = get_object_or_404(Referentiel.objects.exclude(publication=None), pk=pk)
        now = rule_of(version)
        tried = _rule(request, now)
        found = simulate(presented_in(version), sizes=bloc_sizes(version), before=now, after=tried)
        return Response(SimulationSerializer(_told(request, tried, found)).data)


def _allowed(request: Request, permission: str) -> User:
    user = cast("User", request.user)
    if not user.has_perm(permission):
        raise Http404
    return user


def _rule(request: Request, now: Rule) -> Rule:
    current = {"criteres": now.criteres_percent, "competences": now.competences_percent}
    form = ThresholdsForm({**current, **request.query_params.dict()})
    if not form.is_valid():
        raise InvalidInput(" ".join(f"{name} : {error}" for name, told in form.errors.items() for error in told))
    return Rule(form.cleaned_data["criteres"], form.cleaned_data["competences"])


def _told(request: Request, tried: Rule, found: Simulation) -> dict[str, Any]:
    return {
        "criteres": tried.criteres_percent,
        "competences": tried.competences_percent,
        "presented": found.presented,
        "acquired_before": found.acquired_before,
        "acquired_after": found.acquired_after,
        "changes": len(found.changed),
        "changed": Pages().paginate_queryset(list(found.changed), request),
        "blocs": found.blocs,
    }
