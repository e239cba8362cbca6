from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Évaluations"

    def ready(self) -> None:
        from assessments import (  # noqa: F401  # connects them
            receivers,
            reconcile,
            reconcile_clock,
            reconcile_deliverables,
            reconcile_lives,
            reconcile_recognitions,
            rules,
            tasks,
        )
        from assessments.protections import PROTECTIONS
        from assessments.queries import blindness  # noqa: F401  # declares what the journal keeps from one reader
        from core.protection import register

        register(*PROTECTIONS)
