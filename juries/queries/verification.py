"""What anyone may learn of a certificate whose code they hold, and nothing of its holder (R-JUR-7)."""

from dataclasses import dataclass
from datetime import datetime

from juries.codes import code_typed, is_token
from juries.enums import CertificateKind
from juries.models import Certificate


@dataclass(frozen=True)
class Verified:
    """Read without the content, which may have been erased with the holder's data.

    ``replaces`` and ``replaced_by`` are numbers, "" for none; what is replaced is revoked too.
    """

    nature: str
    number: str
    certification: str
    rncp_code: str
    issued_at: datetime
    revoked_at: datetime | None
    replaces: str
    replaced_by: str


def verified_by_code(typed: str) -> Verified | None:
    """None for a code that is not one and for a code of nothing: the same answer."""
    code = code_typed(typed)
    return _verified(code=code) if code else None


def verified_by_token(token: str) -> Verified | None:
    return _verified(token=token) if is_token(token) else None


def _verified(**proof: str) -> Verified | None:
    rows = Certificate.objects.filter(**proof).values_list(
        "kind",
        "number",
        "certification__title",
        "certification__rncp_code",
        "issued_at",
        "revoked_at",
        "replaces__number",
        "replaced_by__number",
    )
    row = rows.first()
    return Verified(CertificateKind(row[0]).label, *row[1:6], row[6] or "", row[7] or "") if row else None
