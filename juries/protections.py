"""What a jury's work freezes (R-JUR-3, R-JUR-5)."""

from candidates.models import Enrolment
from core.protection import ALWAYS, Protection, append_only
from juries.models import (
    Appeal,
    AppealFile,
    Ballot,
    Candidacy,
    Certificate,
    CertificateCopy,
    Decision,
    Dossier,
    Incident,
    JuryMember,
    JurySession,
    Letter,
    Minutes,
    MinutesSignature,
    Reading,
    Recusal,
    Remark,
    Vote,
)

_CLOSED = "EXISTS (SELECT 1 FROM juries_jurysession s WHERE s.id = {row}.session_id AND s.closed_at IS NOT NULL)"
_LOCK = "1 FROM juries_jurysession s WHERE s.id = {row}.session_id FOR SHARE"
_MESSAGE = "La session est close : une correction est une nouvelle décision, jamais une retouche."


def _of(table: str, column: str) -> str:
    """The session that a row belongs to through ``column``, which names a row of ``table``."""
    return f"juries_jurysession s JOIN {table} o ON o.session_id = s.id WHERE o.id = {{row}}.{column}"


def _closed_of(table: str, column: str) -> str:
    return f"EXISTS (SELECT 1 FROM {_of(table, column)} AND s.closed_at IS NOT NULL)"


def _lock_of(table: str, column: str) -> str:
    return f"1 FROM {_of(table, column)} FOR SHARE OF s"


_CANDIDACY = ("juries_candidacy", "candidacy_id")
_MEMBER = ("juries_jurymember", "member_id")
_PUBLISHED_OF = f"EXISTS (SELECT 1 FROM {_of('juries_decision', 'decision_id')} AND s.published_at IS NOT NULL)"
_BALLOT_OVER = "EXISTS (SELECT 1 FROM juries_ballot b WHERE b.id = {row}.ballot_id AND b.closed_at IS NOT NULL)"

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
        free=("state", "published_at", "current"),
        # Each step leaves its date, which a constraint ties to the state: no state is gone back to.
        once_set=("opened_at", "closed_at", "published_at"),
    ),
    append_only(Minutes, message="Un procès-verbal dressé ne change pas : une décision nouvelle le remplace."),
    append_only(MinutesSignature, message="Une signature ne se reprend pas."),
    Protection(
        Incident,
        when=_CLOSED,
        once_written=ALWAYS,
        message="Un incident noté ne change pas : un autre le précise, tant que la session est ouverte.",
        lock=_LOCK,
    ),
    Protection(Recusal, when=_closed_of(*_CANDIDACY), message=_MESSAGE, lock=_lock_of(*_CANDIDACY)),
    Protection(Remark, when=_closed_of(*_CANDIDACY), message=_MESSAGE, lock=_lock_of(*_CANDIDACY)),
    Protection(Reading, when=_closed_of(*_MEMBER), message=_MESSAGE, lock=_lock_of(*_MEMBER)),
    Protection(
        Ballot,
        when=_closed_of(*_CANDIDACY),
        once_written="{row}.closed_at IS NOT NULL",
        message="Un scrutin clos ne change plus : le jury en ouvre un autre.",
        lock=_lock_of(*_CANDIDACY),
    ),
    Protection(
        Vote,
        when=_BALLOT_OVER,
        once_written=ALWAYS,
        message="Un vote ne se reprend pas : le jury peut ouvrir un autre scrutin.",
        lock="1 FROM juries_ballot b WHERE b.id = {row}.ballot_id FOR SHARE",
    ),
    Protection(
        Letter,
        when=_PUBLISHED_OF,
        message="Les résultats sont publiés : cette lettre est celle que le candidat a reçue.",
        lock=_lock_of("juries_decision", "decision_id"),
    ),
    Protection(
        Certificate,
        once_written=ALWAYS,
        message="Un certificat délivré ne change pas : il se révoque.",
        free=("pdf", "revoked_at", "revoked_by", "revocation_reason", "erased_at", "erased_by", "erasure_reason"),
        once_set=("pdf", "revoked_at", "revoked_by", "erased_at", "erased_by"),
        erasable=("content_json", "correction_reason", "pdf"),
        erased="{row}.erased_at IS NOT NULL",
    ),
    Protection(
        CertificateCopy,
        once_written=ALWAYS,
        message="Un duplicata délivré ne change pas.",
        free=("pdf",),
        once_set=("pdf",),
        erasable=("reason", "pdf"),
        erased="EXISTS (SELECT 1 FROM juries_certificate c WHERE c.id = {row}.certificate_id "
        "AND c.erased_at IS NOT NULL)",
    ),
    Protection(
        Appeal,
        once_written=ALWAYS,
        message="Un recours déposé ne change pas, et sa conclusion non plus.",
        free=("state", "owner", "answer", "concluded_at"),
        free_until="{row}.concluded_at IS NOT NULL",
    ),
    append_only(AppealFile, message="Une pièce jointe à un recours ne change pas."),
    Protection(
        Enrolment.blocs.through,
        when=_UNDER_WAY,
        message="Des blocs visés ne changent plus : une soutenance est planifiée, ou un jury a décidé.",
        lock="1 FROM candidates_enrolment e WHERE e.id = {row}.enrolment_id FOR SHARE",
    ),
]
