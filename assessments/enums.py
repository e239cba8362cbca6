"""States and vocabularies of the observation of candidates."""

from django.db import models


class Verdict(models.TextChoices):
    """What an évaluateur says of one CE."""

    ACQUIS = "acquis", "Acquis"
    NON_ACQUIS = "non_acquis", "Non acquis"


class SoutenanceState(models.TextChoices):
    """Life of a soutenance (R-SCO-1); none of the ways out is a failure by itself."""

    PLANNED = "planned", "Planifiée"
    RUNNING = "running", "En cours"
    SUBMITTED = "submitted", "Évaluée"
    CANCELLED = "cancelled", "Annulée"
    ABSENT = "absent", "Candidat absent"
    EXCUSED = "excused", "Absence excusée"
    INTERRUPTED = "interrupted", "Interrompue (incident technique)"


SOUTENANCE_TRANSITIONS: dict[SoutenanceState, frozenset[SoutenanceState]] = {
    SoutenanceState.PLANNED: frozenset(
        {
            SoutenanceState.RUNNING,
            SoutenanceState.CANCELLED,
            SoutenanceState.ABSENT,
            SoutenanceState.EXCUSED,
        }
    ),
    SoutenanceState.RUNNING: frozenset({SoutenanceState.SUBMITTED, SoutenanceState.INTERRUPTED}),
    SoutenanceState.SUBMITTED: frozenset({SoutenanceState.RUNNING}),  # reopened (R-SCO-8)
    SoutenanceState.CANCELLED: frozenset(),
    SoutenanceState.ABSENT: frozenset(),
    SoutenanceState.EXCUSED: frozenset(),
    SoutenanceState.INTERRUPTED: frozenset(),
}

MARKABLE = (SoutenanceState.PLANNED, SoutenanceState.RUNNING)


class ClockMove(models.TextChoices):
    """What happens to the time of a soutenance (R-SCO-7); the rest is computed from these."""

    START = "start", "Début"
    NEXT_PHASE = "next_phase", "Phase suivante"
    PAUSE = "pause", "Pause"
    INCIDENT = "incident", "Incident technique"
    RESUME = "resume", "Reprise"
    EXTRA = "extra", "Temps rendu"
    END = "end", "Fin"


class ClockState(models.TextChoices):
    """Where the clock of a soutenance stands; computed from its moves, never stored."""

    NOT_STARTED = "not_started", "Pas commencée"
    RUNNING = "running", "En cours"
    PAUSED = "paused", "En pause"
    INCIDENT = "incident", "Incident technique"
    ENDED = "ended", "Terminée"


class DeliverableKind(models.TextChoices):
    """What a candidate hands in for a soutenance."""

    PDF = "pdf", "Document PDF"
    NOTEBOOK = "notebook", "Notebook"
    SLIDES = "slides", "Diaporama"
    LINK = "link", "Lien"
