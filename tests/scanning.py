"""What a telephone reads of a printed QR code: found on the page as poppler paints it, then decoded.

For a clean, upright print of one code in byte mode, which is what our documents carry; nothing is corrected. The
tables of the standard come from segno, the reading does not.
"""

import re
import subprocess
from collections.abc import Iterator
from statistics import median

from segno.consts import ALIGNMENT_POS, ECC

RESOLUTION = 300  # dots per inch
FINDER = (1, 1, 3, 1, 1)  # dark, light, dark, light, dark, in modules
MASKS = (
    lambda y, x: (y + x) % 2,
    lambda y, _: y % 2,
    lambda _, x: x % 3,
    lambda y, x: (y + x) % 3,
    lambda y, x: (y // 2 + x // 3) % 2,
    lambda y, x: y * x % 2 + y * x % 3,
    lambda y, x: (y * x % 2 + y * x % 3) % 2,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2,
)
Rows = list[bytes]  # one byte for each dot or module: 1 is dark


def scanned(pdf: bytes) -> str:
    """Return the text of the QR code on the first page of ``pdf``."""
    return decoded(modules_found(painted(pdf)))


def painted(pdf: bytes) -> Rows:
    command = ["pdftoppm", "-r", str(RESOLUTION), "-gray", "-singlefile", "-"]
    image = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
    magic, size, depth, grey = image.split(b"\n", 3)
    width, height = map(int, size.split())
    assert (magic, depth) == (b"P5", b"255")
    dots = grey.translate(bytes(tone < 128 for tone in range(256)))
    return [dots[y * width : (y + 1) * width] for y in range(height)]


def modules_found(dots: Rows) -> Rows:
    """Sample the square that three finder patterns mark out, once in the middle of each module."""
    hits = [(x, y, size) for y, row in enumerate(dots) for x, size in _finders(row) if _crosses(dots, x, y)]
    corners = _clustered(hits)
    assert len(corners) == 3, f"{len(corners)} finder patterns on the page"
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    span = max(x for x, _ in corners) - left
    side = 17 + 4 * round((span / median(size for *_, size in hits) + 7 - 17) / 4)
    places = [(module - 3) * span / (side - 7) for module in range(side)]
    return [bytes(dots[round(top + down)][round(left + right)] for right in places) for down in places]


def _finders(line: bytes) -> Iterator[tuple[int, float]]:
    """The middle of each stretch of ``line`` that looks like a finder pattern cut in two, and the width of a module."""
    runs = [found.span() for found in re.finditer(rb"\x01+|\x00+", line)]
    for at in range(0 if line[:1] == b"\x01" else 1, len(runs) - 4, 2):
        five = runs[at : at + 5]
        module = (five[4][1] - five[0][0]) / 7
        if module >= 2 and all(
            abs(end - start - wide * module) < module / 2 for (start, end), wide in zip(five, FINDER, strict=True)
        ):
            yield (five[2][0] + five[2][1]) // 2, module


def _crosses(dots: Rows, x: int, y: int) -> bool:
    """Whether the column through a finder seen on a row looks like one too, in the same place."""
    column = bytes(row[x] for row in dots[max(0, y - 200) : y + 200])
    return any(abs(middle - min(y, 200)) < 3 * module / 2 for middle, module in _finders(column))


def _clustered(hits: list[tuple[int, int, float]]) -> list[tuple[float, float]]:
    clusters: list[list[tuple[int, int, float]]] = []
    for x, y, size in hits:
        near = next((one for one in clusters if max(abs(one[0][0] - x), abs(one[0][1] - y)) < 4 * size), None)
        near.append((x, y, size)) if near else clusters.append([(x, y, size)])
    tall = [one for one in clusters if len(one) > 2 * one[0][2]]  # a finder's core is three modules high
    return [(median(x for x, *_ in one), median(y for _, y, _ in one)) for one in tall]


def decoded(modules: Rows) -> str:
    level, mask = _format(modules)
    side = len(modules)
    version = (side - 17) // 4
    bits = [modules[y][x] ^ (MASKS[mask](y, x) == 0) for y, x in _path(side) if not _is_function(y, x, side, version)]
    words = bytes(_number(bits[at : at + 8]) for at in range(0, len(bits) - 7, 8))
    data = [bit for word in _joined(words, ECC[version][level]) for bit in map(int, f"{word:08b}")]
    assert _number(data[:4]) == 0b0100, "not in byte mode"
    header = 12 if version < 10 else 20
    length = _number(data[4:header])
    return bytes(_number(data[at : at + 8]) for at in range(header, header + 8 * length, 8)).decode()


def _number(bits: list[int]) -> int:
    return int("".join(map(str, bits)), 2)


def _format(modules: Rows) -> tuple[int, int]:
    """The level of correction and the mask, whose own control bits must agree."""
    across = [modules[8][x] for x in (0, 1, 2, 3, 4, 5, 7, 8)]
    read = _number(across + [modules[y][8] for y in (7, 5, 4, 3, 2, 1, 0)]) ^ 0x5412
    rest = read
    for shift in range(4, -1, -1):
        rest ^= 0x537 << shift if rest & 1 << (shift + 10) else 0
    assert rest == 0, "the format is unreadable"
    return read >> 13, read >> 10 & 7


def _path(side: int) -> Iterator[tuple[int, int]]:
    """Two columns at a time from the right, up then down; the column of the timing pattern does not count."""
    up = True
    for right in [*range(side - 1, 6, -2), *range(5, 0, -2)]:
        for y in range(side - 1, -1, -1) if up else range(side):
            yield from ((y, right), (y, right - 1))
        up = not up


def _is_function(y: int, x: int, side: int, version: int) -> bool:
    if (y < 9 and (x < 9 or x >= side - 8)) or (y >= side - 8 and x < 9) or 6 in (y, x):
        return True
    if version >= 7 and ((y < 6 and x >= side - 11) or (x < 6 and y >= side - 11)):
        return True
    centres = ALIGNMENT_POS[version - 2] if version > 1 else ()
    corners = {(6, 6), (6, side - 7), (side - 7, 6)}
    return any(abs(y - b) <= 2 and abs(x - a) <= 2 for b in centres for a in centres if (b, a) not in corners)


def _joined(words: bytes, groups: tuple[tuple[int, int, int], ...]) -> bytes:
    """The data of each block, one block after the other; on paper they are dealt out like cards."""
    sizes = [data for count, _, data in groups for _ in range(count)]
    blocks: list[list[int]] = [[] for _ in sizes]
    dealt = iter(words)
    for rank in range(max(sizes)):
        for block, size in zip(blocks, sizes, strict=True):
            if rank < size:
                block.append(next(dealt))
    return bytes(word for block in blocks for word in block)
