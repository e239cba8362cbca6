"""What the planning refuses: who may not judge whom, and what may not be presented (R-SCO-1, R-SCO-10, R-REF-6)."""

from collections.abc import Iterable
from datetime import datetime

from accounts.enums import Role
from accounts.models import User
from assessments.enums import MARKABLE, SoutenanceState
from assessments.models import Soutenance
from candidates.models import Enrolment
from core.exceptions import Refusal
from referentiel.models import Competence, Reglement


class UnlawfulAssignment(Refusal):
    """This person may not evaluate this candidate (R-SCO-10)."""


def refuse_unlawful(enrolment: Enrolment, evaluateurs: list[User]) -> None:
    """Raise UnlawfulAssignment unless each may judge this candidate, and they are different people."""
    if len({evaluateur.pk for evaluateur in evaluateurs}) != len(evaluateurs):
        raise UnlawfulAssignment("Le second évaluateur est une autre personne que le premier.")
    for evaluateur in evaluateurs:
        _refuse_one(enrolment, evaluateur)


def refuse_unpresentable(enrolment: Enrolment, competences: list[Competence], *, but: Soutenance | None = None) -> None:
    """Raise Refusal unless each compétence is aimed at and may be presented once more; ``but`` is not counted."""
    if not competences:
        raise Refusal("Choisissez au moins une compétence à présenter.")
    aimed = set(Competence.objects.filter(activite__bloc__enrolments=enrolment).values_list("pk", flat=True))
    strangers = [competence.code for competence in competences if competence.pk not in aimed]
    if strangers:
        raise Refusal(f"Hors des blocs de cette inscription : {', '.join(strangers)}.")
    _refuse_exhausted(enrolment, competences, but)


def refuse_twice(enrolment: Enrolment, evaluateur: User, starts_at: datetime, *, but: Soutenance | None = None) -> None:
    """A form sent twice plans one soutenance."""
    same = enrolment.soutenances.awaiting_marks().filter(evaluateur=evaluateur, starts_at=starts_at)
    if same.other_than(but).exists():
        raise Refusal("Cette soutenance est déjà planifiée : même candidat, même évaluateur, même heure.")


def refuse_unreplaceable(enrolment: Enrolment, replaces: Soutenance) -> None:
    """A soutenance that did not take place is replaced once, for the same enrolment (R-SCO-1)."""
    replaced = Soutenance.objects.replaceable(enrolment).filter(pk=replaces.pk)
    if not replaced.exists():
        raise Refusal("La soutenance à remplacer a eu lieu, est encore prévue, ou a déjà sa remplaçante.")


def _refuse_one(enrolment: Enrolment, evaluateur: User) -> None:
    if not evaluateur.has_role(Role.EVALUATEUR):
        raise UnlawfulAssignment(f"{evaluateur} n’a pas le rôle d’évaluateur.")
    if enrolment.candidate.user_id == evaluateur.pk:
        raise UnlawfulAssignment("Personne ne s’évalue soi-même : choisissez un autre évaluateur.")
    link = enrolment.candidate.declared_links.filter(user=evaluateur).first()
    if link:
        raise UnlawfulAssignment(
            f"{evaluateur} ne peut pas évaluer ce candidat (lien déclaré : {link.get_kind_display().lower()}). "
            "Choisissez un autre évaluateur."
        )


def _refuse_exhausted(enrolment: Enrolment, competences: Iterable[Competence], but: Soutenance | None) -> None:
    """The règlement may bound how often a compétence is presented (R-REF-6); what is planned will be presented."""
    reglement = Reglement.objects.filter(referentiel_id=enrolment.referentiel_id).first()
    if reglement is None or reglement.attempts_allowed is None:
        return
    counted = enrolment.soutenances.other_than(but).filter(state__in=[*MARKABLE, SoutenanceState.SUBMITTED])
    for competence in competences:
        presented = counted.filter(competences=competence).count()
        if presented >= reglement.attempts_allowed:
            raise Refusal(f"{competence.code} est déjà présentée ou à présenter {presented} fois : c’est le maximum.")
