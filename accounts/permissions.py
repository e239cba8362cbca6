"""Rights at the door of a view: what a person may not do, they are not told exists."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db.models import Model
from django.http import Http404, HttpResponse

from accounts.http import Request
from accounts.models import User

View = TypeVar("View", bound=Callable[..., HttpResponse])


def require(permission: str) -> Callable[[View], View]:
    """Answer 404 to those without ``permission`` (for pages that concern no object)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded  # type: ignore[return-value]  # same signature, checked by the caller

    return decorate


def allow_or_404(user: User, permission: str, subject: Model) -> None:
    """Raise Http404 unless ``user`` has ``permission`` on ``subject``."""
    if not user.has_perm(permission, subject):
        raise Http404
