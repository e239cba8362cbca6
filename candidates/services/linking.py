"""Who may not judge a candidate (R-SCO-10, R-JUR-2)."""

from django.db import transaction

from accounts.models import User
from candidates.enums import LinkKind
from candidates.models import Candidate, DeclaredLink
from core import journal
from core.exceptions import Refusal


def declare_link(candidate: Candidate, *, user: User, kind: LinkKind, by: User) -> DeclaredLink:
    """Bar ``user`` from evaluating and judging the candidate; declared twice, it stands once."""
    if user.pk == candidate.user_id:
        raise Refusal("C’est le candidat lui-même : personne n’évalue ni ne juge son propre dossier.")
    with transaction.atomic():
        link, created = DeclaredLink.objects.get_or_create(candidate=candidate, user=user, kind=kind)
        if created:
            journal.record("link.declared", candidate, by=by, data={"user": str(user.pk), "kind": kind})
    return link


def remove_link(link: DeclaredLink, *, by: User) -> None:
    """The link was declared by mistake: its person may judge the candidate again, unless another link stands."""
    with transaction.atomic():
        removed, _ = DeclaredLink.objects.filter(pk=link.pk).delete()
        if removed:
            data = {"user": str(link.user_id), "kind": link.kind}
            journal.record("link.removed", link.candidate, by=by, data=data)
