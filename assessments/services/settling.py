"""Two évaluateurs settle what they judged differently, CE by CE (R-SCO-9)."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments.enums import SoutenanceState, Verdict
from assessments.marks import MarkValue, checked_text
from assessments.models import Settlement, Soutenance
from assessments.queries.concertation import differences_of, is_concerting
from assessments.queries.review import motive_required
from core import journal
from core.exceptions import InvalidInput, Refusal, Stale
from referentiel.models import Critere


class StaleSettlement(Stale):
    """The other évaluateur settled this CE in between; ``current`` is what is stored, None if it was dropped."""

    def __init__(self, current: Settlement | None) -> None:
        super().__init__("Ce critère a été concilié entre-temps. Comparez les deux versions et choisissez.")
        self.current = current


def settle(
    soutenance: Soutenance, *, critere: Critere, verdict: str, comment: str, reason: str, from_version: int, by: User
) -> Settlement:
    """Write what both agree on for one CE: verdict, comment for the candidate, and why.

    ``from_version`` is 0 for a CE not settled yet (R-SCO-4). Sent again in the same terms, it stays as it was.
    Raises InvalidInput, StaleSettlement or Refusal; nothing is changed then.
    """
    said = _checked(soutenance, verdict, comment, reason)
    with transaction.atomic():
        locked = Soutenance.objects.select_for_update().get(pk=soutenance.pk)
        _refuse_out_of_time(locked)
        _refuse_agreed(locked, critere)
        standing = Settlement.objects.filter(soutenance=locked, critere=critere).first()
        if standing and all(getattr(standing, name) == value for name, value in said.items()):
            return standing
        if (standing.version if standing else 0) != from_version:
            raise StaleSettlement(standing)
        return _write(standing or Settlement(soutenance=locked, critere=critere, version=0), said, by)


def drop_pointless(soutenance: Soutenance, *, by: User) -> None:
    """Remove what was settled on CE that no longer differ, once a reopened grille is back; the journal keeps it."""
    differing = {difference.critere.pk for difference in differences_of(soutenance)}
    for settlement in soutenance.settlements.select_related("critere__competence"):
        if settlement.critere_id not in differing:
            data = {**_subject(settlement), "before": told(settlement), "after": None}
            journal.record("settlement.dropped", settlement, by=by, data=data)
            settlement.delete()


def _checked(soutenance: Soutenance, verdict: str, comment: str, reason: str) -> dict[str, Any]:
    if verdict not in Verdict.values:
        raise InvalidInput("Choisissez « acquis » ou « non acquis ».")
    value = MarkValue(verdict, comment.strip()).checked()
    reason = checked_text(reason.strip(), "Le motif")
    if not reason:
        raise InvalidInput("Dites pourquoi vous retenez ce verdict : le motif figure au dossier.")
    if verdict == Verdict.NON_ACQUIS and not value.comment and motive_required(soutenance.enrolment_id):
        raise InvalidInput("Un « non acquis » demande un commentaire pour le candidat.")
    return {"verdict": value.verdict, "comment": value.comment, "reason": reason}


def _refuse_out_of_time(soutenance: Soutenance) -> None:
    if soutenance.state != SoutenanceState.RUNNING:
        state = soutenance.get_state_display().lower()
        raise Refusal(f"Cette soutenance est {state} : il n’y a plus rien à concilier.")
    if not is_concerting(soutenance):
        raise Refusal("La concertation s’ouvre quand les deux évaluateurs ont soumis leur grille.")


def _refuse_agreed(soutenance: Soutenance, critere: Critere) -> None:
    if critere.pk not in {difference.critere.pk for difference in differences_of(soutenance)}:
        raise Refusal("Les deux évaluateurs ont le même verdict sur ce critère : il n’y a rien à concilier.")


def _write(settlement: Settlement, said: dict[str, Any], by: User) -> Settlement:
    before = told(settlement) if settlement.version else None
    for name, value in {**said, "settled_by": by, "settled_at": timezone.now()}.items():
        setattr(settlement, name, value)
    settlement.version += 1
    settlement.save()
    journal.record(
        "settlement.changed",
        settlement,
        by=by,
        data={**_subject(settlement), "before": before, "after": told(settlement)},
    )
    return settlement


def _subject(settlement: Settlement) -> dict[str, Any]:
    return {
        "soutenance": str(settlement.soutenance_id),
        "critere": settlement.critere_id,
        "version": settlement.version,
    }


def told(settlement: Settlement) -> dict[str, str]:
    """What the journal keeps, and `reconcile` compares."""
    return {"verdict": settlement.verdict, "comment": settlement.comment, "reason": settlement.reason}
