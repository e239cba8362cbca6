"""`manage.py runjobs`: the embedded runner, for installations without Redis."""

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from core import anchors, jobs

logger = logging.getLogger(__name__)

ANCHOR_EVERY = 600  # seconds


class Command(BaseCommand):
    help = "Exécute les travaux en attente, sans courtier : interroge la base toutes les secondes."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true", help="s’arrête quand il n’y a plus rien à faire")
        parser.add_argument("--every", type=float, default=1.0, help="secondes entre deux passages")

    def handle(self, *args: Any, once: bool, every: float, **options: Any) -> None:
        if once:
            jobs.run_due()
            return
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        anchored = float("-inf")
        while not stop.wait(every):
            try:
                jobs.run_due()
                if time.monotonic() - anchored > ANCHOR_EVERY:
                    anchors.drop_anchor()
                    anchored = time.monotonic()
            except DatabaseError:
                logger.exception("the database does not answer, the runner tries again")
            close_old_connections()
