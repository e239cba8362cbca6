"""The one place where an appeal changes state (R-JUR-8)."""

from typing import Any

from accounts.models import User
from core import journal
from core.exceptions import Refusal
from juries.enums import APPEAL_TRANSITIONS, AppealState
from juries.models import Appeal


def locked_appeal(appeal: Appeal) -> Appeal:
    """The appeal as it is now, nobody else writing it until the caller's transaction ends."""
    appeals = Appeal.objects.select_related("decision__enrolment__candidate", "owner")
    found: Appeal = appeals.select_for_update(of=("self",)).get(pk=appeal.pk)
    return found


def move(appeal: Appeal, *, to: AppealState, by: User, told: dict[str, Any] | None = None, **fields: Any) -> None:
    """Take a locked appeal to ``to``; raises Refusal when its state does not lead there."""
    before = AppealState(appeal.state)
    if to not in APPEAL_TRANSITIONS[before]:
        raise Refusal(f"Ce recours est « {before.label.lower()} » : il ne peut pas devenir « {to.label.lower()} ».")
    appeal.state = to
    for name, value in fields.items():
        setattr(appeal, name, value)
    appeal.save(update_fields=["state", *fields])
    journal.record(f"appeal.{to}", appeal, by=by, data={"before": before, "after": to, **(told or {})})
