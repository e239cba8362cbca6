"""Consent and the mention of handicap (R-CAN-2, RGPD art. 9).

The mention itself never enters the journal, a log or an e-mail: only that it was given, read or withdrawn, and by whom.
``sensitive_variables`` keeps it out of error reports, in these frames and in all those they call.
"""

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from candidates.consent import CURRENT_TEXT_VERSION
from candidates.enums import ConsentScope
from candidates.lines import paragraphs
from candidates.models import Candidate, HandicapDisclosure
from core import journal
from core.encryption import UndecipherableError
from core.exceptions import InvalidInput, Refusal

MENTION_LIMIT = 3_000  # characters


class MentionUnreadable(Refusal):
    """The mention was written with a key this installation no longer has."""

    status = 503


@sensitive_variables()
def give_consent(
    candidate: Candidate, *, scope: ConsentScope, mention: str, by: User, text_version: str = CURRENT_TEXT_VERSION
) -> HandicapDisclosure:
    """Record the candidate's explicit consent, given by themselves; replaces the one that stood.

    ``mention`` is what the jury may read; it is required, and only kept, when the scope is the jury.
    ``text_version`` is the text they had before their eyes. Given twice in the same words, the consent stands once.
    """
    mention = paragraphs(mention) if scope == ConsentScope.JURY else ""
    if candidate.user_id != by.pk:
        raise Refusal("Seul le candidat peut donner son accord.")
    if text_version != CURRENT_TEXT_VERSION:
        raise Refusal("Le texte vient de changer : relisez-le ci-dessus, puis donnez de nouveau votre accord.")
    if scope == ConsentScope.JURY and not mention:
        raise InvalidInput("Écrivez ce que le jury pourra lire, ou limitez votre accord aux aménagements.")
    if len(mention) > MENTION_LIMIT:
        raise InvalidInput(f"La mention dépasse {MENTION_LIMIT} caractères ({len(mention)}). Raccourcissez-la.")
    with transaction.atomic():
        Candidate.objects.select_for_update().get(pk=candidate.pk)
        return _unchanged(candidate, scope, mention) or _replace(candidate, scope, mention, by)


def withdraw_consent(candidate: Candidate, *, by: User) -> bool:
    """End the standing consent and erase its mention, at once; False when none stood."""
    if candidate.user_id != by.pk:
        raise Refusal("Seul le candidat peut retirer son accord.")
    with transaction.atomic():
        Candidate.objects.select_for_update().get(pk=candidate.pk)
        return _withdraw_standing(candidate, by)


@sensitive_variables()
def read_mention(candidate: Candidate, *, by: User, purpose: str) -> str | None:
    """The mention, for somebody else, while consent stands, None otherwise; each reading is journaled.

    The caller has checked that ``by`` sits on the jury that judges the candidate, or is the référent handicap.
    ``purpose`` says in which setting it was read (see ``consent``). Raises MentionUnreadable when its key is missing.
    """
    with transaction.atomic():
        # Shared with a withdrawal, which takes the same row: a reading never overlaps the end of the consent.
        Candidate.objects.select_for_update().get(pk=candidate.pk)
        disclosure = _readable(candidate)
        if disclosure is None or not disclosure.mention:
            return None
        journal.record("confidential.mention_read", disclosure, by=by, data={"purpose": purpose})
        return str(disclosure.mention)


@sensitive_variables()
def own_mention(candidate: Candidate, *, by: User) -> str:
    """The candidate's own words, to read or to change, "" without any; an author reading themselves is not journaled.

    Raises MentionUnreadable when its key is missing.
    """
    if candidate.user_id != by.pk:
        raise Refusal("Une mention ne se montre ici qu’à la personne qui l’a écrite.")
    disclosure = _readable(candidate)
    return str(disclosure.mention) if disclosure else ""


@sensitive_variables()
def encrypt_mentions_again() -> int:
    """Write every mention with the newest key, so that older ones can leave ``ENCRYPTION_KEYS``; return how many."""
    with transaction.atomic():
        kept = HandicapDisclosure.objects.select_for_update().exclude(mention="")
        for disclosure in kept:
            HandicapDisclosure.objects.filter(pk=disclosure.pk).update(mention=disclosure.mention)
        return len(kept)


def _readable(candidate: Candidate) -> HandicapDisclosure | None:
    try:
        return candidate.handicap_disclosures.standing().filter(scope=ConsentScope.JURY).first()
    except UndecipherableError as error:
        raise MentionUnreadable(
            "La mention ne peut pas être déchiffrée : la clé qui l’a écrite manque à cette installation. "
            "Rien n’est perdu. Prévenez la personne chargée de l’exploitation."
        ) from error


@sensitive_variables()
def _unchanged(candidate: Candidate, scope: ConsentScope, mention: str) -> HandicapDisclosure | None:
    """The standing consent when it already says exactly this; one that cannot be deciphered does not."""
    try:
        standing = candidate.handicap_disclosures.standing().first()
    except UndecipherableError:
        return None
    said = (scope, mention, CURRENT_TEXT_VERSION)
    return standing if standing and (standing.scope, standing.mention, standing.text_version) == said else None


@sensitive_variables()
def _replace(candidate: Candidate, scope: ConsentScope, mention: str, by: User) -> HandicapDisclosure:
    _withdraw_standing(candidate, by)
    disclosure = HandicapDisclosure.objects.create(
        candidate=candidate,
        text_version=CURRENT_TEXT_VERSION,
        scope=scope,
        mention=mention,
        given_at=timezone.now(),
    )
    data = {"scope": scope, "text_version": CURRENT_TEXT_VERSION}
    journal.record("confidential.consent_given", disclosure, by=by, data=data)
    return disclosure


def _withdraw_standing(candidate: Candidate, by: User) -> bool:
    """The mention is not read to be erased: losing the key never keeps a consent standing."""
    standing = list(candidate.handicap_disclosures.standing().without_mention())
    for disclosure in standing:
        HandicapDisclosure.objects.filter(pk=disclosure.pk).update(withdrawn_at=timezone.now(), mention="")
        journal.record("confidential.consent_withdrawn", disclosure, by=by, data={"scope": disclosure.scope})
    return bool(standing)
