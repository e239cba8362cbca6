"""A meeting of the jury: its members, its president, its candidates."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from candidates.models import Enrolment
from juries.enums import Capacity, Civility, Hearing, Presence, SessionState
from referentiel.models import Referentiel

if TYPE_CHECKING:
    from accounts.models import User


class JurySessionQuerySet(models.QuerySet["JurySession"]):
    def visible_to(self, user: "User") -> "JurySessionQuerySet":
        """Members see the sessions they sit on; those who organise them see all."""
        return self if user.has_perm("juries.view_all") else self.filter(members__user=user)


class JurySession(models.Model):
    """A session on one version of a référentiel."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referentiel = models.ForeignKey(
        Referentiel, models.PROTECT, related_name="jury_sessions", verbose_name="référentiel"
    )
    name = models.CharField("intitulé", max_length=150)
    held_at = models.DateTimeField("date")
    place = models.CharField("lieu ou lien de visioconférence", max_length=300)
    state = models.CharField("état", max_length=10, choices=SessionState, default=SessionState.PREPARING)
    opened_at = models.DateTimeField("ouverte le", null=True)
    closed_at = models.DateTimeField("close le", null=True)
    published_at = models.DateTimeField("résultats publiés le", null=True)
    current = models.ForeignKey(
        "juries.Candidacy", models.SET_NULL, null=True, related_name="+", verbose_name="candidat en délibération"
    )

    objects = JurySessionQuerySet.as_manager()

    class Meta:
        ordering = ["-held_at"]
        verbose_name = "session de jury"
        verbose_name_plural = "sessions de jury"
        constraints = [
            models.CheckConstraint(
                name="session_dated_as_far_as_it_went",
                condition=Q(state=SessionState.PREPARING, opened_at=None, closed_at=None, published_at=None)
                | Q(state=SessionState.OPEN, opened_at__isnull=False, closed_at=None, published_at=None)
                | Q(state=SessionState.CLOSED, opened_at__isnull=False, closed_at__isnull=False, published_at=None)
                | Q(
                    state=SessionState.PUBLISHED,
                    opened_at__isnull=False,
                    closed_at__isnull=False,
                    published_at__isnull=False,
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_closed(self) -> bool:
        return self.state in (SessionState.CLOSED, SessionState.PUBLISHED)


class JuryMember(models.Model):
    """A person who sits on a session, in a capacity."""

    session = models.ForeignKey(JurySession, models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="jury_memberships", verbose_name="personne"
    )
    capacity = models.CharField("qualité", max_length=10, choices=Capacity)
    is_president = models.BooleanField("préside", default=False)
    is_substitute = models.BooleanField("suppléant", default=False)
    civility = models.CharField("civilité", max_length=10, choices=Civility, blank=True)
    declared_at = models.DateTimeField("conflits d’intérêts déclarés le", null=True)
    convoked_at = models.DateTimeField("convoqué le", null=True)
    presence = models.CharField("présence", max_length=10, choices=Presence, default=Presence.EXPECTED)

    class Meta:
        ordering = ["-is_president", "is_substitute", "user__last_name", "user__first_name"]
        verbose_name = "membre du jury"
        constraints = [
            models.UniqueConstraint(
                fields=["session", "user"],
                name="member_sits_once",
                violation_error_message="Cette personne siège déjà dans cette session.",
            ),
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(is_president=True),
                name="one_president_per_session",
                violation_error_message="Cette session a déjà un président.",
            ),
            models.CheckConstraint(
                name="president_is_no_substitute",
                condition=~Q(is_president=True, is_substitute=True),
                violation_error_message="Un suppléant ne préside pas : donnez-lui un siège de titulaire.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Candidacy(models.Model):
    """A candidate before a session, on their dossier or to be heard; or again, when a decision is re-examined.

    ``reexamines`` is the decision in question and ``reexamination_reason`` why (an appeal upheld, an error found).
    ``heard_at`` is the hour at which the candidate is to be heard, if at all; ``hearing`` is what was found of it, ""
    while nothing is noted, and ``hearing_held_at`` the hour at which they were heard.
    """

    session = models.ForeignKey(JurySession, models.CASCADE, related_name="candidacies")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="candidacies", verbose_name="candidat")
    heard_at = models.DateTimeField("entendu à", null=True)
    convoked_at = models.DateTimeField("convoqué le", null=True)
    hearing = models.CharField("audition", max_length=6, choices=Hearing, blank=True)
    hearing_held_at = models.DateTimeField("audition tenue à", null=True)
    hearing_noted_at = models.DateTimeField("audition notée le", null=True)
    hearing_noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="audition notée par"
    )
    reexamines = models.ForeignKey(
        "juries.Decision", models.PROTECT, null=True, related_name="reexaminations", verbose_name="décision réexaminée"
    )
    reexamination_reason = models.TextField("motif du réexamen", blank=True)

    class Meta:
        ordering = ["enrolment__candidate__family_name", "enrolment__candidate__given_names", "pk"]
        verbose_name = "candidat de la session"
        constraints = [
            models.UniqueConstraint(
                fields=["session", "enrolment"],
                name="candidate_once_per_session",
                violation_error_message="Ce candidat est déjà inscrit à cette session.",
            ),
            models.CheckConstraint(
                name="reexamined_iff_with_a_reason",
                condition=Q(reexamines=None, reexamination_reason="")
                | (Q(reexamines__isnull=False) & ~Q(reexamination_reason="")),
            ),
            models.CheckConstraint(
                name="hearing_noted_by_somebody_of_who_was_to_be_heard",
                condition=Q(hearing="", hearing_held_at=None, hearing_noted_at=None, hearing_noted_by=None)
                | Q(
                    Q(hearing=Hearing.HEARD, hearing_held_at__isnull=False)
                    | Q(hearing=Hearing.ABSENT, hearing_held_at=None),
                    heard_at__isnull=False,
                    hearing_noted_at__isnull=False,
                    hearing_noted_by__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.enrolment)
