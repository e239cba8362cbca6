"""Files made for people who take part in soutenances."""

from datetime import datetime

from assessments.models import Soutenance
from core.calendars import calendar_file


def soutenance_calendar(soutenance: Soutenance, *, ends_at: datetime) -> bytes:
    """The slot as an iCalendar file; its end includes the tiers-temps, which is not named (R-CAN-3)."""
    return calendar_file(
        uid=str(soutenance.pk),
        stamp=soutenance.starts_at,
        summary=f"Soutenance — {soutenance.enrolment.referentiel.certification.title}",
        starts_at=soutenance.starts_at,
        ends_at=ends_at,
        place=soutenance.place,
    )
