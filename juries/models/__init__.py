"""Who decides: sessions, members, dossiers, decisions, and what they deliver."""

from juries.models.appeal import AnswerDraft, Appeal, AppealFile
from juries.models.ballot import Ballot, Vote
from juries.models.certificate import Certificate, CertificateCopy, Delivery
from juries.models.conflict import Recusal
from juries.models.decision import Decision
from juries.models.dossier import Dossier
from juries.models.incident import Incident
from juries.models.letter import Letter
from juries.models.minutes import Minutes, MinutesSignature
from juries.models.reading import Reading, Remark
from juries.models.session import Candidacy, JuryMember, JurySession

__all__ = [
    "AnswerDraft",
    "Appeal",
    "AppealFile",
    "Ballot",
    "Candidacy",
    "Certificate",
    "CertificateCopy",
    "Decision",
    "Delivery",
    "Dossier",
    "Incident",
    "JuryMember",
    "JurySession",
    "Letter",
    "Minutes",
    "MinutesSignature",
    "Reading",
    "Recusal",
    "Remark",
    "Vote",
]
