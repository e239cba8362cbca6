"""People who log in, and the roles they hold."""

import uuid
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts import errands
from accounts.enums import Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who logs in with ``email``; without a password they must ask for one by e-mail."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
        RoleGrant.objects.create(user=user, role=Role.ADMINISTRATEUR)
        return user

    def with_role(self, role: Role) -> models.QuerySet["User"]:
        return self.filter(is_active=True, role_grants__role=role).order_by("last_name", "first_name")


class User(AbstractBaseUser, PermissionsMixin):
    """An account: an e-mail address, a name, a password. Civil status lives with the candidate."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("adresse électronique", unique=True)
    first_name = models.CharField("prénom", max_length=100)
    last_name = models.CharField("nom", max_length=100)
    is_active = models.BooleanField("actif", default=True)
    is_staff = models.BooleanField("accès à l’administration technique", default=False)
    date_joined = models.DateTimeField("ouvert le", default=timezone.now)
    shortcuts_enabled = models.BooleanField("raccourcis clavier à une touche", default=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        ordering = ["last_name", "first_name"]
        verbose_name = "compte"
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="one_account_per_email", violation_error_message="Cette adresse a déjà un compte."
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles held, read once per request."""
        return self._held[0]

    @cached_property
    def errands(self) -> frozenset[str]:
        """What was given to this person of the staff beside their roles (``accounts.errands``), read with them."""
        return self._held[1]

    @cached_property
    def _held(self) -> tuple[frozenset[str], frozenset[str]]:
        given = errands.known()
        grants = list(self.role_grants.annotate(**{f"given_{name}": one for name, one in given.items()}))
        roles = frozenset(grant.role for grant in grants)
        found = {name for grant in grants for name in given if getattr(grant, f"given_{name}")}
        return roles, frozenset(found) if roles - {Role.CANDIDATE} else frozenset()

    @property
    def role_labels(self) -> list[str]:
        """The roles held, in words, from grants already fetched."""
        held = {grant.role for grant in self.role_grants.all()}
        return [str(role.label) for role in Role if role in held]

    def has_role(self, *roles: Role) -> bool:
        return self.is_active and not self.roles.isdisjoint(roles)


class RoleGrant(models.Model):
    """One role of one person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="role_grants")
    role = models.CharField("rôle", max_length=20, choices=Role)
    granted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "rôle"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"],
                name="role_granted_once",
                violation_error_message="Cette personne a déjà ce rôle.",
            ),
            models.CheckConstraint(name="role_known", condition=models.Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user} — {self.get_role_display()}"


def display_name(user: User) -> str:
    return str(user)
