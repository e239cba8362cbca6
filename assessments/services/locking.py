"""Rows are locked from the enrolment down, and the journal last: no two people ever wait for each other."""

from uuid import UUID

from assessments.enums import SoutenanceState
from assessments.models import Grille, Soutenance
from assessments.queries.soutenances import barred_author
from candidates.models import Enrolment
from core.exceptions import Refusal


class Barred(Refusal):
    """A link was declared with the candidate after the grille was given (R-SCO-10)."""


def lock_enrolment(enrolment_id: UUID) -> Enrolment:
    """The enrolment, for whoever changes what it has acquired or what it is still to present."""
    return Enrolment.objects.select_for_update().get(pk=enrolment_id)


def lock_grille(grille: Grille) -> Grille:
    """The grille and its soutenance as they are now; the first mark, which starts it, queues with the planning.

    ``is_barred`` says whether its évaluateur may no longer judge this candidate (R-SCO-10).
    """
    if grille.soutenance.state == SoutenanceState.PLANNED:
        lock_enrolment(grille.soutenance.enrolment_id)
    grilles = Grille.objects.annotate(is_barred=barred_author()).select_related("soutenance")
    return grilles.select_for_update(of=("self", "soutenance")).get(pk=grille.pk)


def refuse_barred(grille: Grille) -> None:
    """Nobody evaluates a candidate they trained or are related to, even assigned before it was declared (R-SCO-10)."""
    if grille.is_barred:  # type: ignore[attr-defined]  # annotated by lock_grille
        raise Barred(
            "Un lien entre ce candidat et vous a été déclaré : vous ne pouvez plus l’évaluer. "
            "Prévenez le gestionnaire, qui confie la soutenance à quelqu’un d’autre, ou retire le lien s’il a été "
            "déclaré par erreur."
        )


def lock_soutenance(soutenance: Soutenance) -> Soutenance:
    """The soutenance as it is now; its start, like the first mark, queues with the planning."""
    if soutenance.state == SoutenanceState.PLANNED:
        lock_enrolment(soutenance.enrolment_id)
    return Soutenance.objects.select_for_update(of=("self",)).get(pk=soutenance.pk)
