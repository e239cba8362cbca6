"""Fingerprints: the one way a value becomes bytes, and the one hash taken of them."""

import hashlib
import json


def canonical_json(value: object) -> str:
    """Return the only JSON text of ``value``: keys sorted, no spaces, no ASCII escapes, no NaN.

    Two equal values give the same text on every machine, so that its SHA-256 names the value.
    Raises ``TypeError`` for what JSON cannot say and ``ValueError`` for NaN and infinities.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_hex(data: str | bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 lower-case hexadecimal digits; a text is hashed as UTF-8."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()
