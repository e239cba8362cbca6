"""What was published about an enrolment, as its candidate reads it (R-CAN-4, R-JUR-6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from candidates.models import Enrolment
from juries.appeal_delay import last_day
from juries.enums import Outcome
from juries.letter_view import Block, blocks_of
from juries.models import Decision
from juries.wordings import WORDINGS, Wording
from referentiel.models import Bloc


@dataclass(frozen=True)
class Result:
    """One published decision; ``replaced_on`` is the day another one, published too, took its place."""

    decision: Decision
    wording: Wording
    blocs: Sequence[Bloc]
    letter: Sequence[Block]
    published_on: date
    appeal_until: date
    replaced_on: date | None


def published_results(enrolment: Enrolment) -> list[Result]:
    """From the one that stands to the first; two queries whatever their number."""
    decisions = (
        Decision.objects.public()
        .filter(enrolment=enrolment)
        .select_related("session__referentiel__reglement", "letter", "superseded_by__session")
        .order_by("-decided_at")
    )
    titles = {bloc.number: bloc for bloc in enrolment.referentiel.blocs.all()}
    return [_result(decision, titles) for decision in decisions]


def _result(decision: Decision, titles: dict[int, Bloc]) -> Result:
    session, letter = decision.session, getattr(decision, "letter", None)
    assert session is not None
    assert session.published_at is not None
    published_on = timezone.localdate(session.published_at)
    return Result(
        decision=decision,
        wording=WORDINGS[Outcome(decision.outcome)],
        blocs=[titles[number] for number in decision.blocs if number in titles],
        letter=blocks_of(letter.body) if letter else [],
        published_on=published_on,
        appeal_until=last_day(published_on, session.referentiel.reglement.appeal_months),
        replaced_on=_replaced_on(decision),
    )


def _replaced_on(decision: Decision) -> date | None:
    successor = getattr(decision, "superseded_by", None)
    at = successor.session.published_at if successor else None
    return timezone.localdate(at) if at else None
