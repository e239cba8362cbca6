from django.apps import AppConfig


class JuriesConfig(AppConfig):
    name = "juries"
    verbose_name = "Jurys"

    def ready(self) -> None:
        from core.protection import register
        from juries import (  # noqa: F401  # connects them
            receivers,
            reconcile,
            reconcile_appeals,
            reconcile_certificates,
            reconcile_minutes,
            rules,
            tasks,
        )
        from juries.protections import PROTECTIONS

        register(*PROTECTIONS)
