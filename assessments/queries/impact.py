"""What publishing a version means for those who are on the earlier ones (R-REF-2, R-CAN-1): they stay, and what of what
they acquired would be recognised if they enrolled anew. Its queries depend neither on versions nor on candidates."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from assessments.models import BlocAcquisition, Soutenance
from candidates.models import Enrolment
from referentiel.equivalences import BlocAsked, what_differs
from referentiel.models import Bloc, Referentiel
from referentiel.queries.equivalences import asked_by, earlier_versions


@dataclass(frozen=True)
class BlocImpact:
    """An earlier bloc, how many candidates hold it, and what becomes of it.

    ``recognised_as`` are the numbers of the newer blocs declared equivalent; ``differs`` is what the bloc of
    its lineage asks otherwise, None when there is none.
    """

    bloc: Bloc
    holders: int
    recognised_as: tuple[int, ...]
    differs: tuple[str, ...] | None


@dataclass(frozen=True)
class VersionImpact:
    """``in_flight`` have a bloc left to acquire; ``soutenances`` are those still to be judged, on the older text."""

    version: Referentiel
    in_flight: int
    complete: int
    soutenances: int
    blocs: tuple[BlocImpact, ...]


def impact_of(referentiel: Referentiel) -> list[VersionImpact]:
    """On every earlier version of its certification, the latest first; ``referentiel`` was read with its tree."""
    asked, versions = asked_by(referentiel), earlier_versions(referentiel)
    versions = [version for version in versions if version.version < referentiel.version]
    declared: dict[int, list[int]] = {}
    for bloc in referentiel.blocs.all():
        for one in bloc.equivalences.all():
            declared.setdefault(one.earlier_id, []).append(bloc.number)
    enrolled, holders, soutenances = _enrolled(versions), _holders(versions), _soutenances(versions)
    return [
        VersionImpact(
            version,
            in_flight=enrolled.get(version.pk, (0, 0))[0],
            complete=enrolled.get(version.pk, (0, 0))[1],
            soutenances=soutenances.get(version.pk, 0),
            blocs=tuple(_blocs(version, asked, declared, holders)),
        )
        for version in versions
    ]


def _blocs(
    version: Referentiel, asked: list[BlocAsked], declared: Mapping[int, list[int]], holders: Mapping[int, int]
) -> list[BlocImpact]:
    old, kept = asked_by(version), {bloc.lineage for bloc in asked}
    return [
        BlocImpact(
            bloc,
            holders.get(bloc.pk, 0),
            tuple(declared.get(bloc.pk, ())),
            what_differs(old, asked, str(bloc.lineage)) if str(bloc.lineage) in kept else None,
        )
        for bloc in version.blocs.all()
    ]


def _enrolled(versions: list[Referentiel]) -> dict[int, tuple[int, int]]:
    """By version: those who have a bloc left to acquire among those they aim at, and those who have not."""
    aimed = Enrolment.blocs.through._default_manager.filter(enrolment=OuterRef("pk"))
    acquired = BlocAcquisition.objects.standing().filter(enrolment=OuterRef("enrolment"), bloc=OuterRef("bloc"))
    left = Exists(aimed.exclude(Exists(acquired)))
    rows = Enrolment.objects.filter(referentiel__in=versions).values("referentiel").order_by("referentiel")
    return {
        row["referentiel"]: (row["in_flight"], row["total"] - row["in_flight"])
        for row in rows.annotate(total=Count("pk"), in_flight=Count("pk", filter=left))
    }


def _holders(versions: list[Referentiel]) -> dict[int, int]:
    rows = BlocAcquisition.objects.standing().filter(bloc__referentiel__in=versions).values_list("bloc")
    return dict(rows.annotate(Count("enrolment__candidate", distinct=True)))


def _soutenances(versions: list[Referentiel]) -> dict[int, int]:
    rows = Soutenance.objects.awaiting_marks().filter(enrolment__referentiel__in=versions)
    return dict(rows.order_by().values_list("enrolment__referentiel").annotate(Count("pk")))
