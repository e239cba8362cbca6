"""Who may organise, read and decide: one table, the same for HTML, API and templates."""

from typing import Any

import rules

from accounts.enums import Role
from accounts.rules import holds, is_administrateur, is_auditeur, is_candidate, is_gestionnaire, is_jury_member
from juries.enums import SessionState

APPEALS = "appeals"
"""The errand of who was given one to instruct (``accounts.errands``), declared in ``juries.apps``."""


@rules.predicate
def sits(user: Any, session: Any) -> bool:
    return session is not None and any(member.user_id == user.pk for member in session.members.all())


@rules.predicate
def presides(user: Any, session: Any) -> bool:
    return session is not None and any(
        member.user_id == user.pk and member.is_president for member in session.members.all()
    )


@rules.predicate
def filed(user: Any, appeal: Any) -> bool:
    return appeal is not None and appeal.decision.enrolment.candidate.user_id == user.pk


@rules.predicate
def instructs(user: Any, appeal: Any) -> bool:
    return appeal is not None and appeal.owner_id == user.pk


@rules.predicate
def has_instructed(user: Any) -> bool:
    return APPEALS in user.errands


def in_state(*states: SessionState) -> rules.Predicate:
    def check(user: Any, session: Any) -> bool:
        return session is not None and session.state in states

    return rules.predicate(check, name=f"in_state:{'|'.join(states)}")


works_here = holds(*(role for role in Role if role != Role.CANDIDATE))
is_preparing = in_state(SessionState.PREPARING)
is_open = in_state(SessionState.OPEN)
is_closed = in_state(SessionState.CLOSED)

rules.add_perm("juries.view_all", is_gestionnaire | is_auditeur)
rules.add_perm("juries.organise", is_gestionnaire)
rules.add_perm("juries.prepare_session", is_gestionnaire & is_preparing)
rules.add_perm("juries.open_session", is_jury_member & presides & is_preparing)
rules.add_perm("juries.decide", is_jury_member & presides & is_open)
rules.add_perm("juries.close_session", is_jury_member & presides & is_open)
rules.add_perm("juries.publish_session", ((is_jury_member & presides) | is_gestionnaire) & is_closed)
rules.add_perm("juries.preside", is_jury_member & presides)
rules.add_perm("juries.announce", (is_jury_member & presides) | is_gestionnaire)
rules.add_perm("juries.deliberate", is_jury_member & sits)
rules.add_perm("juries.vote", is_jury_member & sits & is_open)
rules.add_perm("juries.set_delivery", is_administrateur)
rules.add_perm("juries.see_sessions", is_gestionnaire | is_auditeur | is_jury_member)
rules.add_perm("juries.read_letters", (is_jury_member & presides) | is_gestionnaire | is_auditeur)
rules.add_perm("juries.write_letters", (is_jury_member & presides) | is_gestionnaire)
rules.add_perm("juries.edit_letters", ((is_jury_member & presides) | is_gestionnaire) & is_closed)
rules.add_perm("juries.see_appeals", is_gestionnaire | is_auditeur | (works_here & has_instructed))
rules.add_perm("juries.assign_appeal", is_gestionnaire)
rules.add_perm("juries.instruct_appeal", works_here & instructs)
rules.add_perm("juries.withdraw_appeal", is_candidate & filed)
