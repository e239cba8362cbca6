"""A URL as a QR code, drawn as inline SVG: nothing to fetch, sharp at any size, equal for equal input."""

from itertools import groupby

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4  # modules of white that a reader needs around the code


def qr_svg(url: str, *, alternative: str, size: str = "30mm") -> SafeString:
    """An ``<svg>`` for a page or a PDF, at error correction level M at least; ``alternative`` says where it leads.

    ``size`` is the side, quiet zone included, as a CSS length.
    """
    code = segno.make_qr(url, error="m", boost_error=True)
    rows = code.matrix
    side = len(rows) + 2 * QUIET
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{size}" height="{size}"'
        ' viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><title>{alternative}</title>'
        '<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000" d="{dark}"/></svg>',
        size=size,
        side=side,
        alternative=alternative,
        dark="".join(_runs(y, bytes(row)) for y, row in enumerate(rows)),
    )


def _runs(y: int, row: bytes) -> str:
    """One rectangle for each run of dark modules of a row."""
    path, x = "", 0
    for is_dark, run in groupby(row):
        width = len(list(run))
        if is_dark:
            path += f"M{x + QUIET} {y + QUIET}h{width}v1h-{width}z"
        x += width
    return path
