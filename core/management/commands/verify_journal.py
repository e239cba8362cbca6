"""`manage.py verify_journal`: does every link of the journal hold? (R-ALL-1)"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.anchors import beginnings, first_lost_anchor
from core.journal import first_broken_link
from core.models import JournalEntry


class Command(BaseCommand):
    help = "Vérifie la chaîne du journal et ses ancres, et nomme le premier maillon rompu."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = first_broken_link() or first_lost_anchor()
        if broken:
            raise CommandError(f"Journal rompu à l’entrée {broken.sequence} : {broken.problem}.")
        self.stdout.write(f"Journal intact : {JournalEntry.objects.count()} entrées.")
        if lost := beginnings()[1:]:
            entries = ", ".join(map(str, lost))
            self.stdout.write(f"Attention : le fichier des ancres a été perdu, puis recommencé (entrées {entries}).")
