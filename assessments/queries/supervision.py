"""The day's soutenances as they happen: who has started, how far, who is late, who no longer answers."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from assessments.enums import MARKABLE, ClockMove, SoutenanceState
from assessments.models import Grille, Mark, Soutenance
from assessments.queries.clock import clock_of
from assessments.queries.soutenances import ListedSoutenance, is_blind, with_progress

SILENCE = timedelta(seconds=45)
GRACE = timedelta(minutes=5)  # a door to open, a microphone to find


@dataclass(frozen=True)
class SupervisedGrille:
    """One évaluateur at work; ``pending`` is what their page last said was still to be sent."""

    evaluateur: User
    submitted_at: datetime | None
    judged: int | None
    seen_at: datetime | None
    pending: int
    is_offline: bool


@dataclass(frozen=True)
class SupervisedSoutenance:
    listed: ListedSoutenance
    ends_at: datetime
    grilles: list[SupervisedGrille]
    is_late: bool
    is_over_time: bool

    @property
    def soutenance(self) -> Soutenance:
        return self.listed.soutenance

    @property
    def is_offline(self) -> bool:
        return any(grille.is_offline for grille in self.grilles)


@dataclass(frozen=True)
class SupervisedDay:
    rows: list[SupervisedSoutenance]
    at: datetime

    @property
    def running(self) -> int:
        return sum(row.soutenance.state == SoutenanceState.RUNNING for row in self.rows)

    @property
    def submitted(self) -> int:
        return sum(row.soutenance.state == SoutenanceState.SUBMITTED for row in self.rows)

    @property
    def in_trouble(self) -> int:
        return sum(row.is_late or row.is_over_time or row.is_offline for row in self.rows)


def day_at(at: datetime, *, reader: User) -> SupervisedDay:
    """The soutenances planned or started on the day of ``at``, as they stand; four queries whatever their number."""
    start = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = start + timedelta(days=1)
    today = Q(starts_at__gte=start, starts_at__lt=tomorrow) | Q(started_at__gte=start, started_at__lt=tomorrow)
    soutenances = Soutenance.objects.filter(today).order_by("starts_at", "pk").prefetch_related("clock_events")
    listed = with_progress(soutenances, reader=reader)
    grilles = _grilles([row.soutenance for row in listed])
    return SupervisedDay([_supervised(row, grilles[row.soutenance.pk], at, reader) for row in listed], at)


def _grilles(soutenances: list[Soutenance]) -> defaultdict[UUID, list[Grille]]:
    judged = (
        Mark.objects.filter(grille=OuterRef("pk"))
        .exclude(verdict="")
        .order_by()
        .values("grille")
        .annotate(n=Count("pk"))
        .values("n")
    )
    found: defaultdict[UUID, list[Grille]] = defaultdict(list)
    rows = Grille.objects.filter(soutenance__in=soutenances).select_related("evaluateur", "presence")
    for grille in rows.annotate(judged=Coalesce(Subquery(judged), 0)):
        found[grille.soutenance_id].append(grille)
    return found


def _supervised(row: ListedSoutenance, grilles: list[Grille], at: datetime, reader: User) -> SupervisedSoutenance:
    soutenance = row.soutenance
    blind = is_blind(soutenance, reader, both_submitted=all(grille.is_submitted for grille in grilles))
    ordered = sorted(grilles, key=lambda grille: grille.evaluateur_id != soutenance.evaluateur_id)
    ends_at = _ends_at(row, at)
    return SupervisedSoutenance(
        listed=row,
        ends_at=ends_at,
        grilles=[_at_work(one, soutenance, at, hidden=blind and one.evaluateur_id != reader.pk) for one in ordered],
        is_late=soutenance.state == SoutenanceState.PLANNED and at > soutenance.starts_at + GRACE,
        is_over_time=_is_held(soutenance, grilles) and at > ends_at,
    )


def _ends_at(row: ListedSoutenance, at: datetime) -> datetime:
    """The end of the slot, or of the clock once it is moved: pauses and time given back push it (R-SCO-7)."""
    soutenance = row.soutenance
    events = list(soutenance.clock_events.all())
    if not events:
        begun = max(soutenance.starts_at, soutenance.started_at or soutenance.starts_at)
        return begun + (row.ends_at - soutenance.starts_at)
    clock = clock_of(soutenance, events, at=at)
    if clock.ended_at:
        return clock.ended_at
    return at + clock.remaining if clock.remaining else at - clock.phase.overrun


def _is_held(soutenance: Soutenance, grilles: list[Grille]) -> bool:
    """Under way before its évaluateurs: once the clock is ended, or a grille handed in, they are only writing."""
    ended = any(event.move == ClockMove.END for event in list(soutenance.clock_events.all())[-1:])
    handed_in = any(grille.is_submitted for grille in grilles)
    return soutenance.state == SoutenanceState.RUNNING and not ended and not handed_in


def _at_work(grille: Grille, soutenance: Soutenance, at: datetime, *, hidden: bool) -> SupervisedGrille:
    presence = getattr(grille, "presence", None)
    working = soutenance.state in MARKABLE and not grille.is_submitted
    return SupervisedGrille(
        evaluateur=grille.evaluateur,
        submitted_at=grille.submitted_at,
        judged=None if hidden else grille.judged,  # type: ignore[attr-defined]
        seen_at=presence.seen_at if presence else None,
        pending=presence.pending if presence and working else 0,
        is_offline=bool(presence and working and at - presence.seen_at > SILENCE),
    )
