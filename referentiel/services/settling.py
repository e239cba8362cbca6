"""What surrounds the tree: the règlement of a draft (R-REF-6), the registration of any version (R-REF-5)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models, transaction

from accounts.models import User
from core import journal
from core.exceptions import Stale
from referentiel.models import Certification, Referentiel, Registration, Reglement
from referentiel.nodes import InvalidNode, seen_as
from referentiel.services.drafts import locked, locked_draft
from referentiel.validation import errors_of

_YEARS = range(1990, 2101)
_ODD_YEAR = "Vérifiez l’année : elle se situe entre 1990 et 2100."


def settings_of(reglement: Reglement) -> dict[str, Any]:
    return {
        column.name: getattr(reglement, column.name)
        for column in reglement._meta.concrete_fields
        if column.name not in {"id", "referentiel"}
    }


def change_reglement(referentiel: Referentiel, *, values: Mapping[str, Any], by: User, seen: str | None = None) -> bool:
    """Whether a setting of a draft changed; raises InvalidNode.

    Raises Stale when somebody else wrote since ``seen``, unless these very values: the same form sent twice saves once.
    """
    with transaction.atomic():
        draft = locked_draft(referentiel)
        reglement = Reglement.objects.filter(referentiel=draft).first() or Reglement(referentiel=draft)
        before = settings_of(reglement)
        if reglement.pk and all(before[name] == value for name, value in values.items()):
            return False
        if seen is not None and seen != seen_as(before):
            raise Stale("Quelqu’un a modifié le règlement depuis que vous l’avez ouvert : rouvrez-le pour comparer.")
        for name, value in values.items():
            setattr(reglement, name, value)
        after = settings_of(reglement)
        changed = sorted(name for name in after if after[name] != before[name])
        if changed or reglement.pk is None:
            _validate(reglement)
            reglement.save()
            data = {"before": {n: before[n] for n in changed}, "after": {n: after[n] for n in changed}}
            journal.record("referentiel.reglement_changed", draft, by=by, data=data)
    return bool(changed)


def record_registration(
    referentiel: Referentiel,
    *,
    decided_on: date,
    ends_on: date,
    delivery_limit_on: date,
    by: User,
    nsf: str | None = None,
) -> Registration:
    """The dates of France compétences' decision; they may be prolonged after publication (R-REF-5).

    ``nsf`` are the codes of the certification, written on what is delivered (R-JUR-7); None leaves them as they are.
    """
    after = {"decided_on": decided_on, "ends_on": ends_on, "delivery_limit_on": delivery_limit_on}
    if odd := {name: [_ODD_YEAR] for name, day in after.items() if day.year not in _YEARS}:
        raise InvalidNode(odd)
    with transaction.atomic():
        version = locked(referentiel)
        _record_nsf(version, nsf, by)
        registration = Registration.objects.filter(referentiel=version).first() or Registration(referentiel=version)
        before = {name: getattr(registration, name) for name in after}
        if before == after:
            return registration
        for name, value in after.items():
            setattr(registration, name, value)
        _validate(registration)
        registration.save()
        data = {"before": _told(before), "after": _told(after)}
        journal.record("referentiel.registration_recorded", version, by=by, data=data)
    return registration


def _record_nsf(version: Referentiel, nsf: str | None, by: User) -> None:
    certification = Certification.objects.select_for_update().get(pk=version.certification_id)
    if nsf is None or nsf == certification.nsf:
        return
    before, certification.nsf = certification.nsf, nsf
    _validate(certification)
    certification.save(update_fields=["nsf"])
    data = {"before": {"nsf": before}, "after": {"nsf": nsf}}
    journal.record("referentiel.nsf_recorded", version, by=by, data=data)


def _told(dates: Mapping[str, date | None]) -> dict[str, str | None]:
    return {name: value.isoformat() if value else None for name, value in dates.items()}


def _validate(row: models.Model) -> None:
    errors = errors_of(row)
    if errors:
        raise InvalidNode(errors)
