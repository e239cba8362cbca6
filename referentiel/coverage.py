"""Whether the projets of a version present every compétence of every bloc at least once. Pure: codes in, codes out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class BlocCoverage:
    """One bloc: its compétences in order, each with the names of the projets that present it."""

    bloc: str
    presented: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(code for code, projets in self.presented if not projets)

    @property
    def covered(self) -> int:
        return len(self.presented) - len(self.missing)

    @property
    def total(self) -> int:
        return len(self.presented)


def coverage(blocs: Mapping[str, Sequence[str]], *, projets: Mapping[str, Collection[str]]) -> tuple[BlocCoverage, ...]:
    """For each bloc (its name → its codes), what the projets (their name → their codes) present of it."""
    return tuple(
        BlocCoverage(
            bloc=bloc,
            presented=tuple((code, tuple(name for name, codes in projets.items() if code in codes)) for code in codes),
        )
        for bloc, codes in blocs.items()
    )
