"""Files made for people who take part in soutenances."""

from datetime import datetime

from assessments.models import Soutenance
from core.calendars import Invitation, calendar_file


def soutenance_calendar(
    soutenance: Soutenance, *, slot: tuple[datetime, datetime], stamp: datetime, invitation: Invitation | None = None
) -> bytes:
    """A ``slot`` of the soutenance as an iCalendar file; the tiers-temps is in its end, and not named (R-CAN-3).

    ``stamp`` is when it is made: what is sent and what is downloaded are one event, of which calendars keep the latest.
    """
    return calendar_file(
        uid=str(soutenance.pk),
        stamp=stamp,
        summary=f"Soutenance — {soutenance.enrolment.referentiel.certification.title}",
        starts_at=slot[0],
        ends_at=slot[1],
        place=soutenance.place,
        invitation=invitation,
    )
