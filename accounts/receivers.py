"""What somebody is told as they log in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.middleware import UNSENT

LOST = (
    "Votre session avait pris fin : ce que vous aviez envoyé n’a pas été enregistré. Vérifiez cette page, puis "
    "recommencez."
)


@receiver(user_logged_in)
def tell_what_was_not_recorded(request: HttpRequest | None = None, **_: Any) -> None:
    """A form refused for want of a session led here: the page they land on says that it has to be sent again."""
    if request is not None and UNSENT in request.COOKIES:
        messages.warning(request, LOST)
