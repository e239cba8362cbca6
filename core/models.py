"""The records everything stands on: the journal, the jobs, the stored files."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.enums import JobState


class JournalEntry(models.Model):
    """Who did what, when and why; each entry carries the hash of the one before (R-ALL-1)."""

    sequence = models.PositiveBigIntegerField("numéro", unique=True)
    at = models.DateTimeField("date")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="journal_entries", verbose_name="auteur"
    )
    verb = models.CharField("action", max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    data = models.JSONField("détail", default=dict)
    reason = models.TextField("motif", blank=True)
    operation = models.UUIDField(null=True, unique=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["sequence"]
        verbose_name = "entrée du journal"
        verbose_name_plural = "journal"
        indexes = [models.Index(fields=["subject_type", "subject_id", "sequence"], name="journal_by_subject")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb} {self.subject_type} {self.subject_id}"


class Job(models.Model):
    """Work that must happen, written with the change that calls for it (R-ALL-2, R-VAL-4).

    Unique per (kind, subject, evidence): the same evidence never orders the same work twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("travail", max_length=40)
    subject = models.CharField("objet", max_length=60)
    evidence = models.CharField("preuve", max_length=64)
    label = models.CharField("intitulé", max_length=200)
    state = models.CharField("état", max_length=10, choices=JobState, default=JobState.DUE)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    token = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField("à faire le")
    woken_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    last_error = models.TextField("dernière erreur", blank=True)
    result = models.JSONField(default=dict)
    ordered_at = models.DateTimeField("commandé le")
    finished_at = models.DateTimeField("terminé le", null=True)

    class Meta:
        ordering = ["-ordered_at"]
        verbose_name = "travail"
        verbose_name_plural = "travaux"
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "evidence"], name="one_job_per_evidence"),
            models.CheckConstraint(
                name="job_finished_iff_done",
                condition=Q(state=JobState.DONE, finished_at__isnull=False)
                | (~Q(state=JobState.DONE) & Q(finished_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="job_leased_iff_running",
                condition=Q(state=JobState.RUNNING, leased_until__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(leased_until__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="job_by_due_date")]

    def __str__(self) -> str:
        return self.label


class StoredFile(models.Model):
    """A file kept under the address of its content: same bytes, same row, same place on disk."""

    sha256 = models.CharField(primary_key=True, max_length=64, editable=False)
    size = models.PositiveBigIntegerField("taille en octets")
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField()

    class Meta:
        verbose_name = "fichier"
        constraints = [models.CheckConstraint(name="file_not_empty", condition=Q(size__gt=0))]

    def __str__(self) -> str:
        return self.sha256[:12]
