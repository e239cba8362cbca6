"""`manage.py build_demo`: fill an empty demo database with the demo story, once."""

import secrets
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from config.demo.cast import APPLICANTS, STAFF
from config.demo.stage import Stage
from config.demo.story import tell
from config.secrets import made_once
from referentiel.models import Referentiel

FIXTURE = "expert_en_data_science"


class Command(BaseCommand):
    help = "Remplit la base de démonstration, une fois, et rappelle les comptes."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Cette base n’est pas celle de la démonstration : DEMO=true n’est pas posé.")
        password = made_once(settings.DATA_DIR / "demo-password", lambda: f"demo-{secrets.token_urlsafe(9)}")
        if User.objects.exists():
            self._remind(password)
            return
        with transaction.atomic():
            call_command("loaddata", FIXTURE, verbosity=0)
            referentiel = Referentiel.objects.published().select_related("certification").get()
            tell(Stage(referentiel, password), timezone.localdate())
        self._remind(password)

    def _remind(self, password: str) -> None:
        lines = [f"Comptes de la démonstration, mot de passe : {password}"]
        lines += [f"  {person.email:<36} {person.note}" for person in (*STAFF, *APPLICANTS)]
        self.stdout.write("\n".join(lines))
