"""What was published about an enrolment, as its candidate reads it (R-CAN-4, R-JUR-6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from candidates.models import Enrolment
from juries.appeal_delay import last_day
from juries.enums import APPEAL_ENDS, AppealState, SessionState
from juries.letter_view import Block, blocks_of
from juries.models import Appeal, Candidacy, Decision
from juries.wordings import Wording, wording_of
from referentiel.models import Bloc


@dataclass(frozen=True)
class Result:
    """One published decision; ``replaced_on`` is the day another one, published too, took its place.

    ``left_in_force`` is the decision that stays in force when the jury adjourned its re-examination.
    """

    decision: Decision
    wording: Wording
    blocs: Sequence[Bloc]
    letter: Sequence[Block]
    published_on: date
    appeal_until: date
    replaced_on: date | None
    appeals: Sequence[Appeal]
    may_appeal: bool

    @property
    def left_in_force(self) -> Decision | None:
        return self.decision.postpones

    @property
    def pending_appeal(self) -> Appeal | None:
        return next((one for one in self.appeals if one.state not in APPEAL_ENDS), None)


def published_results(enrolment: Enrolment, *, today: date) -> list[Result]:
    """From the one that stands to the first; three queries whatever their number."""
    decisions = (
        Decision.objects.public()
        .filter(enrolment=enrolment)
        .select_related("session__referentiel__reglement", "letter", "superseded_by__session", "postpones__session")
        .prefetch_related("appeals")
        .order_by("-decided_at")
    )
    titles = {bloc.number: bloc for bloc in enrolment.referentiel.blocs.all()}
    following = [None, *decisions]
    return [
        _result(decision, titles, today, replaced_on=_replaced_on(decision, later))
        for decision, later in zip(decisions, following, strict=False)
    ]


def hearings_to_come(enrolment: Enrolment, *, today: date) -> QuerySet[Candidacy]:
    """When a jury is to hear the candidate, once they were convoked and until it has; one query. It tells no result."""
    return (
        Candidacy.objects.filter(
            enrolment=enrolment,
            convoked_at__isnull=False,
            heard_at__date__gte=today,
            hearing="",
            session__state__in=[SessionState.PREPARING, SessionState.OPEN],
        )
        .select_related("session")
        .order_by("heard_at")
    )


def _result(decision: Decision, titles: dict[int, Bloc], today: date, *, replaced_on: date | None) -> Result:
    session, letter = decision.session, getattr(decision, "letter", None)
    assert session is not None
    assert session.published_at is not None
    published_on = timezone.localdate(session.published_at)
    appeal_until = last_day(published_on, session.referentiel.reglement.appeal_months)
    appeals = list(decision.appeals.all())
    contestable = replaced_on is None and decision.postpones is None and today <= appeal_until
    return Result(
        decision=decision,
        wording=wording_of(decision.outcome, postponing=decision.postpones is not None),
        blocs=[titles[number] for number in decision.blocs if number in titles],
        letter=blocks_of(letter.body) if letter else [],
        published_on=published_on,
        appeal_until=appeal_until,
        replaced_on=replaced_on,
        appeals=appeals,
        may_appeal=contestable and not any(map(_closes_the_way, appeals)),
    )


def _closes_the_way(appeal: Appeal) -> bool:
    """To another one on the same decision: it is pending, or was upheld."""
    return appeal.state not in APPEAL_ENDS or appeal.state == AppealState.UPHELD


def _replaced_on(decision: Decision, later: Decision | None) -> date | None:
    """A postponement is over with whatever was published next; a decision, once it is superseded."""
    successor = later if decision.postpones_id else getattr(decision, "superseded_by", None)
    at = successor.session.published_at if successor and successor.session else None
    return timezone.localdate(at) if at else None
