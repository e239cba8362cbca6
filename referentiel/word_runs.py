"""The words two texts have in common, in order: Myers' greedy search, whose time grows with what changed."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_EDITS = 600  # words taken out or put in; beyond, what differs is one change


@dataclass(frozen=True)
class Run:
    """``size`` words that the older text has from ``old`` on and the newer one from ``new`` on."""

    old: int
    new: int
    size: int


def common_runs(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """The runs of a longest common sequence; only the beginning and the end when the texts differ too much."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    middle = _middle(old[head : len(old) - tail], new[head : len(new) - tail])
    ends = Run(0, 0, head), Run(len(old) - tail, len(new) - tail, tail)
    inner = (Run(run.old + head, run.new + head, run.size) for run in middle)
    return _joined([run for run in (ends[0], *inner, ends[1]) if run.size])


def _joined(runs: list[Run]) -> list[Run]:
    """Runs that touch in both texts are one."""
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last and (last.old + last.size, last.new + last.size) == (run.old, run.new):
            joined[-1] = Run(last.old, last.new, last.size + run.size)
        else:
            joined.append(run)
    return joined


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (mine, its) in pairs if mine != its), min(len(one), len(other)))


def _middle(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    reach: dict[int, int] = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(min(len(old) + len(new), MOST_EDITS) + 1):
        trace.append(dict(reach))
        for diagonal in range(-edits, edits + 1, 2):
            x, _ = _step(reach, diagonal, edits)
            y = x - diagonal
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            reach[diagonal] = x
            if x >= len(old) and y >= len(new):
                return _walked_back(trace, len(old), len(new))
    return []


def _step(reach: dict[int, int], diagonal: int, edits: int) -> tuple[int, int]:
    """Where the furthest path enters a diagonal, and from which: the next by a word put in, else the previous."""
    if diagonal == -edits or (diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1]):
        return reach[diagonal + 1], diagonal + 1
    return reach[diagonal - 1] + 1, diagonal - 1


def _walked_back(trace: list[dict[int, int]], x: int, y: int) -> list[Run]:
    runs: list[Run] = []
    for edits in range(len(trace) - 1, -1, -1):
        diagonal = x - y
        entered, before = _step(trace[edits], diagonal, edits)
        if x > entered:
            runs.append(Run(entered, entered - diagonal, x - entered))
        x = trace[edits][before]
        y = x - before
    return runs[::-1]
