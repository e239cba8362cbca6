"""A decision: proposed by the software, taken by the jury."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from candidates.models import Enrolment
from juries.enums import Outcome, Stage
from juries.models.dossier import Dossier
from juries.models.recusal import barred_for
from juries.models.session import JurySession

if TYPE_CHECKING:
    from accounts.models import User


class DecisionQuerySet(models.QuerySet["Decision"]):
    def proposed(self) -> "DecisionQuerySet":
        return self.filter(stage=Stage.PROPOSED)

    def taken(self) -> "DecisionQuerySet":
        return self.filter(stage=Stage.TAKEN)

    def visible_to(self, user: "User") -> "DecisionQuerySet":
        """Organisers know all; members those of whom they may judge (R-JUR-2); a candidate their own, published."""
        if user.has_perm("juries.view_all"):
            return self
        sitting = Q(session__members__user=user) | Q(
            stage=Stage.PROPOSED, enrolment__candidacies__session__members__user=user
        )
        published = Q(stage=Stage.TAKEN, session__published_at__isnull=False, enrolment__candidate__user=user)
        return self.filter((sitting & ~Q(enrolment__candidate__in=barred_for(user))) | published).distinct()

    def certifying(self) -> "DecisionQuerySet":
        """Taken in a session now closed, and delivering the certification."""
        return self.taken().filter(outcome=Outcome.CERTIFIED, session__closed_at__isnull=False)

    def live(self) -> "DecisionQuerySet":
        """In force, neither superseded nor a mere postponement: at most one per candidate (R-JUR-5)."""
        return self.taken().filter(superseded_by=None, postpones=None)

    def public(self) -> "DecisionQuerySet":
        """Taken and published: what a candidate may know (R-JUR-6, R-CAN-4)."""
        return self.taken().filter(session__published_at__isnull=False)

    def standing_in_public(self) -> "DecisionQuerySet":
        """In force for who knows what is published alone: what a session keeps to itself changes nothing."""
        return self.public().filter(postpones=None).exclude(superseded_by__session__published_at__isnull=False)


class Decision(models.Model):
    """What is proposed, or decided, about one candidate on a named revision of the dossier (R-JUR-3, R-JUR-4).

    ``blocs`` lists the numbers of the blocs the decision acknowledges; ``reasons`` are the proposal's, in French.
    A correction, or what a later jury decides, is a new decision that ``supersedes`` this one (R-JUR-5). A jury that
    adjourns a re-examination has decided nothing yet: it ``postpones`` the decision in question, which stays in force
    (docs/decisions/0010).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="decisions")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="decisions")
    stage = models.CharField("nature", max_length=10, choices=Stage)
    outcome = models.CharField("issue", max_length=10, choices=Outcome)
    blocs = models.JSONField("blocs reconnus", default=list)
    reasons = models.JSONField("raisons", default=list)
    session = models.ForeignKey(JurySession, models.PROTECT, null=True, related_name="decisions")
    motive = models.TextField("motif", blank=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="superseded_by", verbose_name="remplace"
    )
    postpones = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="postponements", verbose_name="laisse en vigueur"
    )
    decided_at = models.DateTimeField("date")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="enregistrée par"
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at"]
        verbose_name = "décision"
        constraints = [
            models.CheckConstraint(
                name="taken_iff_by_a_person_in_a_session",
                condition=Q(stage=Stage.PROPOSED, session=None, decided_by=None, motive="")
                | Q(stage=Stage.TAKEN, session__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(name="decision_outcome_known", condition=Q(outcome__in=Outcome.values)),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(stage=Stage.PROPOSED), name="one_proposal_per_dossier"
            ),
            models.UniqueConstraint(
                fields=["session", "enrolment"],
                condition=Q(stage=Stage.TAKEN),
                name="one_decision_per_candidate_and_session",
            ),
            # With the uniqueness of ``supersedes``: the decisions about a candidate form one line, whose end is live.
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(stage=Stage.TAKEN, supersedes=None, postpones=None),
                name="one_first_decision_per_enrolment",
            ),
            models.CheckConstraint(
                name="a_proposal_supersedes_nothing", condition=Q(stage=Stage.TAKEN) | Q(supersedes=None)
            ),
            models.CheckConstraint(
                name="only_an_adjournment_postpones",
                condition=Q(postpones=None) | Q(stage=Stage.TAKEN, outcome=Outcome.ADJOURNED, supersedes=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} ({self.get_stage_display().lower()})"
