"""Where the publication of a draft stands: what was asked, by whom, and who may answer (R-REF-1)."""

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import User
from referentiel.models import PublicationRequest, Referentiel
from referentiel.queries.tree import fingerprint_for


@dataclass(frozen=True)
class PublicationPage:
    """``asked`` awaits an answer; ``last`` is the latest one that had its own, ``others`` who may still give one."""

    fingerprint: str
    asked: PublicationRequest | None
    last: PublicationRequest | None
    others: list[User]

    @property
    def is_void(self) -> bool:
        """The text is no longer the one that was asked for."""
        return self.asked is not None and self.asked.fingerprint != self.fingerprint


def publication_page(draft: Referentiel, reader: User) -> PublicationPage:
    """In a number of queries that does not depend on the size of the draft."""
    requests = list(draft.publication_requests.select_related("asked_by", "settled_by").order_by("asked_at"))
    standing = next((request for request in requests if request.settled_at is None), None)
    settled = [request for request in requests if request.settled_at is not None]
    others = [user for user in User.objects.with_role(Role.ADMINISTRATEUR) if user != reader]
    return PublicationPage(fingerprint_for(draft), standing, settled[-1] if settled else None, others)


def requests_to_answer(reader: User) -> QuerySet[PublicationRequest]:
    """What other administrateurs asked this one to confirm."""
    standing = PublicationRequest.objects.standing().exclude(asked_by=reader)
    return standing.select_related("referentiel__certification", "asked_by")
