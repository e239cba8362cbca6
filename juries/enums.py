"""States and vocabularies of the jury."""

from django.db import models


class SessionState(models.TextChoices):
    """Life of a session; results are embargoed until a person publishes them (R-JUR-6)."""

    PREPARING = "preparing", "En préparation"
    OPEN = "open", "Ouverte"
    CLOSED = "closed", "Close"
    PUBLISHED = "published", "Résultats publiés"


SESSION_TRANSITIONS: dict[SessionState, frozenset[SessionState]] = {
    SessionState.PREPARING: frozenset({SessionState.OPEN}),
    SessionState.OPEN: frozenset({SessionState.CLOSED}),
    SessionState.CLOSED: frozenset({SessionState.PUBLISHED}),
    SessionState.PUBLISHED: frozenset(),
}


class Capacity(models.TextChoices):
    """In what capacity a member sits (R-JUR-1)."""

    EXTERNAL = "external", "Professionnel extérieur"
    INTERNAL = "internal", "Interne au certificateur ou à l’organisme de formation"
    OTHER = "other", "Autre"


class Stage(models.TextChoices):
    """The software proposes, the jury decides (R-JUR-4)."""

    PROPOSED = "proposed", "Proposée"
    TAKEN = "taken", "Prise par le jury"


class Outcome(models.TextChoices):
    """What a jury may decide (R-JUR-4)."""

    CERTIFIED = "certified", "Certification"
    PARTIAL = "partial", "Validation partielle"
    REFUSED = "refused", "Refus"
    ADJOURNED = "adjourned", "Ajournement"
