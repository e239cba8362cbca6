"""The time of each soutenance as it happened, for the dossier (R-SCO-7, R-CAN-3)."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.utils import timezone

from assessments.clock import MINUTE, Clock
from assessments.models import ClockEvent
from assessments.queries.clock import clock_of
from assessments.queries.evidence import JudgedSoutenance
from candidates.models import Enrolment
from juries.content import IncidentContent, PhaseContent, TimeContent


def times_of(enrolment: Enrolment, judged: Collection[JudgedSoutenance]) -> list[TimeContent]:
    """One entry per submitted soutenance, in their order; one query for all the clocks."""
    moves: defaultdict[object, list[ClockEvent]] = defaultdict(list)
    for event in ClockEvent.objects.filter(soutenance__in=[one.soutenance for one in judged]).order_by("number"):
        moves[event.soutenance_id].append(event)
    ordered = sorted(judged, key=lambda one: one.soutenance.starts_at)
    return [_time(enrolment, one, moves[one.soutenance.pk]) for one in ordered]


def _time(enrolment: Enrolment, judged: JudgedSoutenance, events: list[ClockEvent]) -> TimeContent:
    soutenance = judged.soutenance
    soutenance.enrolment = enrolment  # the same, with its référentiel and its règlement already read
    clock = clock_of(soutenance, events, at=events[-1].at) if events else None
    return {
        "soutenance": soutenance.title or "Soutenance",
        "evaluateur": judged.evaluateurs,
        "started_at": _local(clock.started_at if clock else soutenance.started_at),
        "ended_at": _local(clock.ended_at if clock else None),
        "extra_time": str(soutenance.extra_time) if soutenance.extra_time else "",
        "phases": _phases(clock) if clock else [],
        "extra_minutes": clock.extra_minutes if clock else 0,
        "incidents": _incidents(clock) if clock else [],
    }


def _phases(clock: Clock) -> list[PhaseContent]:
    return [
        {
            "name": phase.name,
            "planned_minutes": phase.planned // MINUTE - phase.extra_minutes,
            "elapsed_seconds": int(phase.elapsed.total_seconds()),
        }
        for phase in clock.phases
    ]


def _incidents(clock: Clock) -> list[IncidentContent]:
    return [
        {"started_at": _iso(incident.started_at), "minutes": incident.minutes, "note": incident.note}
        for incident in clock.incidents
    ]


def _local(at: datetime | None) -> str | None:
    return _iso(at) if at else None


def _iso(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")
