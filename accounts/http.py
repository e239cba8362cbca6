"""The request every view of a logged-in person receives."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class Request(HttpRequest):
    """``LoginRequired`` lets nobody else through."""

    user: User
    htmx: HtmxDetails
