"""The person who is certified, and the people who may not judge them."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from candidates.civil_status import SEARCH_KEY_LIMIT, CivilStatus
from candidates.enums import LinkKind

if TYPE_CHECKING:
    from accounts.models import User


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def visible_to(self, user: "User") -> "CandidateQuerySet":
        """A candidate sees themselves (R-CAN-4); the people who manage candidates see all."""
        return self if user.has_perm("candidates.view_all") else self.filter(user=user)


class Candidate(models.Model):
    """Civil status, as it will be printed on the parchemin; apart from the login account.

    ``search_key`` is what services make of the names for lists to search in and sort by.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="candidate", verbose_name="compte"
    )
    family_name = models.CharField("nom de naissance", max_length=150)
    usage_name = models.CharField("nom d’usage", max_length=150, blank=True)
    given_names = models.CharField("prénoms", max_length=150)
    birth_date = models.DateField("date de naissance")
    birth_place = models.CharField("lieu de naissance", max_length=150)
    search_key = models.CharField("clé de recherche", max_length=SEARCH_KEY_LIMIT, blank=True, editable=False)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["family_name", "given_names"]
        verbose_name = "candidat"
        constraints = [
            models.CheckConstraint(
                name="candidate_has_a_name",
                condition=~Q(family_name="") & ~Q(given_names=""),
                violation_error_message="Indiquez le nom de naissance et les prénoms.",
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Given names then NAME, with the usage name when there is one."""
        usage = f" (usage : {self.usage_name.upper()})" if self.usage_name else ""
        return f"{self.given_names} {self.family_name.upper()}{usage}"

    @property
    def civil_status(self) -> CivilStatus:
        return CivilStatus(
            family_name=self.family_name,
            usage_name=self.usage_name,
            given_names=self.given_names,
            birth_date=self.birth_date,
            birth_place=self.birth_place,
        )


class DeclaredLink(models.Model):
    """A declared link that bars a person from judging a candidate."""

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="declared_links", verbose_name="candidat")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="declared_links", verbose_name="personne"
    )
    kind = models.CharField("lien", max_length=10, choices=LinkKind)

    class Meta:
        verbose_name = "lien déclaré"
        verbose_name_plural = "liens déclarés"
        constraints = [models.UniqueConstraint(fields=["candidate", "user", "kind"], name="link_declared_once")]

    def __str__(self) -> str:
        return f"{self.user} : {self.get_kind_display()}"
