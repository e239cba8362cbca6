from django.apps import AppConfig


class JuriesConfig(AppConfig):
    name = "juries"
    verbose_name = "Jurys"

    def ready(self) -> None:
        from accounts import errands
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
        from juries.queries.appeals import given_to_instruct

        errands.register(rules.APPEALS, given_to_instruct)
        register(*PROTECTIONS)
