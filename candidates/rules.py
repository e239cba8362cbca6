"""Who may read and change what about candidates."""

import rules

from accounts.rules import is_auditeur, is_candidate, is_gestionnaire, is_referent_handicap

rules.add_perm("candidates.view_all", is_gestionnaire | is_auditeur)
rules.add_perm("candidates.manage", is_gestionnaire)
# The référent finds an enrolment by its holder's name and sees its measures; the rest of the file is not theirs.
rules.add_perm("candidates.manage_accommodations", is_referent_handicap)
rules.add_perm("candidates.manage_own_consent", is_candidate)
