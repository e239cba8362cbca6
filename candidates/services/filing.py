"""A candidate's file: opening it, correcting who they are."""

from datetime import date
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import RoleGrant, User
from candidates.civil_status import CivilStatus
from candidates.models import Candidate
from candidates.signals import civil_status_changed
from core import journal
from core.exceptions import Refusal
from core.operations import made_once


class AccountExists(Refusal):
    """The address already logs somebody in; ``candidate`` is their file, when they have one."""

    def __init__(self, email: str, candidate: Candidate | None) -> None:
        advice = (
            f"c’est celui de {candidate}. Ouvrez son dossier plutôt que d’en créer un second."
            if candidate
            else "ce n’est pas celui d’un candidat. Donnez une autre adresse à ce candidat."
        )
        super().__init__(f"Un compte existe déjà pour {email} : {advice}")
        self.candidate = candidate


def open_file(
    *,
    family_name: str,
    given_names: str,
    birth_date: date,
    birth_place: str,
    email: str,
    by: User,
    usage_name: str = "",
    operation: UUID | None = None,
) -> Candidate:
    """A candidate's civil status and login account; the account has no password until its owner asks for one.

    Raises InvalidCivilStatus, or AccountExists. The same ``operation`` sent twice opens one file.
    """
    status = CivilStatus(family_name, given_names, birth_date, birth_place, usage_name).checked(on=timezone.localdate())
    try:
        return made_once(Candidate, partial(_open, status, email, operation, by), operation=operation, by=by)
    except IntegrityError as error:  # somebody opened it in between
        raise _account_exists(email) from error


def correct_civil_status(candidate: Candidate, *, status: CivilStatus, by: User) -> bool:
    """Write the civil status as it should have been; the account takes its name from it. False when nothing changes.

    The journal keeps what changed, before and after; dossiers made from it become stale (R-JUR-3).
    """
    status = status.checked(on=timezone.localdate())
    with transaction.atomic():
        locked = Candidate.objects.select_for_update().get(pk=candidate.pk)
        before, after = locked.civil_status.as_data(), status.as_data()
        changed = [field for field in after if before[field] != after[field]]
        if not changed:
            return False
        Candidate.objects.filter(pk=locked.pk).update(search_key=status.search_key, **after)
        User.objects.filter(candidate=locked).update(**status.account_names)
        corrected = Candidate.objects.get(pk=locked.pk)
        data = {
            "before": {field: before[field] for field in changed},
            "after": {field: after[field] for field in changed},
            "fingerprint": status.fingerprint,
        }
        journal.record("candidate.civil_status_corrected", corrected, by=by, data=data)
        civil_status_changed.send(Candidate, candidate=corrected, by=by)
    return True


def _open(status: CivilStatus, email: str, operation: UUID | None, by: User) -> Candidate:
    if User.objects.filter(email__iexact=email).exists():
        raise _account_exists(email)
    user = User.objects.create_user(email, **status.account_names)
    RoleGrant.objects.create(user=user, role=Role.CANDIDATE)
    candidate = Candidate.objects.create(
        user=user,
        family_name=status.family_name,
        usage_name=status.usage_name,
        given_names=status.given_names,
        birth_date=status.birth_date,
        birth_place=status.birth_place,
        search_key=status.search_key,
    )
    data = {"fingerprint": status.fingerprint}
    journal.record("candidate.opened", candidate, by=by, operation=operation, data=data)
    return candidate


def _account_exists(email: str) -> AccountExists:
    return AccountExists(email, Candidate.objects.filter(user__email__iexact=email).first())
