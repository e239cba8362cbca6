"""Published texts against their fingerprint, and publications against what two people decided (R-REF-1)."""

from collections.abc import Iterator

from core.reconcile import reconciles
from referentiel.enums import AskState
from referentiel.models import Publication, PublicationRequest
from referentiel.queries.tree import fingerprint_for


@reconciles
def published_texts_are_those_that_were_published() -> Iterator[str]:
    """Every version in force or retired, word for word."""
    for publication in Publication.objects.select_related("referentiel__certification"):
        if fingerprint_for(publication.referentiel) != publication.fingerprint:
            yield f"Référentiel {publication.referentiel_id} : son texte n’est plus celui de sa publication."


@reconciles
def what_was_confirmed_is_what_was_published() -> Iterator[str]:
    """On the text that was asked for, by the person who confirmed."""
    confirmed = PublicationRequest.objects.filter(state=AskState.CONFIRMED)
    for request in confirmed.select_related("referentiel__publication"):
        publication = getattr(request.referentiel, "publication", None)
        told = publication and (publication.fingerprint, publication.published_by_id)
        if told != (request.fingerprint, request.settled_by_id):
            yield f"Référentiel {request.referentiel_id} : sa publication n’est pas celle qui a été confirmée."
