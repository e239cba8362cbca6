"""The votes of a jury about one candidate (R-JUR-4)."""

import uuid

from django.db import models
from django.db.models import Q

from juries.enums import Outcome
from juries.models.session import Candidacy, JuryMember


class Ballot(models.Model):
    """One round of voting. Its ``tally`` counts the votes by outcome; ``result`` is what they decide once it is closed.

    ``casting`` is the president's vote, which settles a tie. Of a secret ballot, nothing says who voted what: each
    vote only adds to the tally, and the president's is kept because it may have to settle.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="ballots")
    number = models.PositiveSmallIntegerField("tour")
    is_secret = models.BooleanField("secret")
    tally = models.JSONField("décompte", default=dict)
    casting = models.CharField("voix du président", max_length=10, choices=Outcome, blank=True)
    result = models.CharField("résultat", max_length=10, choices=Outcome, blank=True)
    opened_at = models.DateTimeField("ouvert le")
    closed_at = models.DateTimeField("clos le", null=True)

    class Meta:
        ordering = ["candidacy", "number"]
        verbose_name = "scrutin"
        constraints = [
            models.UniqueConstraint(fields=["candidacy", "number"], name="one_ballot_per_round"),
            models.UniqueConstraint(
                fields=["candidacy"], condition=Q(closed_at=None), name="one_open_ballot_per_candidate"
            ),
            models.CheckConstraint(name="ballot_has_no_result_while_open", condition=~Q(closed_at=None) | Q(result="")),
        ]

    def __str__(self) -> str:
        return f"Scrutin {self.number} sur {self.candidacy}"


class Vote(models.Model):
    """That a member voted, once; and what, unless the ballot is secret."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="votes")
    member = models.ForeignKey(JuryMember, models.PROTECT, related_name="votes")
    outcome = models.CharField("vote", max_length=10, choices=Outcome, blank=True)
    cast_at = models.DateTimeField("exprimé le")

    class Meta:
        ordering = ["member"]
        verbose_name = "vote"
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "member"],
                name="one_vote_per_member_and_ballot",
                violation_error_message="Vous avez déjà voté dans ce scrutin.",
            )
        ]

    def __str__(self) -> str:
        return f"Vote de {self.member}"
