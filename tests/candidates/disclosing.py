"""A candidate who agreed, and what the database and the reports then hold."""

from django.core import mail
from django.db import connection

from candidates.enums import ConsentScope
from candidates.models import Candidate, HandicapDisclosure
from candidates.services.disclosure import (
    give_consent,
)

MENTION = "Je suis atteinte d’une dyslexie : canari-51d7."
CANARY = "canari-51d7"


def agreed(candidate: Candidate, scope: ConsentScope = ConsentScope.JURY, mention: str = MENTION) -> HandicapDisclosure:
    return give_consent(candidate, scope=scope, mention=mention, by=candidate.user)


def stored() -> str:
    """Every column of every consent, as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM candidates_handicapdisclosure")
        return str(cursor.fetchall())


def reported() -> str:
    """Everything the administrators of the site were sent, the detailed page included."""
    assert any(message.alternatives for message in mail.outbox)
    return str([(message.subject, message.body, message.alternatives) for message in mail.outbox])
