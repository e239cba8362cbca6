"""Who may not judge whom (R-JUR-2)."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from assessments.models import Soutenance
from candidates.models import Enrolment
from juries.models import Candidacy, JurySession, Recusal
from juries.models.recusal import barred_for


def recusal_reasons(user: User, enrolment: Enrolment) -> list[str]:
    """Why ``user`` stands back for this candidate, in words; empty when nothing bars them."""
    reasons = [
        link.get_kind_display().lower()
        for link in enrolment.candidate.declared_links.filter(user=user).order_by("kind")
    ]
    if Soutenance.objects.assigned_to(user).filter(enrolment__candidate=enrolment.candidate_id).exists():
        reasons.append("a évalué le candidat")
    if enrolment.candidate.user_id == user.pk:
        reasons.append("est le candidat")
    declared = Recusal.objects.filter(member__user=user, candidacy__enrolment__candidate=enrolment.candidate_id)
    reasons += declared.values_list("reason", flat=True)
    return reasons


def barred_candidates(user: User, session: JurySession) -> QuerySet[Enrolment]:
    """The candidates of ``session`` for whom ``user`` stands back, in one query."""
    presented = Enrolment.objects.filter(candidacies__session=session, candidate__in=barred_for(user))
    return presented.select_related("candidate")


def barred_members(session: JurySession, enrolment: Enrolment) -> dict[Any, str]:
    """Who of the session stands back for this candidate (user's primary key → why); as many queries as reasons."""
    seated = {member.user_id for member in session.members.all()}
    candidate = enrolment.candidate
    reasons: dict[Any, list[str]] = {}
    for link in candidate.declared_links.filter(user__in=seated).order_by("kind"):
        reasons.setdefault(link.user_id, []).append(link.get_kind_display().lower())
    evaluated = Soutenance.objects.filter(enrolment__candidate=candidate)
    for pair in evaluated.values_list("evaluateur", "second_evaluateur"):
        for user in set(pair) & seated:
            if "a évalué le candidat" not in reasons.setdefault(user, []):
                reasons[user].append("a évalué le candidat")
    if candidate.user_id in seated:
        reasons.setdefault(candidate.user_id, []).append("est le candidat")
    declared = Recusal.objects.filter(member__user__in=seated, candidacy__enrolment__candidate=candidate)
    for user, reason in declared.values_list("member__user", "reason"):
        reasons.setdefault(user, []).append(reason)
    return {user: ", ".join(said) for user, said in reasons.items()}


def known_links(user: User, candidacies: list[Candidacy]) -> list[tuple[Candidacy, str]]:
    """The candidates among these for whom ``user`` stands back without having to say so, and why."""
    barred = set(barred_for(user).values_list("pk", flat=True))
    found = [one for one in candidacies if one.enrolment.candidate_id in barred]
    return [(one, ", ".join(recusal_reasons(user, one.enrolment))) for one in found]
