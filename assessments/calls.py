"""What a job that calls somebody to a soutenance is known by. Pure."""

from datetime import UTC, datetime
from uuid import UUID

CONVOKED = "soutenance_convocation"
RELEASED = "soutenance_released"


def call_evidence(person: UUID, *, at: datetime, starts_at: datetime) -> str:
    """What a message to ``person`` is ordered on: an instant, since what was said may be said again, and a slot.

    The slot is in minutes since 1970: a soutenance may have moved by the time its former évaluateur is written to.
    """
    return f"{of_person(person)}{at:%Y%m%dT%H%M%S%f} {int(starts_at.timestamp()) // 60}"


def of_person(person: UUID) -> str:
    """How the evidence of every call of ``person`` begins."""
    return f"{person.hex} "


def called_in(evidence: str) -> tuple[UUID, datetime]:
    """Who is written to, and the slot they are told of."""
    person, _, minutes = evidence.split(" ")
    return UUID(person), datetime.fromtimestamp(int(minutes) * 60, UTC)
