"""Planning soutenances (R-SCO-1, R-SCO-9, R-SCO-10, R-CAN-3)."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import transaction

from accounts.models import User
from assessments.enums import SOUTENANCE_TRANSITIONS, SoutenanceState
from assessments.models import Grille, Soutenance
from assessments.queries.planning import Slot, concerns_about
from assessments.services.assigning import (
    UnlawfulAssignment,
    refuse_twice,
    refuse_unlawful,
    refuse_unpresentable,
    refuse_unreplaceable,
)
from assessments.services.convoking import convoke, people_of, release
from assessments.services.locking import lock_enrolment
from candidates.enums import AccommodationKind
from candidates.models import Enrolment
from core import journal
from core.exceptions import Refusal
from core.fingerprints import canonical_json, sha256_hex
from referentiel.models import Competence

__all__ = ["ToConfirm", "UnlawfulAssignment", "change_soutenance", "leave_soutenance", "plan_soutenance"]


class ToConfirm(Refusal):
    """Nothing forbids it, but a person should look twice; ``concerns`` are the sentences, ``key`` names them all."""

    def __init__(self, concerns: list[str]) -> None:
        super().__init__(" ".join(concerns))
        self.concerns = concerns
        self.key = sha256_hex(canonical_json(concerns))


@dataclass(frozen=True)
class Plan:
    """What is decided about a soutenance before it takes place."""

    evaluateur: User
    competences: list[Competence]
    starts_at: datetime
    second_evaluateur: User | None = None
    title: str = ""
    place: str = ""

    @property
    def evaluateurs(self) -> list[User]:
        return [who for who in (self.evaluateur, self.second_evaluateur) if who]

    def told(self) -> dict[str, Any]:
        """What the journal keeps of it."""
        return {
            "evaluateur": str(self.evaluateur.pk),
            "second_evaluateur": self.second_evaluateur and str(self.second_evaluateur.pk),
            "competences": [competence.code for competence in self.competences],
            "starts_at": self.starts_at.isoformat(),
            "title": self.title,
            "place": self.place,
        }


def plan_soutenance(
    enrolment: Enrolment, *, by: User, replaces: Soutenance | None = None, despite: str = "", **planned: Any
) -> Soutenance:
    """A slot for ``enrolment``, ``planned`` as the fields of Plan say; its extra time is the standing tiers-temps.

    Raises UnlawfulAssignment, Refusal when a compétence cannot be presented or ``replaces`` was held, or replaced, or
    ToConfirm when slots overlap or a compétence is already acquired, unless ``despite`` is the key of just that.
    """
    plan = _plan_of(planned)
    with transaction.atomic():
        enrolment = lock_enrolment(enrolment.pk)
        refuse_unlawful(enrolment, plan.evaluateurs)
        refuse_unpresentable(enrolment, plan.competences)
        refuse_twice(enrolment, plan.evaluateur, plan.starts_at)
        if replaces:
            refuse_unreplaceable(enrolment, replaces)
        extra_time = standing_extra_time(enrolment)
        concerns = _confirmed(enrolment, plan, extra_time, despite)
        soutenance = Soutenance.objects.create(
            enrolment=enrolment, replaces=replaces, extra_time=extra_time, **_columns(plan)
        )
        soutenance.competences.set(plan.competences)
        _assign(soutenance, plan.evaluateurs)
        data = {
            "enrolment": str(enrolment.pk),
            **plan.told(),
            "extra_time": str(extra_time),
            "replaces": replaces and str(replaces.pk),
            "despite": concerns,
        }
        journal.record("soutenance.planned", soutenance, by=by, data=data)
        convoke(soutenance)
    return soutenance


def change_soutenance(soutenance: Soutenance, *, by: User, despite: str = "", **planned: Any) -> bool:
    """Plan a soutenance otherwise, as long as it is planned; whether anything changed. Same refusals as planning it."""
    plan = _plan_of(planned)
    with transaction.atomic():
        enrolment = lock_enrolment(soutenance.enrolment_id)
        locked = Soutenance.objects.select_for_update().get(pk=soutenance.pk)
        if locked.state != SoutenanceState.PLANNED:
            state = locked.get_state_display().lower()
            raise Refusal(f"Cette soutenance est {state} : elle ne se modifie plus.")
        former = plan_of(locked)
        before, after = former.told(), plan.told()
        if before == after:
            return False
        refuse_unlawful(enrolment, plan.evaluateurs)
        refuse_unpresentable(enrolment, plan.competences, but=locked)
        refuse_twice(enrolment, plan.evaluateur, plan.starts_at, but=locked)
        concerns = _confirmed(enrolment, plan, locked.extra_time, despite, but=locked)
        Soutenance.objects.filter(pk=locked.pk).update(**_columns(plan))
        locked.competences.set(plan.competences)
        _assign(locked, plan.evaluateurs)
        data = {"before": before, "after": after, "despite": concerns}
        journal.record("soutenance.changed", locked, by=by, data=data)
        _call_again(soutenance, former, plan)
    return True


def leave_soutenance(soutenance: Soutenance, *, to: SoutenanceState, reason: str, by: User) -> None:
    """Take a soutenance out of the planning (cancelled, absent, excused, interrupted), with a reason (R-SCO-1)."""
    with transaction.atomic():
        lock_enrolment(soutenance.enrolment_id)
        locked = Soutenance.objects.select_for_update().get(pk=soutenance.pk)
        state = SoutenanceState(locked.state)
        if to not in SOUTENANCE_TRANSITIONS[state] or to in (SoutenanceState.RUNNING, SoutenanceState.SUBMITTED):
            raise Refusal(f"Cette soutenance est {state.label.lower()} : elle ne peut pas devenir « {to.label} ».")
        if not reason.strip():
            raise Refusal("Indiquez le motif : il reste au journal.")
        Soutenance.objects.filter(pk=locked.pk).update(state=to)
        journal.record("soutenance.left", locked, by=by, reason=reason, data={"before": state, "after": to})
        if to in (SoutenanceState.CANCELLED, SoutenanceState.EXCUSED):
            release(locked, people_of(locked), starts_at=locked.starts_at)


def apply_extra_time(enrolment: Enrolment, *, by: User) -> None:
    """Give the soutenances not yet begun the extra time that stands now (R-CAN-3)."""
    with transaction.atomic():
        lock_enrolment(enrolment.pk)
        extra_time = standing_extra_time(enrolment)
        for soutenance in enrolment.soutenances.select_for_update().filter(state=SoutenanceState.PLANNED):
            if soutenance.extra_time != extra_time:
                Soutenance.objects.filter(pk=soutenance.pk).update(extra_time=extra_time)
                data = {"before": str(soutenance.extra_time), "after": str(extra_time)}
                journal.record("soutenance.extra_time_changed", soutenance, by=by, data=data)
                convoke(soutenance)  # it ends at another hour


def standing_extra_time(enrolment: Enrolment) -> Fraction:
    """The fraction added to each phase, 0 without a tiers-temps (R-CAN-3)."""
    tiers_temps = enrolment.accommodations.standing().filter(kind=AccommodationKind.TIERS_TEMPS).first()
    return tiers_temps.extra_time if tiers_temps and tiers_temps.extra_time else Fraction(0)


def plan_of(soutenance: Soutenance) -> Plan:
    """What was planned of a stored soutenance."""
    return Plan(
        evaluateur=soutenance.evaluateur,
        second_evaluateur=soutenance.second_evaluateur,
        competences=_ordered(soutenance.competences.all()),
        starts_at=soutenance.starts_at,
        title=soutenance.title,
        place=soutenance.place,
    )


def _plan_of(planned: dict[str, Any]) -> Plan:
    return Plan(**{**planned, "competences": _ordered(planned["competences"])})


def _ordered(competences: Iterable[Competence]) -> list[Competence]:
    return sorted(competences, key=lambda competence: competence.pk)


def _columns(plan: Plan) -> dict[str, Any]:
    return {field.name: getattr(plan, field.name) for field in fields(Plan) if field.name != "competences"}


def _assign(soutenance: Soutenance, evaluateurs: list[User]) -> None:
    """One grille for each, and none for those who no longer judge: planned, it holds no mark."""
    soutenance.grilles.exclude(evaluateur__in=evaluateurs).delete()
    for evaluateur in evaluateurs:
        Grille.objects.get_or_create(soutenance=soutenance, evaluateur=evaluateur)


def _call_again(soutenance: Soutenance, former: Plan, plan: Plan) -> None:
    """Tell who judges no more, and call whoever was told otherwise: all of them unless the évaluateurs alone change."""
    changed = Soutenance.objects.get(pk=soutenance.pk)
    release(changed, [one for one in former.evaluateurs if one not in plan.evaluateurs], starts_at=former.starts_at)
    is_the_same = replace(former, evaluateur=plan.evaluateur, second_evaluateur=plan.second_evaluateur) == plan
    newcomers = [one for one in plan.evaluateurs if one not in former.evaluateurs]
    convoke(changed, newcomers if is_the_same else None)


def _confirmed(
    enrolment: Enrolment, plan: Plan, extra_time: Fraction, despite: str, *, but: Soutenance | None = None
) -> list[str]:
    """The concerns a person has seen and set aside; raises ToConfirm unless they are the ones they saw."""
    slot = Slot(plan.starts_at, extra_time, but)
    concerns = concerns_about(enrolment, plan.evaluateurs, plan.competences, slot)
    doubt = ToConfirm(concerns)
    if concerns and doubt.key != despite:
        raise doubt
    return concerns
