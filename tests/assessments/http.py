"""The API of marks as a client calls it."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessments.models import Grille

ACQUIS = {"verdict": "acquis", "comment": "", "private_note": ""}


def client_of(user: User, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def put_mark(
    client: Client,
    grille: Grille,
    critere: int,
    body: Any = None,
    *,
    version: str | int | None = 0,
    operation: UUID | str | None = "",
    content_type: str = "application/json",
) -> HttpResponse:
    """PUT one CE; ``version`` may be a whole header, and None leaves a header out."""
    headers = {}
    if version is not None:
        headers["If-Match"] = version if isinstance(version, str) else f'"{version}"'
    if operation is not None:
        headers["Idempotency-Key"] = str(operation or uuid4())
    return client.put(
        reverse("api:mark", args=[grille.soutenance_id, critere]),
        ACQUIS if body is None else body,
        content_type=content_type,
        headers=headers,
    )
