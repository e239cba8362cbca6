"""French typography for what the interface itself says. Never used on a text that must stay as its author wrote it."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import template

register = template.Library()

PARIS = ZoneInfo("Europe/Paris")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
NO_BREAK = "\u00a0"
NARROW_NO_BREAK = "\u202f"
BEFORE_HIGH = re.compile(r"(?<=\S)[ \u00a0]([;?!»])")
BEFORE_COLON = re.compile(r"(?<=\S)[ \u202f](:)(?=\s|$)")
AFTER_QUOTE = re.compile(r"«[ \u202f]?(?=\S)")


@register.filter
def date_fr(value: date | datetime | str | None) -> str:
    """Return « 12 mars 2026 », unbreakable between day and month; an instant is told in Paris time."""
    moment = _moment(value)
    if moment is None:
        return ""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        moment = moment.astimezone(PARIS)
    day = "1er" if moment.day == 1 else str(moment.day)
    return f"{day}{NO_BREAK}{MONTHS[moment.month - 1]} {moment.year}"


@register.filter
def datetime_fr(value: date | datetime | str | None) -> str:
    """Return « 12 mars 2026 à 14 h 30 » in Paris time; a bare date is told as a date."""
    moment = _moment(value)
    if not isinstance(moment, datetime):
        return date_fr(moment)
    local = moment.astimezone(PARIS) if moment.tzinfo is not None else moment
    return f"{date_fr(local)} à{NO_BREAK}{_hour(local)}"


@register.filter
def day_fr(value: datetime) -> str:
    """Return « jeudi 12 mars 2026 » in Paris time, unbreakable up to the month."""
    local = value.astimezone(PARIS)
    return f"{DAYS[local.weekday()]}{NO_BREAK}{date_fr(local)}"


@register.filter
def time_fr(value: datetime) -> str:
    """Return « 9 h 05 » in Paris time."""
    return _hour(value.astimezone(PARIS) if value.tzinfo is not None else value)


def _hour(local: datetime) -> str:
    return f"{local.hour}{NO_BREAK}h{NO_BREAK}{local.minute:02d}"


@register.filter
def stopwatch(value: timedelta | int) -> str:
    """Return « 26:40 », minutes and seconds (a duration, or whole seconds); hours are minutes too."""
    whole = int(value.total_seconds()) if isinstance(value, timedelta) else value
    minutes, seconds = divmod(whole, 60)
    return f"{minutes:02d}:{seconds:02d}"


@register.filter
def typo(text: str) -> str:
    """Make the spaces of French punctuation unbreakable: narrow before ; ? ! », full before : and after «."""
    text = BEFORE_HIGH.sub(rf"{NARROW_NO_BREAK}\1", str(text))
    text = BEFORE_COLON.sub(rf"{NO_BREAK}\1", text)
    return AFTER_QUOTE.sub(f"«{NARROW_NO_BREAK}", text)


def _moment(value: date | datetime | str | None) -> date | datetime | None:
    if not value:
        return None
    if not isinstance(value, str):
        return value
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
