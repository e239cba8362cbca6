"""Reads of the page « Personnes et rôles », in a number of queries that does not grow with what it shows."""

from functools import reduce
from operator import and_

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import RoleGrant, User

_WORDS = 8  # a search uses no more


def people_found(*, words: str = "", role: str = "") -> QuerySet[User]:
    """Accounts whose name or address holds every word, with this role if any, each with its roles."""
    found = User.objects.filter(reduce(and_, (_holds(word) for word in words.split()[:_WORDS]), Q()))
    if role:
        found = found.filter(Exists(RoleGrant.objects.filter(user=OuterRef("pk"), role=role)))
    return found.prefetch_related("role_grants").order_by("last_name", "first_name", "pk")


def _holds(word: str) -> Q:
    return Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
