"""Base predicates: who a person is. Each application composes them with its own objects."""

from typing import Any

import rules

from accounts.enums import Role
from accounts.models import User


def holds(*roles: Role) -> rules.Predicate:
    """True for an active person with one of the roles."""

    def check(user: Any) -> bool:
        return isinstance(user, User) and user.has_role(*roles)

    return rules.predicate(check, name=f"holds:{'|'.join(roles)}")


is_candidate = holds(Role.CANDIDATE)
is_evaluateur = holds(Role.EVALUATEUR)
is_jury_member = holds(Role.JURY)
is_gestionnaire = holds(Role.GESTIONNAIRE)
is_administrateur = holds(Role.ADMINISTRATEUR)
is_referent_handicap = holds(Role.REFERENT_HANDICAP)
is_auditeur = holds(Role.AUDITEUR)

rules.add_perm("accounts.manage_people", is_administrateur)
rules.add_perm("core.view_jobs", is_gestionnaire | is_administrateur | is_auditeur)
rules.add_perm("core.run_job_again", is_gestionnaire | is_administrateur)
rules.add_perm("core.read_journal", is_auditeur | is_administrateur)
