"""What a published session gives a right to, and what each certificate says of it (R-JUR-7)."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.models import JournalEntry
from juries.certificate_content import (
    SCHEMA,
    CertificateContent,
    DeliveredBlocContent,
    DeliveredCertificationContent,
    DeliveryContent,
    HolderContent,
    JuryContent,
    VerificationContent,
)
from juries.content import ReferentielContent
from juries.enums import CertificateKind, Outcome
from juries.models import Certificate, Decision, Delivery, JurySession
from juries.queries.minutes import CLOSING
from referentiel.models import Bloc


@dataclass(frozen=True)
class Due:
    """A certificate to issue; ``bloc`` is None for a parchemin."""

    decision: Decision
    bloc: int | None

    @property
    def kind(self) -> CertificateKind:
        return CertificateKind.PARCHEMIN if self.bloc is None else CertificateKind.ATTESTATION


def certificates_due(session: JurySession) -> list[Due]:
    """What the standing decisions of ``session`` give a right to and was never issued, in the order of names.

    One parchemin for each certification, one attestation for each bloc of a partial validation, unless the candidate
    held one for that bloc already when the results were published. Three queries.
    """
    if session.published_at is None:
        return []
    decisions = (
        session.decisions.standing_in_public()
        .filter(outcome__in=[Outcome.CERTIFIED, Outcome.PARTIAL])
        .select_related("enrolment__candidate")
        .order_by("enrolment__candidate__family_name", "enrolment__candidate__given_names", "enrolment__number")
    )
    wanted = [Due(decision, bloc) for decision in decisions for bloc in _blocs_of(decision)]
    issued = set(Certificate.objects.filter(decision__session=session).values_list("decision", "bloc_number"))
    held = set(
        Certificate.objects.filter(Q(revoked_at=None) | Q(revoked_at__gt=session.published_at))
        .filter(bloc_number__isnull=False, decision__enrolment__in=[due.decision.enrolment_id for due in wanted])
        .values_list("decision__enrolment", "bloc_number")
    )
    return [
        due
        for due in wanted
        if (due.decision.pk, due.bloc) not in issued and (due.decision.enrolment_id, due.bloc) not in held
    ]


def _blocs_of(decision: Decision) -> list[int] | list[None]:
    return [None] if decision.outcome == Outcome.CERTIFIED else list(decision.blocs)


class Delivered:
    """What all the certificates of one session have in common, read once."""

    def __init__(self, session: JurySession, delivery: Delivery, *, at: datetime) -> None:
        self.session, self.delivery, self.at = session, delivery, at

    def content(self, due: Due, *, number: str, code: str, token: str) -> CertificateContent:
        return {
            "schema": SCHEMA,
            "kind": due.kind.value,
            "number": number,
            "certification": self._certification,
            "referentiel": self._referentiel,
            "holder": holder_content(due.decision),
            "blocs": [self._bloc(bloc, due) for bloc in self._blocs if due.bloc in (None, bloc.number)],
            "jury": self._jury,
            "delivery": delivery_content(self.delivery, issued_on=timezone.localdate(self.at).isoformat()),
            "verification": verification_content(code=code, token=token),
        }

    @cached_property
    def _certification(self) -> DeliveredCertificationContent:
        referentiel = self.session.referentiel
        certification = referentiel.certification
        return {
            "title": certification.title,
            "rncp_code": certification.rncp_code,
            "registered_on": referentiel.registration.decided_on.isoformat(),
            "level": certification.level,
            "nsf": certification.nsf,
        }

    @cached_property
    def _referentiel(self) -> ReferentielContent:
        referentiel = self.session.referentiel
        return {"version": referentiel.version, "fingerprint": referentiel.publication.fingerprint}

    @cached_property
    def _jury(self) -> JuryContent:
        session = self.session
        assert session.closed_at is not None  # published, a constraint says so
        closing = JournalEntry.objects.filter(verb=CLOSING, subject_id=str(session.pk)).latest("sequence")
        return {
            "name": session.name,
            "held_on": timezone.localdate(session.held_at).isoformat(),
            "closed_at": timezone.localtime(session.closed_at).isoformat(timespec="seconds"),
            "journal_sequence": closing.sequence,
            "journal_hash": closing.hash,
        }

    @cached_property
    def _blocs(self) -> list[Bloc]:
        return list(self.session.referentiel.blocs.prefetch_related("activites__competences"))

    @staticmethod
    def _bloc(bloc: Bloc, due: Due) -> DeliveredBlocContent:
        competences = [one for activite in bloc.activites.all() for one in activite.competences.all()]
        told = competences if due.kind == CertificateKind.ATTESTATION else []
        return {
            "number": bloc.number,
            "title": bloc.title,
            "competences": [{"code": one.code, "statement": one.statement} for one in told],
        }


def holder_content(decision: Decision) -> HolderContent:
    """The civil status of who the decision is about, as their file says it now."""
    candidate = decision.enrolment.candidate
    return {
        "full_name": candidate.full_name,
        "family_name": candidate.family_name,
        "usage_name": candidate.usage_name,
        "given_names": candidate.given_names,
        "birth_date": candidate.birth_date.isoformat(),
        "birth_place": candidate.birth_place,
    }


def delivery_content(delivery: Delivery, *, issued_on: str) -> DeliveryContent:
    return {
        "legal_name": delivery.legal_name,
        "place": delivery.place,
        "signatory": delivery.signatory,
        "signatory_title": delivery.signatory_title,
        "issued_on": issued_on,
    }


def verification_content(*, code: str, token: str) -> VerificationContent:
    return {
        "code": code,
        "address": settings.PUBLIC_URL + reverse("juries:verify"),
        "url": settings.PUBLIC_URL + reverse("juries:verify_token", args=[token]),
    }
