"""What submission freezes (R-SCO-8)."""

from assessments.models import (
    BlocAcquisition,
    ClockEvent,
    CompetenceAcquisition,
    Deliverable,
    Grille,
    Mark,
    Reopening,
    Settlement,
    Soutenance,
)
from core.protection import ALWAYS, Protection, append_only

_ACQUIRED = "Une acquisition ne s’efface pas : elle se retire, avec son motif."

_SUBMITTED = "Cette soutenance est évaluée : elle ne change plus."

_SOUTENANCE_SUBMITTED = (
    "EXISTS (SELECT 1 FROM assessments_soutenance s WHERE s.id = {row}.soutenance_id AND s.state = 'submitted')"
)
_LOCKED = (
    "{row}.submitted_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM assessments_reopening r"
    " WHERE r.grille_id = {row}.id AND r.submitted_at = {row}.submitted_at)"
)
_ENDED = (
    "{row}.state = 'submitted' AND NOT EXISTS (SELECT 1 FROM assessments_reopening r"
    " JOIN assessments_grille g ON g.id = r.grille_id WHERE g.soutenance_id = {row}.id AND g.submitted_at IS NULL)"
)

PROTECTIONS = [
    Protection(Grille, once_written=_LOCKED, message=_SUBMITTED),
    Protection(Soutenance, once_written=_ENDED, message=_SUBMITTED),
    append_only(Reopening, message="Une réouverture reste écrite."),
    append_only(ClockEvent, message="Le chronomètre ne se réécrit pas."),
    Protection(
        Settlement,
        when=_SOUTENANCE_SUBMITTED,
        lock="1 FROM assessments_soutenance s WHERE s.id = {row}.soutenance_id FOR SHARE",
        message=_SUBMITTED,
    ),
    Protection(
        Deliverable,
        when=_SOUTENANCE_SUBMITTED,
        once_written=ALWAYS,
        free=("removed_at",),
        free_until=f"({{row}}.removed_at IS NOT NULL OR {_SOUTENANCE_SUBMITTED})",
        lock="1 FROM assessments_soutenance s WHERE s.id = {row}.soutenance_id FOR SHARE",
        message="Un livrable ne change pas, et ne se retire plus une fois la soutenance évaluée.",
    ),
    Protection(
        Soutenance.competences.through,
        when=_SOUTENANCE_SUBMITTED,
        lock="1 FROM assessments_soutenance s WHERE s.id = {row}.soutenance_id FOR SHARE",
        message=_SUBMITTED,
    ),
    Protection(
        Mark,
        when=(
            "EXISTS (SELECT 1 FROM assessments_grille g WHERE g.id = {row}.grille_id AND g.submitted_at IS NOT NULL)"
        ),
        lock="1 FROM assessments_grille g WHERE g.id = {row}.grille_id FOR SHARE",
        message="Cette grille est soumise : ses appréciations ne changent plus.",
    ),
    *(
        Protection(
            model,
            once_written=ALWAYS,
            message=_ACQUIRED,
            free=("withdrawn_at", "withdrawal_reason"),
            free_until="{row}.withdrawn_at IS NOT NULL",
        )
        for model in (CompetenceAcquisition, BlocAcquisition)
    ),
]
