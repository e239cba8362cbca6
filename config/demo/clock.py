"""The story's clock: what happened in March is dated in March."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Tell what follows as of ``moment``; each reading of the clock is a second later than the last."""
    told = moment

    def tick() -> datetime:
        nonlocal told
        told += timedelta(seconds=1)
        return told

    with patch.object(timezone, "now", tick):
        yield
