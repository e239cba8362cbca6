"""Ready sentences: kept, changed and forgotten by their owner."""

from django.db import transaction

from accounts.models import User
from assessments.marks import checked_text
from assessments.models import Snippet
from core.exceptions import Refusal

SNIPPET_LIMIT = 1_000  # characters
MOST = 200  # per person, so that the list stays one that can be read


def keep_snippet(text: str, *, by: User, is_shared: bool = False) -> tuple[Snippet, bool]:
    """The person's sentence with this text, and whether it is new; raises Refusal or InvalidInput."""
    text = _checked(text)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        known = by.snippets.filter(text=text).first()
        if known:
            return known, False
        if by.snippets.count() >= MOST:
            raise Refusal(f"Vous avez déjà {MOST} phrases types : supprimez-en avant d’en garder une autre.")
        return Snippet.objects.create(owner=by, text=text, is_shared=is_shared), True


def change_snippet(snippet: Snippet, *, text: str, is_shared: bool) -> None:
    """Its words and who may use it; the caller has checked that it is theirs."""
    text = _checked(text)
    if Snippet.objects.filter(owner=snippet.owner_id, text=text).exclude(pk=snippet.pk).exists():
        raise Refusal("Vous avez déjà cette phrase.")
    Snippet.objects.filter(pk=snippet.pk).update(text=text, is_shared=is_shared)


def forget_snippet(snippet: Snippet) -> None:
    """What was written with it stays where it was written."""
    snippet.delete()


def _checked(text: str) -> str:
    text = checked_text(text, "La phrase").strip()
    if not text:
        raise Refusal("Écrivez la phrase à garder.")
    if len(text) > SNIPPET_LIMIT:
        raise Refusal(f"La phrase dépasse {SNIPPET_LIMIT} caractères ({len(text)}). Raccourcissez-la.")
    return text
