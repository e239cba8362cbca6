"""What a person may change of their own account."""

from django.db import transaction

from accounts.models import User
from core import journal


def set_shortcuts(user: User, *, enabled: bool) -> None:
    """Switch the single-key shortcuts (WCAG 2.1.4) of this person on or off; the same answer twice writes once."""
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk, shortcuts_enabled=not enabled).update(shortcuts_enabled=enabled)
        if changed:
            journal.record("account.shortcuts_set", user, by=user, data={"enabled": enabled})
    user.shortcuts_enabled = enabled
