"""`manage.py encrypt_mentions_again`: after a new key was put first in ENCRYPTION_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand

from candidates.services.disclosure import encrypt_mentions_again


class Command(BaseCommand):
    help = "Chiffre de nouveau les mentions avec la première des clés, pour pouvoir retirer les anciennes."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Mentions chiffrées avec la clé la plus récente : {encrypt_mentions_again()}.")
