"""Appeals as their pages show them, and who may instruct one (R-JUR-8)."""

from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When

from accounts.enums import Role
from accounts.models import User
from assessments.models import Soutenance
from candidates.models import DeclaredLink, Enrolment
from juries.enums import APPEAL_ENDS, Stage
from juries.models import Appeal, AppealFile, Decision, JuryMember, Recusal
from juries.queries.recusals import recusal_reasons

STAFF = frozenset(Role) - {Role.CANDIDATE}


def appeals_for(user: User) -> QuerySet[Appeal]:
    """The appeals this person may read, with what a page says of each."""
    return Appeal.objects.visible_to(user).select_related(
        "decision__enrolment__candidate",
        "decision__enrolment__referentiel__certification",
        "decision__session",
        "owner",
    )


def listed_appeals(user: User, *, pending: bool) -> QuerySet[Appeal]:
    """Those that wait for somebody first, the oldest of them at the top; then the latest concluded."""
    over = Case(When(state__in=APPEAL_ENDS, then=Value(1)), default=Value(0), output_field=IntegerField())
    found = appeals_for(user).annotate(over=over).order_by("over", "filed_at")
    return found.pending() if pending else found  # type: ignore[attr-defined]  # an AppealQuerySet


def given_to_instruct() -> Exists:
    """The errand: the person whose role is at hand was given an appeal, concluded or not (``accounts.errands``)."""
    return Exists(Appeal.objects.filter(owner=OuterRef("user")))


def exhibits_for(user: User) -> QuerySet[AppealFile]:
    return AppealFile.objects.filter(appeal__in=Appeal.objects.visible_to(user)).select_related("file")


def contestable_by(user: User) -> QuerySet[Decision]:
    """The published decisions about this person: what they may contest, as long as the delay runs."""
    return (
        Decision.objects.public()
        .filter(enrolment__candidate__user=user)
        .select_related(
            "enrolment__candidate", "enrolment__referentiel__certification", "session__referentiel__reglement"
        )
    )


def objections_to(user: User, decision: Decision) -> list[str]:
    """Why ``user`` may not instruct an appeal against ``decision``, in words; empty when they may."""
    objections = []
    if not user.is_active:
        objections.append("son compte est fermé")
    if not STAFF & user.roles:
        objections.append("n’est pas de l’équipe du certificateur")
    objections += recusal_reasons(user, decision.enrolment)
    if _judges(decision.enrolment).filter(user=user).exists():
        objections.append("siégeait au jury qui a décidé")
    return objections


def lawful_instructors(decision: Decision) -> QuerySet[User]:
    """Everybody to whom ``objections_to`` finds nothing to object, in one query."""
    candidate = decision.enrolment.candidate_id
    soutenances = Soutenance.objects.filter(enrolment__candidate=candidate)
    return (
        User.objects.filter(is_active=True, role_grants__role__in=STAFF)
        .exclude(pk__in=soutenances.values("evaluateur"))
        .exclude(pk__in=soutenances.exclude(second_evaluateur=None).values("second_evaluateur"))
        .exclude(pk__in=DeclaredLink.objects.filter(candidate=candidate).values("user"))
        .exclude(pk__in=Recusal.objects.filter(candidacy__enrolment__candidate=candidate).values("member__user"))
        .exclude(pk__in=_judges(decision.enrolment).values("user"))
        .exclude(candidate=candidate)
        .distinct()
        .order_by("last_name", "first_name")
    )


def _judges(enrolment: Enrolment) -> QuerySet[JuryMember]:
    """The members of every session that has decided on ``enrolment``."""
    decided = Decision.objects.filter(enrolment=enrolment, stage=Stage.TAKEN)
    return JuryMember.objects.filter(session__in=decided.values("session"))
