"""The one door to a draft: locked, so that neither a publication nor another edit happens meanwhile (R-REF-1)."""

from django.db.models import Model
from django.db.models.deletion import ProtectedError

from core.exceptions import Refusal
from referentiel.models import Referentiel


class Frozen(Refusal):
    """This version is published: nothing in it changes (R-REF-1)."""

    def __init__(self, referentiel: Referentiel) -> None:
        self.referentiel = referentiel
        super().__init__("Ce référentiel est publié : il ne change plus. Clonez-le en une nouvelle version.")


def locked(referentiel: Referentiel) -> Referentiel:
    """The version, held until the end of the caller's transaction; raises Refusal when it is gone."""
    found = Referentiel.objects.select_for_update().filter(pk=referentiel.pk).first()
    if found is None:
        raise Refusal("Ce référentiel a été supprimé entre-temps.")
    return found


def locked_draft(referentiel: Referentiel) -> Referentiel:
    """The same, and raises Frozen unless it is a draft."""
    found = locked(referentiel)
    if not found.is_draft:
        raise Frozen(found)
    return found


def delete_unless_used(row: Model) -> None:
    """Delete a row of a draft; raises Refusal when another part of Parchemin already leans on it."""
    try:
        row.delete()
    except ProtectedError as error:
        used = ", ".join(sorted({str(found._meta.verbose_name) for found in error.protected_objects}))
        raise Refusal(f"Suppression impossible : d’autres éléments en dépendent ({used}).") from error
