"""What a file is refused for: where, and why, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.exceptions import InvalidInput

SHOWN = 200  # faults; past that the file is another kind of file


@dataclass(frozen=True)
class Fault:
    """``place`` is what the person finds in their file (« Référentiel, ligne 12 »), ``message`` what to mend there."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place} : {self.message}" if self.place else self.message


class Unreadable(InvalidInput):
    """Nothing is imported from this file; ``faults`` lists the reasons, in the order of the file."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults[:SHOWN])
        self.more = max(0, len(faults) - SHOWN)
        super().__init__(" ".join(str(fault) for fault in self.faults[:3]))


def refuse(message: str, place: str = "") -> Unreadable:
    """A file refused for one reason."""
    return Unreadable([Fault(place, message)])


def raise_if_any(faults: Iterable[Fault]) -> None:
    found = list(faults)
    if found:
        raise Unreadable(found)
