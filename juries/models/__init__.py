"""Who decides: sessions, members, dossiers, decisions."""

from juries.models.decision import Decision
from juries.models.dossier import Dossier
from juries.models.minutes import Minutes
from juries.models.session import Candidacy, JuryMember, JurySession

__all__ = ["Candidacy", "Decision", "Dossier", "JuryMember", "JurySession", "Minutes"]
