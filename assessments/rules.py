"""Who may see, plan and mark soutenances: one table, the same for HTML, API and templates."""

from typing import Any

import rules

from accounts.rules import is_administrateur, is_auditeur, is_candidate, is_evaluateur, is_gestionnaire


@rules.predicate
def is_assigned(user: Any, soutenance: Any) -> bool:
    return soutenance is not None and user.pk in (soutenance.evaluateur_id, soutenance.second_evaluateur_id)


@rules.predicate
def is_markable(user: Any, soutenance: Any) -> bool:
    return soutenance is not None and soutenance.is_markable


@rules.predicate
def is_of_candidate(user: Any, soutenance: Any) -> bool:
    return soutenance is not None and soutenance.enrolment.candidate.user_id == user.pk


rules.add_perm("assessments.view_all", is_gestionnaire | is_auditeur)
rules.add_perm("assessments.plan", is_gestionnaire)
rules.add_perm("assessments.open_grille", is_evaluateur & is_assigned)
rules.add_perm("assessments.leave", is_gestionnaire | (is_evaluateur & is_assigned))
rules.add_perm("assessments.reopen", is_gestionnaire)
rules.add_perm("assessments.mark", is_evaluateur & is_assigned & is_markable)
rules.add_perm("assessments.move_clock", is_evaluateur & is_assigned)
rules.add_perm("assessments.read_clock", (is_evaluateur & is_assigned) | is_gestionnaire)
rules.add_perm("assessments.hand_in", (is_candidate & is_of_candidate) | is_gestionnaire)
rules.add_perm("assessments.read_convocation", (is_candidate & is_of_candidate) | is_gestionnaire)
rules.add_perm("assessments.simulate", is_administrateur | is_gestionnaire)
rules.add_perm("assessments.view_own_soutenances", is_evaluateur)
rules.add_perm("assessments.view_own_progress", is_candidate)
