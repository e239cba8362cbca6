"""The rosette of a parchemin: one fine line that closes on itself, as engravers draw it. Pure, the same each time."""

from functools import lru_cache
from math import cos, gcd, pi, sin

from django.utils.html import format_html
from django.utils.safestring import SafeString

SIDE = 200
RINGS = ((84, 71, 11, 1.9), (50, 47, 9, 1.55))
"""Each ring: its radius, its lobes, the turns its line takes before it closes, how far it swings."""


@lru_cache(maxsize=1)
def rosette_svg() -> SafeString:
    """A drawing without meaning, put where no reader looks for one: in the margin, outside the tagged text."""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="{edge} {edge} {side} {side}" width="100%" height="100%">'
        '<path d="{path}" fill="none" stroke="#a98a4b" stroke-width=".42"/></svg>',
        edge=-SIDE // 2,
        side=SIDE,
        path="".join(_ring(*ring) for ring in RINGS),
    )


def _ring(radius: float, lobes: int, turns: int, swing: float) -> str:
    """A hypotrochoid: a wheel of ``turns`` teeth rolling inside one of ``lobes`` teeth."""
    assert gcd(lobes, turns) == 1
    wheel = turns / lobes
    points = []
    steps = lobes * 24
    for step in range(steps):
        angle = 2 * pi * turns * step / steps
        far, other = (1 - wheel) * radius, swing * wheel * radius
        x = far * cos(angle) + other * cos(angle * (1 - wheel) / wheel)
        y = far * sin(angle) - other * sin(angle * (1 - wheel) / wheel)
        points.append(f"{x:.2f} {y:.2f}")
    return f"M{points[0]}L{' '.join(points[1:])}Z"
