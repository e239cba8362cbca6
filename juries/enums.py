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


class Civility(models.TextChoices):
    """How a member is addressed; counted for the balance of women and men, which only warns (R-JUR-1)."""

    MADAME = "madame", "Madame"
    MONSIEUR = "monsieur", "Monsieur"


class Presence(models.TextChoices):
    """Whether a member is there on the day (R-JUR-1, R-JUR-5)."""

    EXPECTED = "expected", "Attendu"
    PRESENT = "present", "Présent"
    ABSENT = "absent", "Absent"


class Hearing(models.TextChoices):
    """What was found of a candidate the jury was to hear (R-JUR-5)."""

    HEARD = "heard", "Entendu(e)"
    ABSENT = "absent", "Absent(e)"


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


class CertificateKind(models.TextChoices):
    """What is delivered (R-JUR-7)."""

    PARCHEMIN = "parchemin", "Parchemin"
    ATTESTATION = "attestation", "Attestation de bloc"


class AppealKind(models.TextChoices):
    """What a candidate contests (R-JUR-8)."""

    MATERIAL_ERROR = "error", "Erreur matérielle"
    PROCEDURE = "procedure", "Déroulement des soutenances ou du jury"
    ASSESSMENT = "assessment", "Appréciation des évaluateurs ou du jury"


class AppealState(models.TextChoices):
    """Life of an appeal (R-JUR-8)."""

    FILED = "filed", "Déposé"
    INSTRUCTED = "instructed", "En instruction"
    UPHELD = "upheld", "Accueilli"
    DISMISSED = "dismissed", "Rejeté"
    INADMISSIBLE = "inadmissible", "Irrecevable"
    WITHDRAWN = "withdrawn", "Retiré par le candidat"


APPEAL_TRANSITIONS: dict[AppealState, frozenset[AppealState]] = {
    AppealState.FILED: frozenset({AppealState.INSTRUCTED, AppealState.WITHDRAWN}),
    AppealState.INSTRUCTED: frozenset(
        {AppealState.UPHELD, AppealState.DISMISSED, AppealState.INADMISSIBLE, AppealState.WITHDRAWN}
    ),
    AppealState.UPHELD: frozenset(),
    AppealState.DISMISSED: frozenset(),
    AppealState.INADMISSIBLE: frozenset(),
    AppealState.WITHDRAWN: frozenset(),
}
APPEAL_ENDS = frozenset(state for state, following in APPEAL_TRANSITIONS.items() if not following)
