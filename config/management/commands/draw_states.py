"""`manage.py draw_states`: write docs/states.md again."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.states import draw


class Command(BaseCommand):
    help = "Écrit de nouveau docs/states.md à partir des tables de transitions."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "docs" / "states.md").write_text(draw(), encoding="utf-8")
