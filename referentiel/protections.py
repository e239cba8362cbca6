"""What publication freezes, and how (R-REF-1): the tree, its règlement, and who asked that it be published."""

from django.db.models import Model

from core.protection import ALWAYS, Protection
from referentiel.models import (
    Activite,
    Bloc,
    Certification,
    Competence,
    Critere,
    Equivalence,
    Publication,
    PublicationRequest,
    Referentiel,
    Reglement,
    Section,
    SousElement,
)

_MESSAGE = "Ce référentiel est publié : il ne change plus. Clonez-le en une nouvelle version."
_CERTIFIED = "Un référentiel de cette certification est publié : son identité ne change plus."
_PUBLISHED = "EXISTS (SELECT 1 FROM referentiel_publication p WHERE p.referentiel_id = {referentiel})"
_LOCK = "1 FROM referentiel_referentiel r WHERE r.id = {referentiel} FOR SHARE"
_LOCK_TO_PUBLISH = "1 FROM referentiel_referentiel r WHERE r.id = {row}.referentiel_id FOR UPDATE"
_THROUGH_CRITERE = "(SELECT c.referentiel_id FROM referentiel_critere c WHERE c.id = {row}.critere_id)"
_THROUGH_BLOC = "(SELECT b.referentiel_id FROM referentiel_bloc b WHERE b.id = {row}.bloc_id)"
_HAS_PUBLISHED_VERSION = (
    "EXISTS (SELECT 1 FROM referentiel_referentiel r JOIN referentiel_publication p ON p.referentiel_id = r.id"
    " WHERE r.certification_id = {row}.id)"
)

# From the top of the tree down: a node, its parent's column, and the column of its children that names it.
_LEVELS: dict[type[Model], tuple[tuple[str, str] | None, tuple[str, str] | None]] = {
    Bloc: (None, ("referentiel_activite", "bloc_id")),
    Activite: (("referentiel_bloc", "bloc_id"), ("referentiel_competence", "activite_id")),
    Competence: (("referentiel_activite", "activite_id"), ("referentiel_critere", "competence_id")),
    Critere: (("referentiel_competence", "competence_id"), None),
    Section: (None, None),
    Reglement: (None, None),
    PublicationRequest: (None, None),
}


def _frozen_with(referentiel: str) -> str:
    return _PUBLISHED.replace("{referentiel}", referentiel)


def _strayed(parent: tuple[str, str] | None, children: tuple[str, str] | None) -> str:
    """A node under a parent of another version, or leaving its children behind: no version would freeze it whole."""
    conditions = ""
    if parent is not None:
        table, column = parent
        conditions += (
            f" OR {{row}}.referentiel_id <>"
            f" (SELECT parent.referentiel_id FROM {table} parent WHERE parent.id = {{row}}.{column})"
        )
    if children is not None:
        table, column = children
        conditions += (
            f" OR EXISTS (SELECT 1 FROM {table} child WHERE child.{column} = {{row}}.id"
            f" AND child.referentiel_id <> {{row}}.referentiel_id)"
        )
    return conditions


PROTECTIONS = [
    *(
        Protection(
            model,
            when=_frozen_with("{row}.referentiel_id") + _strayed(*neighbours),
            message=_MESSAGE,
            lock=_LOCK.replace("{referentiel}", "{row}.referentiel_id"),
        )
        for model, neighbours in _LEVELS.items()
    ),
    *(
        Protection(model, when=_frozen_with(through), message=_MESSAGE, lock=_LOCK.replace("{referentiel}", through))
        for model, through in ((SousElement, _THROUGH_CRITERE), (Equivalence, _THROUGH_BLOC))
    ),
    Protection(Referentiel, when=_frozen_with("{row}.id"), message=_MESSAGE),
    Protection(Certification, when=_HAS_PUBLISHED_VERSION, message=_CERTIFIED, free=("nsf",)),
    Protection(
        Publication,
        once_written=ALWAYS,
        message=_MESSAGE,
        free=("retired_at",),
        once_set=("retired_at",),
        lock=_LOCK_TO_PUBLISH,
    ),
]
