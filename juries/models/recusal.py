"""Whom a person may not judge, as one condition for every query (R-JUR-2)."""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from candidates.models import Candidate

if TYPE_CHECKING:
    from accounts.models import User


def barred_for(user: "User") -> QuerySet[Candidate]:
    """The candidates ``user`` is linked to, evaluated in whatever enrolment, is, or declared a conflict about."""
    return Candidate.objects.filter(
        Q(declared_links__user=user)
        | Q(enrolments__soutenances__evaluateur=user)
        | Q(enrolments__soutenances__second_evaluateur=user)
        | Q(user=user)
        | Q(enrolments__candidacies__recusals__member__user=user)
    )
