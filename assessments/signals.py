"""The only notices sent upward; received in the same transaction, so that what they order commits with its cause."""

from django.dispatch import Signal

evidence_changed = Signal()
"""An enrolment's evidence changed. Arguments: ``enrolment``."""

all_blocs_acquired = Signal()
"""The last of the blocs was acquired (R-VAL-4). Arguments: ``enrolment``, ``by``."""

reopening_asked = Signal()
"""A grille of the enrolment is about to be reopened; a receiver says no by raising a Refusal (R-SCO-8).

Arguments: ``enrolment``, locked.
"""
