from django.apps import AppConfig


class JuriesConfig(AppConfig):
    name = "juries"
    verbose_name = "Jurys"

    def ready(self) -> None:
        from core.protection import register
        from juries import receivers, reconcile, reconcile_certificates, rules, tasks  # noqa: F401  # connects them
        from juries.protections import PROTECTIONS

        register(*PROTECTIONS)
