"""The évaluateur's day and the manager's planning."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from assessments.enums import SoutenanceState
from assessments.models import Grille, Mark, Reopening, Soutenance
from assessments.timing import Phase, ends_at, lengthen
from candidates.models import DeclaredLink
from referentiel.models import Critere, Reglement


@dataclass(frozen=True)
class ListedSoutenance:
    """A line of a list: the soutenance, its slot, and how far its marking is.

    ``judged`` is the first évaluateur's count, or the reader's own in their lists; ``second_judged`` the second's.
    One is None when the reader is the other évaluateur, who is still blind to it (R-SCO-9).
    """

    soutenance: Soutenance
    ends_at: datetime
    judged: int | None
    second_judged: int | None
    total: int

    @property
    def is_complete(self) -> bool:
        return self.judged == self.total

    @property
    def is_concerting(self) -> bool:
        """Both évaluateurs have submitted and something is left to settle or to confirm."""
        return self.soutenance.state == SoutenanceState.RUNNING and self.soutenance.submitted_count == 2  # type: ignore[attr-defined]  # annotated by with_progress

    @property
    def needs_another_evaluateur(self) -> bool:
        """A link was declared after it was planned (R-SCO-10)."""
        return self.soutenance.is_markable and self.soutenance.is_barred  # type: ignore[attr-defined]  # annotated by with_progress


@dataclass(frozen=True)
class Day:
    """An évaluateur's soutenances, as they need them (today first)."""

    settling: list[ListedSoutenance]
    unfinished: list[ListedSoutenance]
    today: list[ListedSoutenance]
    upcoming: list[ListedSoutenance]
    handed_in: list[ListedSoutenance]
    done: list[ListedSoutenance]
    interrupted: list[ListedSoutenance]


def phases_of(soutenance: Soutenance) -> tuple[Phase, ...]:
    """The phases of the règlement, lengthened by the soutenance's extra time (R-CAN-3)."""
    reglement: Reglement = soutenance.enrolment.referentiel.reglement
    return lengthen(tuple(Phase(**phase) for phase in reglement.phases), extra_time=soutenance.extra_time)


def with_progress(soutenances: QuerySet[Soutenance], *, reader: User | None = None) -> list[ListedSoutenance]:
    """The soutenances with judged and total CE, as ``reader`` may know them; two queries whatever their number."""
    rows = _read(soutenances).annotate(
        judged=_judged_by(OuterRef("evaluateur")), second_judged=_judged_by(OuterRef("second_evaluateur"))
    )
    return [_listed(row, reader) for row in rows]


def day_of(evaluateur: User, *, at: datetime) -> Day:
    """The évaluateur's soutenances at the instant ``at``: unfinished, today, to come, done (last fifty).

    Handed in are those whose other évaluateur is awaited; settling, those to be settled by both (R-SCO-9).
    """
    mine = Soutenance.objects.assigned_to(evaluateur)
    start = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = start + timedelta(days=1)
    waiting = _own(mine.awaiting_marks().order_by("starts_at"), evaluateur)
    to_mark = [row for row in waiting if not row.soutenance.own_submitted]  # type: ignore[attr-defined]
    handed_in = [row for row in waiting if row.soutenance.own_submitted]  # type: ignore[attr-defined]
    over = [SoutenanceState.SUBMITTED, SoutenanceState.INTERRUPTED]
    held = _own(mine.filter(state__in=over).order_by("-starts_at")[:50], evaluateur)
    return Day(
        settling=[row for row in handed_in if row.is_concerting],
        unfinished=[row for row in to_mark if row.soutenance.starts_at < start],
        today=[row for row in to_mark if start <= row.soutenance.starts_at < tomorrow],
        upcoming=[row for row in to_mark if row.soutenance.starts_at >= tomorrow],
        handed_in=[row for row in handed_in if not row.is_concerting],
        done=[row for row in held if row.soutenance.state == SoutenanceState.SUBMITTED],
        interrupted=[row for row in held if row.soutenance.state == SoutenanceState.INTERRUPTED],
    )


