"""Recognising, on a new version, the blocs a candidate acquired on another (R-CAN-1).

Only at the enrolment, by the equivalences its version declared before it was published: a later declaration is another
version's, and changes nothing of an enrolment that has begun. What is recognised stands and falls with what it comes
from (R-VAL-3). Each enrolment is locked before it is written, the one the evidence is in first.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django.utils import timezone

from accounts.models import User
from assessments.models import BlocAcquisition, Soutenance
from assessments.queries.records import conclude
from assessments.services.locking import lock_enrolment
from assessments.signals import all_blocs_acquired, evidence_changed
from candidates.models import Enrolment
from core import journal
from referentiel.models import Equivalence


def recognise(enrolment: Enrolment, *, by: User) -> list[int]:
    """Store what the candidate's other enrolments let this new one recognise; the numbers of its blocs.

    Inside the caller's transaction, which holds the candidate's enrolments. The last bloc orders a dossier (R-VAL-4).
    """
    declared = Equivalence.objects.filter(bloc__referentiel=enrolment.referentiel_id).select_related("bloc")
    return _record(enrolment, declared, by=by)


def recognised_on(soutenance: Soutenance) -> list[BlocAcquisition]:
    """What other enrolments of the candidate recognise on the evidence of ``soutenance``, directly or in turn."""
    grilles = {str(grille.pk) for grille in soutenance.grilles.all()}
    standing = BlocAcquisition.objects.standing().recognised().select_related("bloc", "enrolment")
    rows = standing.filter(enrolment__candidate__enrolments=soutenance.enrolment_id).order_by("enrolment_id", "pk")
    return [row for row in rows if any(entry["grille"] in grilles for entry in row.evidence)]


def withdraw_recognised(rows: Iterable[BlocAcquisition], *, reason: str, at: datetime, by: User) -> None:
    """Withdraw what was recognised on evidence that no longer stands, with the reason (R-VAL-3)."""
    for enrolment, fallen in groupby(rows, key=lambda row: row.enrolment):
        lock_enrolment(enrolment.pk)
        withdrawn = list(fallen)
        BlocAcquisition.objects.filter(pk__in=[row.pk for row in withdrawn]).update(
            withdrawn_at=at, withdrawal_reason=reason
        )
        data = {"blocs": sorted(row.bloc.number for row in withdrawn)}
        journal.record("enrolment.recognition_withdrawn", enrolment, by=by, reason=reason, data=data)
        evidence_changed.send(Enrolment, enrolment=enrolment)


def recognise_again(enrolment: Enrolment, *, by: User) -> None:
    """What ``enrolment`` has acquired again is recognised again, where it had been before."""
    lost = BlocAcquisition.objects.filter(recognised_from__enrolment=enrolment, withdrawn_at__isnull=False)
    for pk in lost.order_by("enrolment_id").values_list("enrolment_id", flat=True).distinct():
        other = lock_enrolment(pk)
        declared = Equivalence.objects.filter(pk__in=lost.filter(enrolment=other).values("equivalence"))
        if _record(other, declared.select_related("bloc"), by=by):
            recognise_again(other, by=by)


def _record(enrolment: Enrolment, declared: Iterable[Equivalence], *, by: User) -> list[int]:
    """Store the blocs of ``declared`` acquired elsewhere and not here yet, each from its earliest acquisition."""
    known = set(enrolment.bloc_acquisitions.standing().values_list("bloc", flat=True))
    wanted = [one for one in declared if one.bloc_id not in known]
    sources = (
        BlocAcquisition.objects.standing()
        .filter(enrolment__candidate=enrolment.candidate_id, bloc__in=[one.earlier_id for one in wanted])
        .exclude(enrolment=enrolment)
        .order_by("acquired_at", "pk")
    )
    earliest: dict[int, tuple[Equivalence, BlocAcquisition]] = {}
    for source in sources:
        for one in wanted:
            if one.earlier_id == source.bloc_id:
                earliest.setdefault(one.bloc_id, (one, source))
    if not earliest:
        return []
    now = timezone.now()
    rows = [_recognised(enrolment, equivalence, source, now) for equivalence, source in earliest.values()]
    BlocAcquisition.objects.bulk_create(rows)
    numbers = sorted(row.bloc.number for row in rows)
    data = {"blocs": numbers, "from": [str(row.recognised_from_id) for row in rows]}
    journal.record("enrolment.blocs_recognised", enrolment, by=by, data=data)
    evidence_changed.send(Enrolment, enrolment=enrolment)
    if conclude(enrolment).acquired:
        all_blocs_acquired.send(Enrolment, enrolment=enrolment, by=by)
    return numbers


def _recognised(
    enrolment: Enrolment, equivalence: Equivalence, source: BlocAcquisition, now: datetime
) -> BlocAcquisition:
    return BlocAcquisition(
        enrolment=enrolment,
        bloc=equivalence.bloc,
        grille_id=source.grille_id,
        acquired_at=source.acquired_at,
        evidence=source.evidence,
        evidence_fingerprint=source.evidence_fingerprint,
        recognised_from=source,
        equivalence=equivalence,
        recognised_at=now,
    )
