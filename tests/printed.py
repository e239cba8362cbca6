"""What a reader sees of a PDF: its words, as poppler extracts them.

Not pypdf's: it does not decode the composed characters of a fallback font, so that a search for a secret could pass
by being blind.
"""

import re
import subprocess


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page, in reading order."""
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return text.split("\f")[:-1]


def words_of(pdf: bytes) -> str:
    """Return the whole text, on one line."""
    return " ".join(" ".join(pages_of(pdf)).split())


def extents_of(pdf: bytes) -> list[tuple[float, float]]:
    """Return where each word begins and ends across its page, in points from the left edge."""
    command = ["pdftotext", "-bbox", "-", "-"]
    boxes = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    found = re.findall(r'<word xMin="([\d.-]+)" yMin="[\d.-]+" xMax="([\d.-]+)"', boxes)
    assert found
    return [(float(left), float(right)) for left, right in found]
