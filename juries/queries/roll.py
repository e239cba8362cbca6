"""What whoever calls the roll should know before the session opens; nothing here forbids it (R-JUR-1)."""

from datetime import datetime

from django.utils import timezone

from juries.models import JurySession


def roll_warnings(session: JurySession, *, now: datetime) -> list[str]:
    """That it is early, that members were not convoked: in words, empty when there is nothing to say."""
    warnings = []
    if now < session.held_at:
        warnings.append(f"La session est convoquée à {_hour(session.held_at)}\u00a0: il est {_hour(now)}.")
    silent = session.members.filter(convoked_at=None).count()
    if silent > 1:
        warnings.append(f"{silent} membres n’ont pas été convoqués.")
    elif silent:
        warnings.append("1 membre n’a pas été convoqué.")
    return warnings


def _hour(at: datetime) -> str:
    """In Paris, as it is said: 14 h, 9 h 41."""
    local = timezone.localtime(at)
    return f"{local.hour}\u00a0h" + (f"\u00a0{local.minute:02}" if local.minute else "")
