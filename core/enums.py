"""States of the ground's own records."""

from django.db import models


class JobState(models.TextChoices):
    """Life of a job: due → running → done, or failed after its last attempt; a failed one can be made due again."""

    DUE = "due", "À faire"
    RUNNING = "running", "En cours"
    DONE = "done", "Fait"
    FAILED = "failed", "En échec"
