"""One soutenance as those who plan and follow it see it: who, when, what, how far, and what happened to it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from assessments.enums import SoutenanceState
from assessments.models import Grille, Mark, Reopening, Soutenance
from assessments.queries.calls import Call, calls_of
from assessments.queries.soutenances import ListedSoutenance, is_blind, with_progress
from core.models import JournalEntry


@dataclass(frozen=True)
class FollowedGrille:
    """One évaluateur's grille; ``judged`` is None for a reader who must not know it yet (R-SCO-9)."""

    grille: Grille
    judged: int | None
    reopenings: list[Reopening]


@dataclass(frozen=True)
class SoutenancePage:
    listed: ListedSoutenance
    grilles: list[FollowedGrille]
    replacement: Soutenance | None
    left: JournalEntry | None
    calls: list[Call]

    @property
    def soutenance(self) -> Soutenance:
        return self.listed.soutenance

    @property
    def ends_at(self) -> datetime:
        return self.listed.ends_at

    @property
    def is_replaceable(self) -> bool:
        return self.left is not None and self.replacement is None


def soutenance_page(soutenance: Soutenance, *, reader: User) -> SoutenancePage:
    """Seven queries whatever the soutenance went through."""
    (listed,) = with_progress(Soutenance.objects.filter(pk=soutenance.pk), reader=reader)
    left = JournalEntry.objects.filter(
        verb="soutenance.left", subject_type=Soutenance._meta.label_lower, subject_id=str(soutenance.pk)
    )
    return SoutenancePage(
        listed=listed,
        grilles=_grilles(listed.soutenance, reader),
        replacement=Soutenance.objects.filter(replaces=soutenance.pk).first(),
        left=left.select_related("actor").first(),
        calls=calls_of(listed.soutenance) if listed.soutenance.state == SoutenanceState.PLANNED else [],
    )


def _grilles(soutenance: Soutenance, reader: User) -> list[FollowedGrille]:
    """The first évaluateur's, then the second's."""
    judged = (
        Mark.objects.filter(grille=OuterRef("pk"))
        .exclude(verdict="")
        .order_by()
        .values("grille")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows = (
        soutenance.grilles.select_related("evaluateur")
        .prefetch_related("reopenings__reopened_by")
        .annotate(judged=Coalesce(Subquery(judged), 0))
    )
    both = soutenance.submitted_count == 2  # type: ignore[attr-defined]
    blind = is_blind(soutenance, reader, both_submitted=both)
    followed = [
        FollowedGrille(
            row, None if blind and row.evaluateur_id != reader.pk else row.judged, list(row.reopenings.all())
        )
        for row in rows
    ]
    return sorted(followed, key=lambda one: one.grille.evaluateur_id != soutenance.evaluateur_id)
