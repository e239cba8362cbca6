"""What is certified: certifications, versions of their référentiel, and the tree down to the CE."""

from referentiel.models.asking import PublicationRequest
from referentiel.models.certification import Certification, Registration
from referentiel.models.equivalence import Equivalence
from referentiel.models.importing import PendingImport
from referentiel.models.projet import Projet
from referentiel.models.reglement import Reglement
from referentiel.models.tree import Activite, Bloc, Competence, Critere, Section, SousElement
from referentiel.models.version import Publication, Referentiel

__all__ = [
    "Activite",
    "Bloc",
    "Certification",
    "Competence",
    "Critere",
    "Equivalence",
    "PendingImport",
    "Projet",
    "Publication",
    "PublicationRequest",
    "Referentiel",
    "Registration",
    "Reglement",
    "Section",
    "SousElement",
]
