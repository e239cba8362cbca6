"""One appointment as an iCalendar file, for a message or a download."""

from datetime import datetime

from icalendar import Calendar, Event


def calendar_file(
    *, uid: str, stamp: datetime, summary: str, starts_at: datetime, place: str, ends_at: datetime | None = None
) -> bytes:
    """The file; the same arguments give the same bytes. ``ends_at`` is None where nobody knows the end."""
    event = Event()
    event.add("uid", f"{uid}@parchemin")
    event.add("dtstamp", stamp)
    event.add("summary", summary)
    event.add("dtstart", starts_at)
    if ends_at:
        event.add("dtend", ends_at)
    event.add("location", place)
    calendar = Calendar()
    calendar.add("prodid", "-//Parchemin//FR")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
