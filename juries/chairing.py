"""Who presides the deliberation about one candidate: pure (R-JUR-1, R-JUR-2)."""

from collections.abc import Sequence
from dataclasses import dataclass

REFERRED = "Renvoi à une autre session : aucun membre présent du jury ne peut se prononcer sur ce candidat."
"""The motive of the adjournment that judges nothing: nobody present may (``services.referring``)."""


@dataclass(frozen=True)
class Presiding:
    """A member beside one candidate, as this rule sees them; ``rank`` is the order in which the seats were given."""

    rank: int
    is_president: bool
    is_substitute: bool
    is_present: bool
    stands_back: bool


def presides_over(seats: Sequence[Presiding]) -> Presiding | None:
    """The session's president; in the place of one who stands back, the first member present who does not.

    Members of full right come before substitutes, each in the order in which the seats were given: nobody chooses who
    replaces them, least of all who stands back. None when no member present may judge this candidate.
    """
    president = next((seat for seat in seats if seat.is_president), None)
    if president and not president.stands_back:
        return president
    able = [seat for seat in seats if seat.is_present and not seat.stands_back]
    return min(able, key=lambda seat: (seat.is_substitute, seat.rank), default=None)
