from django.apps import AppConfig


class ReferentielConfig(AppConfig):
    name = "referentiel"
    verbose_name = "Référentiels"

    def ready(self) -> None:
        from core.protection import register
        from referentiel import receivers, reconcile, rules  # noqa: F401  # declares the checks, the permissions
        from referentiel.protections import PROTECTIONS

        register(*PROTECTIONS)
