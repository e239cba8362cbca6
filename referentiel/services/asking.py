"""Publication decided by two administrateurs: asked by one, settled by another (R-REF-1)."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import journal
from core.exceptions import InvalidInput, Refusal
from referentiel.enums import AskState
from referentiel.models import Publication, PublicationRequest, Referentiel
from referentiel.services.drafts import locked_draft
from referentiel.services.publishing import freeze, publishable, settle_request

CHANGED = "Le brouillon a changé depuis cette demande : elle ne vaut plus. Relisez-le, puis demandez à nouveau."
REASON_LIMIT = 2000


def ask_publication(referentiel: Referentiel, *, by: User) -> PublicationRequest:
    """Ask that the draft be published as it stands; asked twice by the same person, it is asked once.

    A request made on a text that has changed since lapses. Raises Incomplete, Frozen, or Refusal when somebody else
    has already asked for this very text.
    """
    with transaction.atomic():
        draft = locked_draft(referentiel)
        fingerprint = publishable(draft)
        standing = draft.publication_requests.standing().select_related("asked_by").first()
        if standing and standing.fingerprint == fingerprint:
            if standing.asked_by != by:
                raise Refusal(f"{standing.asked_by} a déjà demandé la publication de ce texte : à vous de confirmer.")
            return standing
        if standing:
            settle_request(standing, AskState.LAPSED, by=by)
        asked = PublicationRequest.objects.create(
            referentiel=draft, fingerprint=fingerprint, asked_at=timezone.now(), asked_by=by
        )
        data = {"version": draft.version, "fingerprint": fingerprint}
        journal.record("referentiel.publication_asked", draft, by=by, data=data)
    return asked


def confirm_publication(asked: PublicationRequest, *, by: User) -> Publication:
    """Publish exactly what was asked; only another administrateur may, and only while the text is the same.

    Raises Refusal; nothing is changed then.
    """
    with transaction.atomic():
        draft, request = _held(asked)
        if request.asked_by == by:
            raise Refusal("Vous avez demandé cette publication : un autre administrateur doit la confirmer.")
        if not request.asked_by.has_perm("referentiel.edit"):
            raise Refusal(f"{request.asked_by} n’est plus administrateur : demandez vous-même cette publication.")
        if publishable(draft) != request.fingerprint:
            raise Refusal(CHANGED)
        settle_request(request, AskState.CONFIRMED, by=by)
        return freeze(draft, fingerprint=request.fingerprint, by=by, asked_by=request.asked_by)


def decline_publication(asked: PublicationRequest, *, reason: str, by: User) -> None:
    """Another administrateur says no, and why; the draft stays open."""
    reason = reason.strip()
    if not reason or len(reason) > REASON_LIMIT:
        raise InvalidInput(f"Dites pourquoi, en {REASON_LIMIT} caractères au plus : la personne le lira.")
    with transaction.atomic():
        _, request = _held(asked)
        if request.asked_by == by:
            raise Refusal("Vous avez demandé cette publication : retirez votre demande.")
        settle_request(request, AskState.DECLINED, by=by, reason=reason)


def withdraw_request(asked: PublicationRequest, *, by: User) -> None:
    """The person who asked changes their mind."""
    with transaction.atomic():
        _, request = _held(asked)
        if request.asked_by != by:
            raise Refusal(f"C’est {request.asked_by} qui a demandé cette publication : refusez-la en disant pourquoi.")
        settle_request(request, AskState.WITHDRAWN, by=by)


def _held(asked: PublicationRequest) -> tuple[Referentiel, PublicationRequest]:
    """The draft, then the request, held until the end of the transaction; raises Refusal once it is settled."""
    draft = locked_draft(asked.referentiel)
    request = PublicationRequest.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=asked.pk)
    if request.state != AskState.ASKED:
        raise Refusal(f"Cette demande n’attend plus de réponse : elle est {request.get_state_display().lower()}.")
    return draft, request