def reopening_reason(**of: Any) -> Subquery:
    """Why a grille (``of`` which soutenance, évaluateur…) was given back, while not submitted again (R-SCO-8)."""
    given_back = Reopening.objects.filter(grille__submitted_at=None, **of)
    return Subquery(given_back.order_by("-reopened_at").values("reason")[:1])


def barred_author() -> Exists:
    """Whether a link was declared between the évaluateur of the grille and its candidate (R-SCO-10)."""
    return Exists(
        DeclaredLink.objects.filter(candidate=OuterRef("soutenance__enrolment__candidate"), user=OuterRef("evaluateur"))
    )


def barred_evaluateurs() -> Exists:
    """Whether a link was declared with one of the évaluateurs of the soutenance (R-SCO-10)."""
    links = DeclaredLink.objects.filter(candidate=OuterRef("enrolment__candidate"))
    return Exists(links.filter(Q(user=OuterRef("evaluateur")) | Q(user=OuterRef("second_evaluateur"))))


def _own(soutenances: QuerySet[Soutenance], evaluateur: User) -> list[ListedSoutenance]:
    """With the évaluateur's own counts: of two, each is blind to the other (R-SCO-9)."""
    submitted = Grille.objects.filter(soutenance=OuterRef("pk"), evaluateur=evaluateur, submitted_at__isnull=False)
    rows = _read(soutenances).annotate(
        judged=_judged_by(Value(evaluateur.pk)),
        second_judged=Value(None, output_field=IntegerField()),
        own_submitted=Exists(submitted),
        reopening_reason=reopening_reason(grille__soutenance=OuterRef("pk"), grille__evaluateur=evaluateur),
    )
    return [_listed(row) for row in rows]


def _read(soutenances: QuerySet[Soutenance]) -> QuerySet[Soutenance]:
    total = (
        Critere.objects.filter(competence__soutenances=OuterRef("pk"))
        .order_by()
        .values("competence__soutenances")
        .annotate(n=Count("pk"))
        .values("n")
    )
    submitted = (
        Grille.objects.filter(soutenance=OuterRef("pk"), submitted_at__isnull=False)
        .order_by()
        .values("soutenance")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        soutenances.select_related(
            "enrolment__candidate",
            "enrolment__referentiel__reglement",
            "enrolment__referentiel__certification",
            "evaluateur",
            "second_evaluateur",
            "replaces",
        )
        .annotate(
            total=Coalesce(Subquery(total), 0),
            submitted_count=Coalesce(Subquery(submitted), 0),
            is_barred=barred_evaluateurs(),
        )
        .prefetch_related("competences")
    )


def _judged_by(evaluateur: Combinable) -> Coalesce:
    judged = (
        Mark.objects.filter(grille__soutenance=OuterRef("pk"), grille__evaluateur=evaluateur)
        .exclude(verdict="")
        .order_by()
        .values("grille")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Coalesce(Subquery(judged), 0)


def _listed(row: Soutenance, reader: User | None = None) -> ListedSoutenance:
    judged, second = row.judged, row.second_judged  # type: ignore[attr-defined]
    if reader and is_blind(row, reader, both_submitted=row.submitted_count == 2):  # type: ignore[attr-defined]
        judged = judged if reader.pk == row.evaluateur_id else None
        second = second if reader.pk == row.second_evaluateur_id else None
    end = ends_at(row.starts_at, phases_of(row))
    return ListedSoutenance(row, end, judged, second, row.total)  # type: ignore[attr-defined]


def is_blind(soutenance: Soutenance, reader: User, *, both_submitted: bool) -> bool:
    """Whether ``reader`` judges it with somebody whose marks they may not know yet, whatever other role they hold."""
    is_one_of_two = soutenance.second_evaluateur_id is not None and reader.pk in (
        soutenance.evaluateur_id,
        soutenance.second_evaluateur_id,
    )
    return is_one_of_two and not both_submitted
