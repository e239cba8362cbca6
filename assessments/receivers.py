"""What the assessments do when something below them changes."""

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from assessments.services.planning import apply_extra_time
from assessments.services.recognising import recognise
from candidates.models import Enrolment
from candidates.signals import accommodations_changed, enrolled


@receiver(accommodations_changed)
def lengthen_slots(sender: Any, *, enrolment: Enrolment, by: User, **_: Any) -> None:
    """The slots to come follow the tiers-temps (R-CAN-3)."""
    apply_extra_time(enrolment, by=by)


@receiver(enrolled)
def recognise_blocs(sender: Any, *, enrolment: Enrolment, by: User, **_: Any) -> None:
    """What the candidate acquired on another version is theirs on this one, where it declares it (R-CAN-1)."""
    recognise(enrolment, by=by)
