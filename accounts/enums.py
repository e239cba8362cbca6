"""Roles: what a person is there for. Rights stay per object."""

from django.db import models


class Role(models.TextChoices):
    """The roles of the trade; a person may hold several."""

    CANDIDATE = "candidate", "Candidat"
    EVALUATEUR = "evaluateur", "Évaluateur"
    JURY = "jury", "Membre de jury"
    GESTIONNAIRE = "gestionnaire", "Gestionnaire"
    ADMINISTRATEUR = "administrateur", "Administrateur"
    REFERENT_HANDICAP = "referent_handicap", "Référent handicap"
    AUDITEUR = "auditeur", "Auditeur"
