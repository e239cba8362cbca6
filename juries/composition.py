"""Is this jury lawful? Pure; each failing rule in words (R-JUR-1, D6412-6 C. trav.)."""

from collections.abc import Sequence
from dataclasses import dataclass

from juries.enums import Capacity


@dataclass(frozen=True)
class Seat:
    """A member as the rules see them."""

    capacity: Capacity
    is_president: bool


@dataclass(frozen=True)
class CompositionRule:
    """The règlement's settings: fewest members, and share of external professionals in percent."""

    minimum: int
    external_percent: int


def failings(seats: Sequence[Seat], *, rule: CompositionRule) -> tuple[str, ...]:
    """The rules this jury does not meet; empty when it may be opened."""
    found = []
    if len(seats) < rule.minimum:
        found.append(f"Le jury compte {len(seats)} membre(s) : il en faut au moins {rule.minimum}.")
    external = sum(seat.capacity == Capacity.EXTERNAL for seat in seats)
    if external * 100 < rule.external_percent * len(seats):
        found.append(
            f"{external} membre(s) sur {len(seats)} sont des professionnels extérieurs : "
            f"il en faut au moins {rule.external_percent} %."
        )
    if not any(seat.is_president for seat in seats):
        found.append("Le jury n’a pas de président : désignez-en un.")
    return tuple(found)
