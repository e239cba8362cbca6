"""A link to what the candidate made elsewhere: kept as it is, never fetched by us."""

import ipaddress
import re
import socket
from urllib.parse import urlsplit

from core.exceptions import InvalidInput

LIMIT = 500  # characters
_BLANK = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\\]")
_INSIDE = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


def checked_link(url: str) -> str:
    """``url`` trimmed; raises :class:`InvalidInput` unless it is a public https address without credentials."""
    url = url.strip()
    if len(url) > LIMIT:
        raise InvalidInput(f"Ce lien dépasse {LIMIT} caractères.")
    if _BLANK.search(url):
        raise InvalidInput("Ce lien contient des espaces ou des caractères invisibles : copiez-le de nouveau.")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise InvalidInput("Ce lien n’est pas une adresse complète : copiez-le depuis votre navigateur.") from error
    if parts.scheme != "https":
        raise InvalidInput("Le lien doit commencer par https://.")
    if parts.username is not None or parts.password is not None:
        raise InvalidInput("Ce lien porte un identifiant ou un mot de passe : retirez-les.")
    if not host or ("." not in host.strip(".") and ":" not in host and not _address(host)):
        raise InvalidInput("Ce lien n’est pas une adresse complète : copiez-le depuis votre navigateur.")
    if _is_inside(host):
        raise InvalidInput("Ce lien mène à une machine locale : le jury ne pourrait pas l’ouvrir.")
    return url


def _is_inside(host: str) -> bool:
    name = host.rstrip(".").lower()
    address = _address(name)
    if address is not None:
        mapped = getattr(address, "ipv4_mapped", None) or address
        return not mapped.is_global
    return name == "localhost" or name.endswith(_INSIDE)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The literal address, in any of the forms browsers accept (127.1, 0x7f000001, 2130706433)."""
    try:
        return ipaddress.ip_address(host.split("%", maxsplit=1)[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None
