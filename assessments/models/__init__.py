"""How compétences are observed: soutenances, grilles, marks, and what they let a candidate acquire."""

from assessments.models.acquisition import BlocAcquisition, CompetenceAcquisition
from assessments.models.clock import ClockEvent
from assessments.models.deliverable import Deliverable
from assessments.models.grille import Grille, Mark, Presence, Reopening, Settlement
from assessments.models.snippet import Snippet
from assessments.models.soutenance import Soutenance

__all__ = [
    "BlocAcquisition",
    "ClockEvent",
    "CompetenceAcquisition",
    "Deliverable",
    "Grille",
    "Mark",
    "Presence",
    "Reopening",
    "Settlement",
    "Snippet",
    "Soutenance",
]
