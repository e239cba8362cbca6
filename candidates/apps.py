from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    name = "candidates"
    verbose_name = "Candidats"

    def ready(self) -> None:
        from candidates import reconcile, rules  # noqa: F401  # declares the checks and the permissions
        from candidates.protections import PROTECTIONS
        from core.protection import register

        register(*PROTECTIONS)
