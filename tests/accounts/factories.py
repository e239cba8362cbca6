"""People for tests: `UserFactory(roles=[Role.EVALUATEUR], password="…")`."""

from collections.abc import Iterable
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.enums import Role
from accounts.models import RoleGrant, User

PASSWORD = "un mot de passe de test"


class UserFactory(DjangoModelFactory[User]):
    """An active account; its password is ``PASSWORD`` unless told otherwise, its ``roles`` are none by default."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne-{n}@exemple.fr")
    first_name = "Camille"
    last_name = factory.Sequence(lambda n: f"Martin {n}")
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(*args, **kwargs)

    @factory.post_generation
    def roles(self: User, create: bool, granted: Iterable[Role] | None, **_: Any) -> None:
        if create:
            RoleGrant.objects.bulk_create(RoleGrant(user=self, role=role) for role in granted or ())
            self.__dict__.pop("roles", None)
