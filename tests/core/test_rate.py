"""What a public page allows to ask, by address and by period."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache

from core.rate import wait_before_asking
from tests.core.signing import AT

TEN = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


def ask(address: str = "192.0.2.1", at: datetime = AT, scope: str = "essai") -> timedelta | None:
    return wait_before_asking(scope, address, allowed=3, window=TEN, at=at)


def test_what_is_allowed_passes_and_the_next_one_waits_for_the_end_of_the_period():
    assert [ask() for _ in range(3)] == [None] * 3
    assert ask(at=AT + timedelta(minutes=4)) == timedelta(minutes=6)
    assert ask(at=AT + TEN) is None


def test_each_address_and_each_scope_is_counted_apart():
    for _ in range(4):
        ask()
    assert ask("192.0.2.2") is None
    assert ask(scope="autre") is None
    assert ask() is not None


def test_one_ipv6_subscriber_counts_once_whatever_the_address_they_take():
    for last in range(1, 4):
        assert ask(f"2001:db8:0:1::{last}") is None
    assert ask("2001:db8:0:1:ffff::9") is not None
    assert ask("2001:db8:0:2::1") is None
