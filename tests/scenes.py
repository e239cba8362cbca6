"""The situations tests start from, made through the product's own services."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from assessments.enums import Verdict
from assessments.marks import MarkValue
from assessments.models import Grille, Soutenance
from assessments.queries.review import criteres_of
from assessments.services.marking import change_mark
from assessments.services.planning import ToConfirm, plan_soutenance
from assessments.services.submission import submit
from candidates.enums import VoieAcces
from candidates.models import Candidate, Enrolment
from candidates.services.enrolling import enrol, open_file
from core import jobs
from juries.enums import Capacity
from juries.models import JurySession
from juries.services.declaring import declare_conflicts
from juries.services.sessions import open_session, prepare_session, present_candidate, seat_member
from referentiel.models import Competence, Referentiel
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel

_numbers = count(1)
ACQUIS, NON_ACQUIS = Verdict.ACQUIS, Verdict.NON_ACQUIS


def a_manager() -> User:
    return UserFactory(roles=[Role.GESTIONNAIRE])


def an_evaluateur(**fields: str) -> User:
    return UserFactory(roles=[Role.EVALUATEUR], **fields)


def a_candidate(family_name: str = "Garnier", given_names: str = "Léa") -> Candidate:
    return open_file(
        family_name=family_name,
        given_names=given_names,
        birth_date=date(1990, 5, 17),
        birth_place="Nantes",
        email=f"candidat-{next(_numbers)}@exemple.fr",
        by=a_manager(),
    )


def an_enrolment(referentiel: Referentiel | None = None, candidate: Candidate | None = None) -> Enrolment:
    return enrol(
        candidate or a_candidate(),
        referentiel=referentiel or build_referentiel(),
        voie_acces=VoieAcces.FORMATION_CONTINUE,
        enrolled_on=date(2026, 1, 12),
        by=a_manager(),
    )


def a_soutenance(
    enrolment: Enrolment | None = None,
    *,
    evaluateur: User | None = None,
    second_evaluateur: User | None = None,
    competences: Iterable[Competence] | None = None,
    starts_at: datetime | None = None,
) -> Soutenance:
    enrolment = enrolment or an_enrolment()
    return plan_despite(
        enrolment,
        evaluateur=evaluateur or an_evaluateur(),
        second_evaluateur=second_evaluateur,
        competences=list(enrolment.referentiel.competences.all() if competences is None else competences),
        starts_at=starts_at or timezone.now(),
        by=a_manager(),
    )


def plan_despite(enrolment: Enrolment, **planned: Any) -> Soutenance:
    """Planned by somebody who sets aside whatever the planning asks to look at twice."""
    try:
        return plan_soutenance(enrolment, **planned)
    except ToConfirm as doubt:
        return plan_soutenance(enrolment, **planned, despite=doubt.key)


def grille_of(soutenance: Soutenance, evaluateur: User | None = None) -> Grille:
    """The first évaluateur's grille, or that of ``evaluateur``."""
    grilles = soutenance.grilles.select_related("soutenance", "evaluateur")
    return grilles.get(evaluateur=evaluateur or soutenance.evaluateur_id)


def mark_all(grille: Grille, *, failing: Iterable[int] = ()) -> None:
    """Judge every CE acquis, but those whose primary key is in ``failing``."""
    failing = set(failing)
    for critere in criteres_of(grille):
        failed = critere.pk in failing
        mark = grille.marks.filter(critere=critere).first()
        change_mark(
            grille,
            critere=critere,
            value=MarkValue(NON_ACQUIS if failed else ACQUIS, "À reprendre : la démarche manque." if failed else ""),
            from_version=mark.version if mark else 0,
            operation=uuid4(),
            by=grille.evaluateur,
        )


def pass_soutenance(enrolment: Enrolment, competences: Iterable[Competence] | None = None, **fields: User) -> Grille:
    """A soutenance planned, judged acquis throughout and submitted."""
    grille = grille_of(a_soutenance(enrolment, competences=competences, **fields))
    mark_all(grille)
    submit(grille, by=grille.evaluateur)
    return grille


def fail_soutenance(enrolment: Enrolment, competences: Iterable[Competence] | None = None, **fields: User) -> Grille:
    """A soutenance whose first CE of each compétence is non acquis."""
    grille = grille_of(a_soutenance(enrolment, competences=competences, **fields))
    first = {critere.competence_id: critere.pk for critere in reversed(criteres_of(grille))}
    mark_all(grille, failing=first.values())
    submit(grille, by=grille.evaluateur)
    return grille


def hand_in(soutenance: Soutenance, evaluateur: User, *, failing: Iterable[int] = ()) -> None:
    """One évaluateur judges every CE and submits."""
    mark_all(grille_of(Soutenance.objects.get(pk=soutenance.pk), evaluateur), failing=failing)
    submit(grille_of(Soutenance.objects.get(pk=soutenance.pk), evaluateur), by=evaluateur)


def in_disagreement(enrolment: Enrolment | None = None, **fields: User) -> Soutenance:
    """Two évaluateurs have submitted; the second finds the first CE non acquis."""
    second = fields.pop("second_evaluateur", None) or an_evaluateur(first_name="Ada")
    soutenance = a_soutenance(enrolment, second_evaluateur=second, **fields)
    critere = criteres_of(grille_of(soutenance))[0]
    hand_in(soutenance, soutenance.evaluateur)
    hand_in(soutenance, second, failing=[critere.pk])
    soutenance.refresh_from_db()
    return soutenance


def a_certifiable_enrolment(referentiel: Referentiel | None = None) -> Enrolment:
    """Every bloc acquired, the dossier and the proposal produced."""
    enrolment = an_enrolment(referentiel)
    pass_soutenance(enrolment)
    jobs.run_due()
    return enrolment


def a_session(
    *enrolments: Enrolment,
    opened: bool = False,
    referentiel: Referentiel | None = None,
    held_at: datetime | None = None,
) -> JurySession:
    """A lawful jury (an external president, an internal member) before which the enrolments are presented, today."""
    manager = a_manager()
    session = prepare_session(
        referentiel=referentiel or enrolments[0].referentiel,
        name="Jury de décembre",
        held_at=held_at or timezone.now(),
        place="Visioconférence",
        by=manager,
    )
    president, member = UserFactory(roles=[Role.JURY]), UserFactory(roles=[Role.JURY])
    seat_member(session, user=president, capacity=Capacity.EXTERNAL, is_president=True, by=manager)
    seat_member(session, user=member, capacity=Capacity.INTERNAL, by=manager)
    for enrolment in enrolments:
        present_candidate(session, enrolment=enrolment, by=manager)
    jobs.run_due()
    everybody_declares(session)
    if opened:
        open_session(session, by=president)
        session.refresh_from_db()
    return session


def everybody_declares(session: JurySession) -> None:
    """Each member declares that no conflict of interest is theirs."""
    for member in session.members.select_related("user"):
        declare_conflicts(member, conflicts={}, by=member.user)


def president_of(session: JurySession) -> User:
    return session.members.get(is_president=True).user
