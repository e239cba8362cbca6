from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Socle"

    def ready(self) -> None:
        from django import forms

        from core import reconcile_checks, tasks  # noqa: F401  # declares the checks, and how a worker is woken
        from core.forms import refuse_invisible
        from core.models import JournalEntry
        from core.protection import append_only, install, register, step_aside

        forms.CharField.default_validators = [refuse_invisible]
        register(append_only(JournalEntry, message="Le journal ne s’efface ni ne se modifie."))
        pre_migrate.connect(step_aside, sender=self, dispatch_uid="core.protection.step_aside")
        post_migrate.connect(install, dispatch_uid="core.protection.install")
