"""What a jury's work freezes (R-JUR-3, R-JUR-5)."""

from candidates.models import Enrolment
from core.protection import ALWAYS, Protection, append_only
from juries.models import Candidacy, Decision, Dossier, JuryMember, JurySession, Minutes

_CLOSED = "EXISTS (SELECT 1 FROM juries_jurysession s WHERE s.id = {row}.session_id AND s.closed_at IS NOT NULL)"
_LOCK = "1 FROM juries_jurysession s WHERE s.id = {row}.session_id FOR SHARE"
_MESSAGE = "La session est close : une correction est une nouvelle décision, jamais une retouche."

_UNDER_WAY = (
    "EXISTS (SELECT 1 FROM assessments_soutenance s WHERE s.enrolment_id = {row}.enrolment_id)"
    " OR EXISTS (SELECT 1 FROM juries_decision d WHERE d.enrolment_id = {row}.enrolment_id AND d.stage = 'taken')"
)

PROTECTIONS = [
    Protection(
        Dossier,
        once_written=ALWAYS,
        message="Un dossier établi ne change pas : une nouvelle révision le remplace.",
        free=("stale_since",),
    ),
    # A proposal is written once; a decision may be changed by the jury until its session is closed.
    Protection(Decision, when=_CLOSED, once_written="{row}.stage = 'proposed'", message=_MESSAGE, lock=_LOCK),
    Protection(JuryMember, when=_CLOSED, message=_MESSAGE, lock=_LOCK),
    Protection(Candidacy, when=_CLOSED, message=_MESSAGE, lock=_LOCK),
    Protection(
        JurySession,
        once_written="{row}.closed_at IS NOT NULL",
        message=_MESSAGE,
        free=("state", "published_at"),
        # Each step leaves its date, which a constraint ties to the state: no state is gone back to.
        once_set=("opened_at", "closed_at", "published_at"),
    ),
    append_only(Minutes, message="Un procès-verbal dressé ne change pas : une décision nouvelle le remplace."),
    Protection(
        Enrolment.blocs.through,
        when=_UNDER_WAY,
        message="Des blocs visés ne changent plus : une soutenance est planifiée, ou un jury a décidé.",
        lock="1 FROM candidates_enrolment e WHERE e.id = {row}.enrolment_id FOR SHARE",
    ),
]
