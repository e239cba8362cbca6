"""The lists of what was delivered: to all who manage it, of one session, to its holder."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from candidates.lines import folded
from candidates.models import Candidate, Enrolment
from juries.appeal_delay import MONTHS, last_day
from juries.models import Certificate, CertificateCopy, JurySession
from juries.queries.certificates import Due, certificates_due
from juries.queries.deliveries import missing_to_deliver

VALID, REVOKED = "valable", "revoque"
STATES = [("", "Tous"), (VALID, "Valables"), (REVOKED, "Révoqués")]
_WORDS = 8  # a search uses no more
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_COLUMNS = (
    "Numéro",
    "Nature",
    "Bloc",
    "Certification",
    "Titulaire",
    "Inscription",
    "Session",
    "Délivré le",
    "État",
    "Révoqué le",
    "Motif de révocation",
)


@dataclass(frozen=True)
class SessionDeliveries:
    """What a published session has delivered; ``missing`` says what keeps the ``due`` ones from being."""

    issued: list[Certificate]
    due: list[Due]
    missing: list[str]


def certificates_found(among: QuerySet[Certificate], *, words: str = "", state: str = "") -> QuerySet[Certificate]:
    """Those whose number or holder's name holds every word, the latest first, without their content."""
    found = _with_holders(among).filter(reduce(and_, map(_holds, words.split()[:_WORDS]), Q()))
    if state in (VALID, REVOKED):
        found = found.filter(revoked_at__isnull=state == VALID)
    return found.order_by("-issued_at", "number")


def deliveries_of_session(session: JurySession) -> SessionDeliveries:
    issued = _with_holders(Certificate.objects.filter(decision__session=session)).order_by("year", "sequence")
    return SessionDeliveries(list(issued), certificates_due(session), missing_to_deliver(session.referentiel))


def certificates_held_by(candidate: Candidate) -> QuerySet[Certificate]:
    """All that was ever delivered to a person, whatever the certification, without their content."""
    found = Certificate.objects.filter(decision__enrolment__candidate=candidate).defer(
        "content_json", "replaced_by__content_json"
    )
    return found.select_related("certification", "replaced_by").order_by("issued_at", "number")


def certificates_of(enrolment: Enrolment) -> QuerySet[Certificate]:
    """What the holder received for an enrolment, the latest first, with its duplicata."""
    return (
        Certificate.objects.filter(decision__enrolment=enrolment)
        .defer("content_json", "replaced_by__content_json")
        .select_related("certification", "replaced_by")
        .prefetch_related(Prefetch("copies", CertificateCopy.objects.order_by("rank")))
        .order_by("-issued_at", "number")
    )


def kept_until(certificate: Certificate) -> date | None:
    """The day until which the règlement keeps what was delivered; None when it does not say (R-REF-6)."""
    years = certificate.decision.enrolment.referentiel.reglement.retention_years
    issued_on = timezone.localdate(certificate.issued_at)
    return last_day(issued_on, MONTHS * years) if years else None


def as_csv(certificates: Iterable[Certificate]) -> Iterator[str]:
    """UTF-8 with its mark, semicolons: what a French spreadsheet opens as it is. No cell can be taken for a formula."""
    yield "\ufeff" + _line(_COLUMNS)
    for one in certificates:
        enrolment = one.decision.enrolment
        yield _line(
            (
                one.number,
                one.get_kind_display(),
                str(one.bloc_number or ""),
                one.certification.title,
                str(enrolment.candidate),
                enrolment.number,
                str(one.decision.session),
                f"{timezone.localdate(one.issued_at):%d/%m/%Y}",
                _state(one),
                f"{timezone.localdate(one.revoked_at):%d/%m/%Y}" if one.revoked_at else "",
                one.revocation_reason,
            )
        )


def _state(certificate: Certificate) -> str:
    if not certificate.revoked_at:
        return "Valable"
    return "Remplacé" if certificate.rectified_by else "Révoqué"


def _with_holders(certificates: QuerySet[Certificate]) -> QuerySet[Certificate]:
    related = ("certification", "decision__session", "decision__enrolment__candidate", "replaces", "replaced_by")
    without = ("content_json", "replaces__content_json", "replaced_by__content_json")
    return certificates.select_related(*related).defer(*without)


def _holds(word: str) -> Q:
    found = Q(number__icontains=word)
    if folded(word):
        found |= Q(decision__enrolment__candidate__search_key__contains=folded(word))
    return found


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(
        [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
    )
    return out.getvalue()
