"""Until when a decision may be contested (R-JUR-8). Pure: days are those of Paris."""

from calendar import monthrange
from datetime import date

MONTHS = 12


def last_day(published_on: date, months: int) -> date:
    """The day of the same number ``months`` later, else the last of that month (C. proc. civ., art. 641); included."""
    years, month = divmod(published_on.month - 1 + months, MONTHS)
    year, month = published_on.year + years, month + 1
    return date(year, month, min(published_on.day, monthrange(year, month)[1]))
