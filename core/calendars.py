"""One appointment as an iCalendar file, for a message or a download (RFC 5545, RFC 5546)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from icalendar import Calendar, Event, vCalAddress

_ORIGIN = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Invitation:
    """Who calls whom, by their addresses; ``CANCEL`` takes back what an earlier ``REQUEST`` of the same uid said."""

    organizer: str
    attendee: str
    method: Literal["REQUEST", "CANCEL"] = "REQUEST"


def calendar_file(
    *,
    uid: str,
    stamp: datetime,
    summary: str,
    starts_at: datetime,
    place: str,
    ends_at: datetime | None = None,
    invitation: Invitation | None = None,
) -> bytes:
    """The file; the same arguments give the same bytes. ``ends_at`` is None where nobody knows the end.

    ``stamp`` is the moment of making. The event is numbered after it: of two with the same uid, calendars keep the
    later one, whatever became meanwhile of the row it speaks of.
    """
    event = Event()
    event.add("uid", f"{uid}@parchemin")
    event.add("dtstamp", stamp)
    event.add("summary", summary)
    event.add("dtstart", starts_at)
    if ends_at:
        event.add("dtend", ends_at)
    event.add("location", place)
    event.add("sequence", int((stamp - _ORIGIN).total_seconds()))
    calendar = Calendar()
    calendar.add("prodid", "-//Parchemin//FR")
    calendar.add("version", "2.0")
    if invitation:
        calendar.add("method", invitation.method)
        _invite(event, invitation)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _invite(event: Event, invitation: Invitation) -> None:
    """No answer is asked for: the address that sends reads none."""
    event.add("status", "CANCELLED" if invitation.method == "CANCEL" else "CONFIRMED")
    event.add("organizer", vCalAddress(f"mailto:{invitation.organizer}"))
    attendee = vCalAddress(f"mailto:{invitation.attendee}")
    attendee.params["RSVP"] = "FALSE"
    event.add("attendee", attendee)
