"""People acting at the same instant, each with a connection of their own: PostgreSQL only."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from core.exceptions import Refusal

simultaneous = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite queues whole transactions by itself"),
]


def at_once(*actions: Callable[[], object]) -> list[object]:
    """Run the actions together; for each, in order, what it returned or the refusal it met. Other errors surface."""
    start, outcomes = threading.Barrier(len(actions)), [None] * len(actions)

    def run(rank: int, action: Callable[[], object]) -> None:
        try:
            start.wait(timeout=30)
            outcomes[rank] = action()
        except Refusal as refusal:
            outcomes[rank] = refusal
        except BaseException as error:  # shown below, in the test's own thread
            outcomes[rank] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    unexpected = [one for one in outcomes if isinstance(one, BaseException) and not isinstance(one, Refusal)]
    assert not unexpected, unexpected
    return outcomes


def refusals_in(outcomes: list[object]) -> list[Refusal]:
    return [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
