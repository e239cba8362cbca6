"""Who may read and change référentiels."""

import rules

from accounts.rules import is_administrateur, is_auditeur

rules.add_perm("referentiel.view_draft", is_administrateur | is_auditeur)
rules.add_perm("referentiel.edit", is_administrateur)
