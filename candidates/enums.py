"""Closed vocabularies about candidates."""

from django.db import models


class VoieAcces(models.TextChoices):
    """How a candidate comes to the certification."""

    FORMATION_INITIALE = "formation_initiale", "Formation initiale"
    FORMATION_CONTINUE = "formation_continue", "Formation continue"
    APPRENTISSAGE = "apprentissage", "Contrat d’apprentissage"
    PROFESSIONNALISATION = "professionnalisation", "Contrat de professionnalisation"
    CANDIDATURE_LIBRE = "candidature_libre", "Candidature individuelle"
    VAE = "vae", "Validation des acquis de l’expérience"


class AccommodationKind(models.TextChoices):
    """A measure, never its reason (R-CAN-3)."""

    TIERS_TEMPS = "tiers_temps", "Tiers-temps"
    OTHER = "other", "Autre mesure"


class ConsentScope(models.TextChoices):
    """What the candidate agrees to (R-CAN-2)."""

    ACCOMMODATIONS = "accommodations", "Aménagements seulement"
    JURY = "jury", "Aménagements et mention au jury final"


class LinkKind(models.TextChoices):
    """Why a person may not judge a candidate (R-SCO-10, R-JUR-2)."""

    TRAINED = "trained", "A formé ou accompagné le candidat"
    RELATED = "related", "Est proche du candidat"
