"""Decisions published, contested, given to somebody."""

from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from accounts.enums import Role
from accounts.models import User
from candidates.models import Enrolment
from juries.enums import AppealKind, AppealState, Outcome
from juries.models import Appeal, Decision
from juries.services.appealing import Exhibit, file_appeal
from juries.services.instructing import assign_appeal, conclude_appeal
from juries.services.sessions import close_session, publish_session
from tests import scenes
from tests.accounts.factories import UserFactory
from tests.juries.sittings import decide

STATEMENT = "EXPOSE-CANARI : la note du bloc 2 ne correspond pas à ma soutenance."
ANSWER = "REPONSE-CANARI : la grille a été relue, l’erreur est établie."


def a_published_decision(outcome: Outcome = Outcome.REFUSED, enrolment: Enrolment | None = None) -> Decision:
    enrolment = enrolment or scenes.a_certifiable_enrolment()
    session = scenes.a_session(enrolment, opened=True)
    decide(session, enrolment, outcome)
    close_session(session, by=scenes.president_of(session))
    publish_session(session, by=scenes.president_of(session))
    return Decision.objects.taken().get(session=session)


def candidate_of(decision: Decision) -> User:
    user = decision.enrolment.candidate.user
    assert user
    return user


def an_exhibit(content: bytes, name: str = "preuve.pdf") -> Exhibit:
    return Exhibit(BytesIO(content), name, len(content))


def contest(decision: Decision, *exhibits: Exhibit, operation: UUID | None = None, **fields: Any) -> Appeal:
    told = {"kind": AppealKind.ASSESSMENT, "statement": STATEMENT, "by": candidate_of(decision), **fields}
    return file_appeal(decision, exhibits=exhibits, operation=operation or uuid4(), **told)


def an_instructor(**fields: Any) -> User:
    return UserFactory(roles=[Role.EVALUATEUR], **fields)


def an_appeal_given_to(owner: User, decision: Decision | None = None) -> Appeal:
    appeal = contest(decision or a_published_decision())
    assign_appeal(appeal, owner=owner, by=scenes.a_manager())
    appeal.refresh_from_db()
    return appeal


def an_appeal_upheld(decision: Decision | None = None) -> Appeal:
    owner = an_instructor()
    appeal = an_appeal_given_to(owner, decision)
    conclude_appeal(appeal, conclusion=AppealState.UPHELD, answer=ANSWER, by=owner)
    appeal.refresh_from_db()
    return appeal
