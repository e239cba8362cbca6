"""`manage.py reconcile`: does everything stored agree with everything else?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.protection import missing_protections
from core.reconcile import problems


class Command(BaseCommand):
    help = "Confronte le journal, les fichiers, les travaux et les faits enregistrés ; sort en erreur avec la liste."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [*missing_protections(), *problems()]
        for sentence in found:
            self.stdout.write(sentence)
        if found:
            noun = "discordance" if len(found) == 1 else "discordances"
            raise CommandError(f"{len(found)} {noun}.")
        self.stdout.write("Tout concorde.")
