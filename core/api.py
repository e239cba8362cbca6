"""How the API says no: one shape, one French sentence."""

from typing import Any

from django.http import Http404
from rest_framework.exceptions import NotFound
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from core.exceptions import Refusal

NOT_FOUND = "Cela n’existe pas, ou n’est pas pour vous."


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """A domain refusal answers its own status with ``{"detail": sentence}``, and ``field`` if one is to blame."""
    if isinstance(error, Refusal):
        blamed = {"field": error.field} if error.field else {}
        return Response({"detail": str(error), **blamed}, status=error.status)
    if isinstance(error, Http404):
        error = NotFound(NOT_FOUND)
    return default_handler(error, context)


class Pages(LimitOffsetPagination):
    """Lists by pages of at most 200; a number that no database can count to is the last page's."""

    max_limit = 200
    furthest = 10_000_000

    def get_offset(self, request: Request) -> int:
        return min(super().get_offset(request), self.furthest)
