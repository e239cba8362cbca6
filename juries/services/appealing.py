"""What a candidate does with an appeal: files it, withdraws it (R-JUR-8)."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from candidates.models import Enrolment
from core import files, jobs, journal
from core.exceptions import InvalidInput, Refusal
from core.fingerprints import sha256_hex
from core.operations import already_made, made_once
from juries.appeal_delay import last_day
from juries.enums import AppealKind, AppealState
from juries.exhibits import inspect_exhibit
from juries.models import Appeal, AppealFile, Decision
from juries.services.appeal_states import locked_appeal, move
from juries.tasks.appeals import RECEIVED, TO_ASSIGN, WITHDRAWN

MOST_FILES = 10
STATEMENT_LIMIT = 20_000  # characters


@dataclass(frozen=True)
class Exhibit:
    """A file as it arrives."""

    source: IO[bytes]
    name: str
    size: int


def file_appeal(
    decision: Decision,
    *,
    kind: AppealKind,
    statement: str,
    exhibits: Iterable[Exhibit],
    by: User,
    operation: UUID | None = None,
) -> Appeal:
    """Contest a published decision; the same ``operation`` sent twice files one appeal.

    Raises Refusal with the reason, and nothing is stored then. ``by`` is the candidate themselves.
    """
    known = already_made(Appeal, operation=operation, by=by)
    if known:
        return known
    statement = _checked(statement)
    exhibits = list(exhibits)
    if len(exhibits) > MOST_FILES:
        raise InvalidInput(f"Joignez {MOST_FILES} fichiers au plus : regroupez-les dans un PDF.")
    inspected = [
        inspect_exhibit(one.source, name=one.name, size=one.size, limit=settings.UPLOAD_LIMIT) for one in exhibits
    ]
    with ExitStack() as stack:
        arrivals = [stack.enter_context(files.arriving(one.source)) for one in exhibits]
        joined = {arrival.sha256: (arrival, *found) for arrival, found in zip(arrivals, inspected, strict=True)}

        def make() -> Appeal:
            appeal = _filed(decision, kind=kind, statement=statement, by=by)
            for arrival, name, media_type in joined.values():
                arrival.settle()
                stored = files.keep(arrival.sha256, media_type=media_type)
                AppealFile.objects.create(appeal=appeal, name=name, file=stored)
            _tell(appeal, by=by, operation=operation, joined=list(joined))
            return appeal

        return made_once(Appeal, make, operation=operation, by=by)


def withdraw_appeal(appeal: Appeal, *, by: User) -> None:
    """The candidate gives it up, as long as nothing is concluded."""
    with transaction.atomic():
        locked = locked_appeal(appeal)
        if locked.decision.enrolment.candidate.user_id != by.pk:
            raise Refusal("Seul le candidat retire son recours.")
        move(locked, to=AppealState.WITHDRAWN, by=by, concluded_at=timezone.now())
        locked.drafts.all().delete()
        if locked.owner_id:
            jobs.order(WITHDRAWN, subject=str(locked.pk), evidence=str(locked.owner_id), label="Avis de recours retiré")


def why_not_contestable(decision: Decision) -> str:
    """Why no appeal can be filed against this published decision now; "" when one can."""
    if decision.session is None or decision.session.published_at is None:
        return "Le résultat n’est pas publié."
    if not Decision.objects.standing_in_public().filter(pk=decision.pk).exists():
        why = "ne décide de rien" if decision.postpones_id else "a été remplacée"
        return f"Cette décision {why} : le recours porte sur celle qui est en vigueur."
    if decision.appeals.pending().exists():
        return "Un recours est déjà en cours sur cette décision : suivez-le, ou retirez-le avant d’en déposer un autre."
    if decision.appeals.filter(state=AppealState.UPHELD).exists():
        return "Votre recours a été accueilli : la décision est réexaminée."
    last = due_on(decision)
    if timezone.localdate() > last:
        return f"Le délai de recours est passé depuis le {last:%d/%m/%Y}."
    return ""


def due_on(decision: Decision) -> date:
    """The last day to contest a published decision, Paris time."""
    session = decision.session
    assert session is not None
    assert session.published_at is not None
    return last_day(timezone.localdate(session.published_at), session.referentiel.reglement.appeal_months)


def _filed(decision: Decision, *, kind: AppealKind, statement: str, by: User) -> Appeal:
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",)).select_related("candidate").get(pk=decision.enrolment_id)
    )
    if enrolment.candidate.user_id != by.pk:
        raise Refusal("Seul le candidat conteste la décision qui le concerne.")
    fresh = Decision.objects.taken().select_related("session__referentiel__reglement").get(pk=decision.pk)
    if why := why_not_contestable(fresh):
        raise Refusal(why)
    return Appeal.objects.create(
        decision=fresh, kind=kind, statement=statement, due_on=due_on(fresh), filed_at=timezone.now()
    )


def _tell(appeal: Appeal, *, by: User, operation: UUID | None, joined: list[str]) -> None:
    """The journal, never with the words of the candidate (R-ALL-4); an acknowledgement; who has to act."""
    data = {
        "decision": str(appeal.decision_id),
        "kind": appeal.kind,
        "due_on": appeal.due_on.isoformat(),
        "length": len(appeal.statement),
        "sha256": sha256_hex(appeal.statement),
        "files": joined,
    }
    journal.record("appeal.filed", appeal, by=by, data=data, operation=operation)
    subject = str(appeal.pk)
    jobs.order(RECEIVED, subject=subject, evidence=subject, label="Accusé de réception d’un recours")
    for manager in User.objects.with_role(Role.GESTIONNAIRE):
        jobs.order(TO_ASSIGN, subject=subject, evidence=str(manager.pk), label="Avis de recours à confier")


def _checked(statement: str) -> str:
    statement = statement.replace("\r\n", "\n").strip()
    if not statement:
        raise InvalidInput("Exposez ce que vous contestez et pourquoi.")
    if len(statement) > STATEMENT_LIMIT:
        raise InvalidInput(
            f"Votre exposé compte {len(statement)} caractères : ramenez-le à {STATEMENT_LIMIT}, et joignez le reste "
            "en PDF."
        )
    return statement
