"""Is this jury lawful? Pure; each failing rule in words (R-JUR-1, D6412-6 C. trav.)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from juries.enums import Capacity, Civility


@dataclass(frozen=True)
class Seat:
    """A member as the rules see them."""

    capacity: Capacity
    is_president: bool
    is_substitute: bool = False
    is_present: bool = False
    civility: str = ""


@dataclass(frozen=True)
class CompositionRule:
    """The règlement's settings: fewest members, share of external professionals in percent.

    ``about`` names the voie d'accès whose candidates ask for more than the others; "" is the rule for all.
    """

    minimum: int
    external_percent: int
    about: str = ""


def rules_for(
    minimum: int, external_percent: int, *, voies: Mapping[str, Mapping[str, int]], presented: Mapping[str, str]
) -> tuple[CompositionRule, ...]:
    """The rule for all, then one for each voie d'accès ``presented`` (its key → its label) that asks for another."""
    own = [
        CompositionRule(
            voies[key].get("minimum", minimum), voies[key].get("external_percent", external_percent), about=label
        )
        for key, label in presented.items()
        if key in voies
    ]
    return (CompositionRule(minimum, external_percent), *own)


def failings(seats: Sequence[Seat], *, rules: Sequence[CompositionRule]) -> tuple[str, ...]:
    """The rules this jury does not meet; empty when it may be opened. Substitutes count only where they sit."""
    found: list[str] = []
    for rule in rules:
        found += _short_of(seats, rule)
    if not any(seat.is_president for seat in seats):
        found.append("Le jury n’a pas de président : désignez-en un.")
    return tuple(dict.fromkeys(found))


def titulars(seats: Sequence[Seat]) -> tuple[Seat, ...]:
    return tuple(seat for seat in seats if not seat.is_substitute)


def quorum_failings(seats: Sequence[Seat], *, quorum_percent: int) -> tuple[str, ...]:
    """Whether enough members are present, the president among them; a substitute who is there counts for one absent."""
    expected = len(titulars(seats))
    needed = -(-expected * quorum_percent // 100)
    present = sum(seat.is_present for seat in seats)
    found = []
    if present < needed:
        found.append(f"Le quorum n’est pas réuni : {present} présent(s), il en faut {needed} sur {expected}.")
    if not any(seat.is_present and seat.is_president for seat in seats):
        found.append("Le président n’est pas présent : la session ne peut pas délibérer sans lui.")
    return tuple(found)


def balance_warning(seats: Sequence[Seat]) -> str:
    """What the balance of women and men calls for, in words; "" when it is met or cannot be told. Never a failing."""
    told = [seat.civility for seat in titulars(seats) if seat.civility]
    if len(told) < 2 or len(set(told)) > 1:
        return ""
    who = "femmes" if told[0] == Civility.MADAME else "hommes"
    return f"Le jury ne compte que des {who} : une composition équilibrée est recommandée."


def _short_of(seats: Sequence[Seat], rule: CompositionRule) -> list[str]:
    found, about = [], f"Candidats en {rule.about} : " if rule.about else ""
    if len(seats) < rule.minimum:
        found.append(f"{about}Le jury compte {len(seats)} titulaire(s) : il en faut au moins {rule.minimum}.")
    external = sum(seat.capacity == Capacity.EXTERNAL for seat in seats)
    if external * 100 < rule.external_percent * len(seats):
        found.append(
            f"{about}{external} membre(s) sur {len(seats)} sont des professionnels extérieurs : "
            f"il en faut au moins {rule.external_percent} %."
        )
    return found
