"""Notices sent upward, received in the same transaction."""

from django.dispatch import Signal

accommodations_changed = Signal()
"""An enrolment's standing measures changed (R-CAN-3). Arguments: ``enrolment``, ``by``."""

enrolled = Signal()
"""A candidate was enrolled: what they acquired elsewhere may be recognised (R-CAN-1).

Arguments: ``enrolment``, ``by``.
"""

civil_status_changed = Signal()
"""A civil status was corrected: what was printed from it is out of date. Arguments: ``candidate``, ``by``."""
