"""Who may come in, and as what: what an administrateur decides about other people's accounts, journaled."""

from collections.abc import Collection
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import RoleGrant, User
from core import journal
from core.exceptions import InvalidInput, Refusal
from core.operations import made_once

GIVEN_HERE = tuple(role for role in Role if role != Role.CANDIDATE)
"""A candidate becomes one when a gestionnaire opens their file, and by no other way."""

_LAST = "C’est le dernier administrateur actif : donnez d’abord ce rôle à une autre personne."


def open_account(
    *,
    email: str,
    first_name: str,
    last_name: str,
    roles: Collection[str],
    reason: str,
    by: User,
    operation: UUID | None = None,
) -> User:
    """An account without password, whose holder chooses one by e-mail; the same ``operation`` sent twice opens one."""
    _refuse_without(reason)
    make = partial(_open, email, first_name, last_name, roles, reason, by, operation)
    try:
        return made_once(User, make, operation=operation, by=by)
    except IntegrityError as error:  # somebody opened it in between
        raise _account_exists(email) from error


def change_roles(person: User, *, roles: Collection[str], reason: str, by: User) -> bool:
    """Give and take roles, those of ``GIVEN_HERE`` only; False when these are the ones already held.

    It takes effect at the person's next request. What the administrateur's role opened besides goes with it.
    """
    _refuse_without(reason)
    with transaction.atomic():
        administrateurs = _locked_administrateurs()
        held = set(RoleGrant.objects.filter(user=person, role__in=GIVEN_HERE).values_list("role", flat=True))
        given, taken = _known(roles) - held, held - set(roles)
        if not given and not taken:
            return False
        if Role.ADMINISTRATEUR in taken:
            _refuse_losing(person, by, administrateurs)
            User.objects.filter(pk=person.pk).update(is_staff=False, is_superuser=False)
        RoleGrant.objects.filter(user=person, role__in=taken).delete()
        RoleGrant.objects.bulk_create(RoleGrant(user=person, role=role) for role in sorted(given))
        data = {"given": sorted(given), "taken": sorted(taken)}
        journal.record("account.roles_changed", person, by=by, reason=reason.strip(), data=data)
    person.__dict__.pop("roles", None)
    return True


def set_active(person: User, *, active: bool, reason: str, by: User) -> bool:
    """Close an account, or open it again; what its holder did stays theirs. False when it already is so.

    Closed, it no longer logs in and its sessions and tokens stop at once.
    """
    _refuse_without(reason)
    with transaction.atomic():
        administrateurs = _locked_administrateurs()
        found = User.objects.select_for_update().get(pk=person.pk)
        if found.is_active == active:
            return False
        if not active:
            _refuse_closing(found, by, administrateurs)
        User.objects.filter(pk=found.pk).update(is_active=active)
        verb = "account.reopened" if active else "account.closed"
        journal.record(verb, found, by=by, reason=reason.strip())
    return True


def _open(
    email: str,
    first_name: str,
    last_name: str,
    roles: Collection[str],
    reason: str,
    by: User,
    operation: UUID | None,
) -> User:
    if User.objects.filter(email__iexact=email).exists():
        raise _account_exists(email)
    person = User.objects.create_user(email, first_name=first_name, last_name=last_name)
    given = sorted(_known(roles))
    RoleGrant.objects.bulk_create(RoleGrant(user=person, role=role) for role in given)
    data = {"roles": given}
    journal.record("account.opened", person, by=by, reason=reason.strip(), data=data, operation=operation)
    return person


def _account_exists(email: str) -> Refusal:
    return Refusal(f"Un compte existe déjà pour {email} : ouvrez-le plutôt que d’en créer un second.")


def _known(roles: Collection[str]) -> set[str]:
    if strangers := set(roles) - set(GIVEN_HERE):
        raise InvalidInput(f"Ce rôle ne se donne pas ici : {', '.join(sorted(strangers))}.")
    return set(roles)


def _locked_administrateurs() -> set[UUID]:
    """The active ones, held until the end of the transaction: two of them never take the role from each other."""
    grants = RoleGrant.objects.select_for_update(of=("self",)).filter(role=Role.ADMINISTRATEUR).order_by("pk")
    holders = [grant.user_id for grant in grants]
    return set(User.objects.filter(pk__in=holders, is_active=True).values_list("pk", flat=True))


def _refuse_losing(person: User, by: User, administrateurs: set[UUID]) -> None:
    if person.pk == by.pk:
        raise Refusal("Personne ne se retire le rôle d’administrateur : demandez-le à un autre administrateur.")
    if administrateurs <= {person.pk}:
        raise Refusal(_LAST)


def _refuse_closing(person: User, by: User, administrateurs: set[UUID]) -> None:
    if person.pk == by.pk:
        raise Refusal("Personne ne ferme son propre compte : demandez-le à un autre administrateur.")
    if administrateurs == {person.pk}:
        raise Refusal(_LAST)


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("Indiquez le motif : il reste au journal.")
