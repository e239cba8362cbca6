"""What a candidate has left to present of each projet."""

from dataclasses import dataclass

from candidates.models import Enrolment
from referentiel.models import Competence, Projet
from referentiel.queries.projets import projets_of


@dataclass(frozen=True)
class Offer:
    """A projet as one candidate may present it: how many compétences of their blocs, and those not yet acquired."""

    projet: Projet
    aimed: int
    remaining: list[Competence]


def projets_for(enrolment: Enrolment) -> list[Offer]:
    """The projets of the enrolment's version that concern its blocs, those with nothing left included."""
    projets = projets_of(enrolment.referentiel)
    if not projets:
        return []
    aimed = set(Competence.objects.filter(activite__bloc__enrolments=enrolment).values_list("pk", flat=True))
    acquired = set(enrolment.competence_acquisitions.standing().values_list("competence", flat=True))
    offers = []
    for projet in projets:
        concerned = [one for one in projet.competences.all() if one.pk in aimed]
        if concerned:
            offers.append(Offer(projet, len(concerned), [one for one in concerned if one.pk not in acquired]))
    return offers
