"""What a route works on and what it was sent: the caller, a version they prepare, values of their own type, a mark."""

from collections.abc import Collection
from typing import Any, cast

from django.db import models
from django.forms import BaseForm
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from accounts.models import User
from core.exceptions import InvalidInput, VersionRequired
from referentiel.models import Referentiel
from referentiel.nodes import InvalidNode
from referentiel.queries.tree import with_head
from referentiel.validation import type_problem

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="Le champ « mark » de ce qui a été lu"
)


def person(request: Request) -> User:
    return cast("User", request.user)


def refuse_strangers(request: Request) -> None:
    """For those who do not prepare référentiels these routes do not exist."""
    if not person(request).has_perm("referentiel.edit"):
        raise Http404


def version_to_prepare(request: Request, pk: int) -> Referentiel:
    """The version to change; the services refuse it, in words, when it is published."""
    refuse_strangers(request)
    found: Referentiel = get_object_or_404(with_head(Referentiel.objects.visible_to(person(request))), pk=pk)
    return found


def valid(sent: BaseSerializer[Any]) -> dict[str, Any]:
    sent.is_valid(raise_exception=True)
    return cast("dict[str, Any]", sent.validated_data)


def seen_in(request: Request) -> str:
    """The mark of what the change starts from (R-SCO-4)."""
    seen = request.headers.get("If-Match")
    if seen is None:
        raise VersionRequired("L’en-tête If-Match doit porter la marque (mark) de ce dont part la modification.")
    return seen.strip().removeprefix("W/").strip('"')


def marked(mark: str) -> dict[str, str]:
    """The headers of an answer whose next change sends ``mark`` back."""
    return {"ETag": f'"{mark}"'}


def typed(model: type[models.Model], fields: Collection[str], sent: Any) -> dict[str, Any]:
    """The fields sent, among these and of their own type: a form reads anything, and writes a list as words."""
    if not isinstance(sent, dict) or not set(sent) <= set(fields):
        raise InvalidInput(f"Les champs attendus sont : {', '.join(fields)}.")
    told = {name: type_problem(model._meta.get_field(name), value) for name, value in sent.items()}
    if wrong := {name: [f"{name} : {problem}"] for name, problem in told.items() if problem}:
        raise InvalidNode(wrong)
    return sent


def read(form: BaseForm, fields: Collection[str]) -> dict[str, Any]:
    """The values as the pages read them; raises InvalidNode with the French problem of each field."""
    if not form.is_valid():
        raise InvalidNode({name: [str(error) for error in errors] for name, errors in form.errors.items()})
    return {name: form.cleaned_data[name] for name in fields}
