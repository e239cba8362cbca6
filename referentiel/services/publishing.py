"""Publication, which freezes a version, and retirement (R-REF-1)."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import journal
from core.exceptions import Refusal
from referentiel.completeness import Problem, problems_of
from referentiel.content import fingerprint_of
from referentiel.enums import ASK_TRANSITIONS, AskState, ReferentielState
from referentiel.models import Publication, PublicationRequest, Referentiel
from referentiel.queries.tree import content_of
from referentiel.services.drafts import locked, locked_draft


class Incomplete(Refusal):
    """The tree is not complete; ``problems`` says where and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        told = " ".join(f"{problem.where} : {problem.message}" for problem in problems[:5])
        super().__init__(f"Ce référentiel est incomplet, il ne peut pas être publié. {told}")


def publish(referentiel: Referentiel, *, by: User) -> Publication:
    """Freeze a complete draft at one person's word, where the installation allows it.

    Raises Incomplete, Frozen, or Refusal where ``PUBLICATION_NEEDS_TWO``.
    """
    if settings.PUBLICATION_NEEDS_TWO:
        raise Refusal("La publication se décide à deux : demandez-la, un autre administrateur la confirmera.")
    with transaction.atomic():
        draft = locked_draft(referentiel)
        return freeze(draft, fingerprint=publishable(draft), by=by)


def publishable(draft: Referentiel) -> str:
    """The fingerprint of a complete draft, locked by the caller; raises Incomplete."""
    content = content_of(draft)
    problems = problems_of(content)
    if problems:
        raise Incomplete(problems)
    return fingerprint_of(content)


def freeze(draft: Referentiel, *, fingerprint: str, by: User, asked_by: User | None = None) -> Publication:
    """The act itself, in the caller's transaction, which holds the draft's row; no request stays without an answer."""
    for request in draft.publication_requests.standing():
        settle_request(request, AskState.LAPSED, by=by)
    publication = Publication.objects.create(
        referentiel=draft, published_at=timezone.now(), published_by=by, fingerprint=fingerprint
    )
    data = {"version": draft.version, "fingerprint": fingerprint}
    if asked_by is not None:
        data["asked_by"] = str(asked_by.pk)
    journal.record("referentiel.published", draft, by=by, data=data)
    return publication


def settle_request(request: PublicationRequest, to: AskState, *, by: User, reason: str = "") -> None:
    """Close a request, in the caller's transaction, which holds the draft's row."""
    assert to in ASK_TRANSITIONS[AskState(request.state)]
    PublicationRequest.objects.filter(pk=request.pk).update(
        state=to, settled_at=timezone.now(), settled_by=by, reason=reason
    )
    data = {"fingerprint": request.fingerprint, "asked_by": str(request.asked_by_id)}
    journal.record(f"referentiel.publication_{to}", request.referentiel, by=by, reason=reason, data=data)


def retire(referentiel: Referentiel, *, by: User, reason: str) -> None:
    """Nobody is enrolled on this version any more; those who are stay on it (R-CAN-1)."""
    with transaction.atomic():
        version = locked(referentiel)
        if version.state != ReferentielState.PUBLISHED:
            raise Refusal("Seul un référentiel publié peut être retiré.")
        if not reason.strip():
            raise Refusal("Indiquez le motif du retrait : il reste au journal.")
        Publication.objects.filter(referentiel=version).update(retired_at=timezone.now())
        journal.record("referentiel.retired", version, by=by, reason=reason)
