"""How often one address may ask, counted in the shared cache: what a public page allows to guess."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.core.cache import cache

OF_ONE_SUBSCRIBER = 64  # bits of an IPv6 address


def wait_before_asking(scope: str, address: str, *, allowed: int, window: timedelta, at: datetime) -> timedelta | None:
    """Count one more question about ``scope`` from ``address``; how long to wait when it is one too many, else None.

    At most ``allowed`` in each period of ``window``. Nothing but the count is kept, and no longer than the period.
    """
    seconds = int(window.total_seconds())
    period, elapsed = divmod(int(at.timestamp()), seconds)
    key = f"rate:{scope}:{_subscriber(address)}:{period}"
    cache.add(key, 0, timeout=seconds)
    try:
        asked = cache.incr(key)
    except ValueError:  # the period ended in between
        return None
    return timedelta(seconds=seconds - elapsed) if asked > allowed else None


def _subscriber(address: str) -> str:
    """The address, or for IPv6 the network that one subscriber receives."""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, OF_ONE_SUBSCRIBER), strict=False).network_address)
    return str(found)
