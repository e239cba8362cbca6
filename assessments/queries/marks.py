"""From a stored mark to its content."""

from assessments.marks import MarkValue
from assessments.models import Mark


def value_of(mark: Mark) -> MarkValue:
    """The content of a stored mark."""
    return MarkValue(
        mark.verdict,
        mark.comment,
        mark.private_note,
        mark.questions,
        tuple(mark.ticks),
        mark.counted,
        mark.to_ask,
    )
