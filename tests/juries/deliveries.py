"""A certification ready to be delivered, and what its parchemins bear."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from accounts.enums import Role
from candidates.models import Enrolment
from candidates.services.filing import correct_civil_status
from core import jobs
from juries.enums import Outcome
from juries.models import Certificate, Decision, JurySession
from juries.services.deciding import take_decision
from juries.services.delivering import delivery_values, set_delivery
from juries.services.sessions import close_session, open_session, publish_session
from referentiel.models import Referentiel
from referentiel.nodes import seen_as
from referentiel.services.settling import record_registration
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.juries.sittings import decide
from tests.referentiel.factories import build_referentiel

MENTIONS = {
    "legal_name": "Certificateur d’essai SAS",
    "place": "Nantes",
    "signatory": "Aurore Lemaître",
    "signatory_title": "Directrice de la certification",
}
DECIDED_ON = date(2024, 4, 24)


def ready_to_deliver(referentiel: Referentiel, **mentions: str) -> None:
    """Délivrance filled in, registration noted."""
    administrateur = UserFactory(roles=[Role.ADMINISTRATEUR])
    certification = referentiel.certification
    set_delivery(
        certification,
        values={**MENTIONS, **mentions},
        by=administrateur,
        seen=seen_as(delivery_values(certification)),
    )
    record_registration(
        referentiel,
        decided_on=DECIDED_ON,
        ends_on=date(2029, 4, 24),
        delivery_limit_on=date(2033, 4, 24),
        nsf="326",
        by=administrateur,
    )


def published(*enrolments: Enrolment, outcomes: Iterable[Outcome] = (), ready: bool = True) -> JurySession:
    """A published session about ``enrolments``, in the order given: certified, or each of ``outcomes``."""
    if ready and not hasattr(enrolments[0].referentiel, "registration"):
        ready_to_deliver(enrolments[0].referentiel)
    session = scenes.a_session(*enrolments, opened=True)
    decided = list(outcomes) or [Outcome.CERTIFIED] * len(enrolments)
    for enrolment, outcome in zip(enrolments, decided, strict=True):
        decide(session, enrolment, outcome)
    return published_now(session)


def published_now(session: JurySession) -> JurySession:
    """Closed, then published, by its president."""
    president = scenes.president_of(session)
    close_session(session, by=president)
    publish_session(session, by=president)
    session.refresh_from_db()
    return session


def several(count: int, **referentiel: int) -> list[Enrolment]:
    """Enrolments on one version whose every bloc is acquired."""
    version = build_referentiel(**referentiel)
    enrolments = [scenes.an_enrolment(version, scenes.a_candidate(f"Candidat{n}")) for n in range(count)]
    for enrolment in enrolments:
        scenes.pass_soutenance(enrolment)
    return enrolments


def a_parchemin() -> Certificate:
    """Issued by the publication of a session, printed and signed."""
    published(scenes.a_certifiable_enrolment())
    jobs.run_due()
    return Certificate.objects.latest("issued_at", "sequence")


def renamed(certificate: Certificate, given_names: str = "Léa Zélie") -> None:
    """The civil status of the holder is corrected."""
    candidate = certificate.decision.enrolment.candidate
    status = replace(candidate.civil_status, given_names=given_names)
    correct_civil_status(candidate, status=status, by=scenes.a_manager())


def re_examined(decision: Decision, outcome: Outcome, *, blocs: Iterable[int] = ()) -> JurySession:
    """Another session, published, that re-examines ``decision`` and takes ``outcome``."""
    enrolment = decision.enrolment
    session = scenes.a_session(referentiel=enrolment.referentiel)
    session.candidacies.create(enrolment=enrolment, reexamines=decision, reexamination_reason="Recours accueilli.")
    open_session(session, by=scenes.president_of(session))
    session.refresh_from_db()
    take_decision(
        session,
        enrolment=enrolment,
        dossier=enrolment.dossiers.latest("revision"),
        outcome=outcome,
        motive="Le jury a réexaminé le dossier.",
        blocs=blocs,
        by=scenes.president_of(session),
    )
    return published_now(session)
