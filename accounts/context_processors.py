"""What every page's frame needs: where this person may go, and which version this is."""

import tomllib
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User


@dataclass(frozen=True)
class Destination:
    """An entry of the main navigation, for the holders of any of ``roles``; ``purpose`` says what one does there.

    A ``secondary`` place is never where a person lands after login. One with an ``errand`` is for those who were given
    it, and hold none of the roles that ``unless`` names, which open the same place already.
    """

    label: str
    url_name: str
    roles: frozenset[Role]
    purpose: str
    secondary: bool = False
    errand: str = ""
    unless: frozenset[Role] = frozenset()

    def is_open_to(self, user: User) -> bool:
        if self.errand:
            return self.errand in user.errands and not self.unless & user.roles
        return bool(self.roles & user.roles)


@dataclass(frozen=True)
class Link:
    """A destination as this page shows it; ``current`` is the value of aria-current, empty elsewhere."""

    label: str
    purpose: str
    url: str
    secondary: bool
    current: str


NAVIGATION = (
    Destination(
        "Mon parcours",
        "assessments:progress",
        frozenset({Role.CANDIDATE}),
        "Vos blocs de compétences, ce qui est acquis, ce qui reste et votre prochaine soutenance.",
    ),
    Destination(
        "Ma situation",
        "candidates:consent",
        frozenset({Role.CANDIDATE}),
        "Ce que vous choisissez de faire savoir, vos aménagements, et une copie de vos données.",
        secondary=True,
    ),
    Destination(
        "Mes soutenances",
        "assessments:soutenances",
        frozenset({Role.EVALUATEUR}),
        "Les soutenances qui vous sont confiées, et la grille de chacune.",
    ),
    Destination(
        "Jurys",
        "juries:sessions",
        frozenset({Role.JURY, Role.GESTIONNAIRE, Role.AUDITEUR}),
        "Les sessions de jury, leurs dossiers, leurs décisions et leurs procès-verbaux.",
    ),
    Destination(
        "Recours",
        "juries:appeals",
        frozenset({Role.GESTIONNAIRE, Role.AUDITEUR}),
        "Ce que des candidats contestent, qui l’instruit et ce qui leur est répondu.",
        secondary=True,
    ),
    Destination(
        "Recours confiés",
        "juries:appeals",
        frozenset(),
        "Les recours que vous instruisez : ce que dit le candidat, la décision contestée et votre réponse.",
        errand="appeals",
        unless=frozenset({Role.GESTIONNAIRE, Role.AUDITEUR}),
    ),
    Destination(
        "Candidats",
        "candidates:list",
        frozenset({Role.GESTIONNAIRE, Role.AUDITEUR}),
        "Les personnes inscrites, leur inscription et leur progression.",
    ),
    Destination(
        "Certificats",
        "juries:certificates",
        frozenset({Role.GESTIONNAIRE, Role.AUDITEUR}),
        "Les parchemins et attestations délivrés, leurs duplicatas et leurs révocations.",
        secondary=True,
    ),
    Destination(
        "Supervision",
        "assessments:supervision",
        frozenset({Role.GESTIONNAIRE, Role.AUDITEUR}),
        "Les soutenances du jour en direct : qui a commencé, où en est chacun, qui a besoin d’aide.",
    ),
    Destination(
        "Planning",
        "assessments:planning",
        frozenset({Role.GESTIONNAIRE, Role.AUDITEUR}),
        "Les soutenances à organiser, à confier et à suivre.",
    ),
    Destination(
        "Travaux",
        "core:jobs",
        frozenset({Role.GESTIONNAIRE, Role.ADMINISTRATEUR, Role.AUDITEUR}),
        "Ce que le logiciel produit en arrière-plan, et ce qui a échoué.",
    ),
    Destination(
        "Aménagements",
        "candidates:accommodations",
        frozenset({Role.REFERENT_HANDICAP}),
        "Les mesures accordées aux candidats et leurs consentements.",
    ),
    Destination(
        "Personnes",
        "accounts:people",
        frozenset({Role.ADMINISTRATEUR}),
        "Les comptes et leurs rôles : qui peut se connecter, et pour quoi.",
    ),
    Destination(
        "Référentiels",
        "referentiel:list",
        frozenset(Role),
        "Le texte des certifications : blocs, compétences et critères d’évaluation.",
        secondary=True,
    ),
    Destination(
        "Délivrance",
        "juries:deliveries",
        frozenset({Role.ADMINISTRATEUR}),
        "Ce que portent les parchemins : le certificateur, le lieu et le signataire.",
        secondary=True,
    ),
    Destination(
        "Journal",
        "core:journal",
        frozenset({Role.AUDITEUR, Role.ADMINISTRATEUR}),
        "Qui a fait quoi, quand et pourquoi, dans une chaîne vérifiable.",
    ),
)


def navigation(request: HttpRequest) -> dict[str, object]:
    """The destinations open to the person, in order, none before login; and the version."""
    return {"destinations": destinations(request), "version": version()}


def destinations(request: HttpRequest) -> list[Link]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return []
    places = [(entry, reverse(entry.url_name)) for entry in NAVIGATION if entry.is_open_to(user)]
    here = max((url for _, url in places if request.path.startswith(url)), key=len, default="")
    return [
        Link(entry.label, entry.purpose, url, entry.secondary, _current(url, here, request.path))
        for entry, url in places
    ]


@cache
def version() -> str:
    return str(tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"])


def _current(url: str, here: str, path: str) -> str:
    if url != here:
        return ""
    return "page" if url == path else "true"
