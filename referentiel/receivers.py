"""What a fixture loaded again must not undo."""

from typing import Any

from django.db.models.signals import pre_save
from django.dispatch import receiver

from referentiel.models import Certification


@receiver(pre_save, sender=Certification)
def keep_the_noted_nsf(instance: Certification, raw: bool, **_: Any) -> None:
    """NSF codes noted since stay when a fixture that names none is loaded again: they are free after publication."""
    if raw and not instance.nsf:
        noted = Certification.objects.filter(pk=instance.pk).values_list("nsf", flat=True).first()
        instance.nsf = noted or ""
