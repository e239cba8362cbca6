"""Files made for people who take part in soutenances."""

from datetime import datetime

from icalendar import Calendar, Event

from assessments.models import Soutenance


def soutenance_calendar(soutenance: Soutenance, *, ends_at: datetime) -> bytes:
    """The slot as an iCalendar file; its end includes the tiers-temps, which is not named (R-CAN-3)."""
    event = Event()
    event.add("uid", f"{soutenance.pk}@parchemin")
    event.add("dtstamp", soutenance.starts_at)
    event.add("summary", f"Soutenance — {soutenance.enrolment.referentiel.certification.title}")
    event.add("dtstart", soutenance.starts_at)
    event.add("dtend", ends_at)
    event.add("location", soutenance.place)
    calendar = Calendar()
    calendar.add("prodid", "-//Parchemin//soutenances//FR")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
