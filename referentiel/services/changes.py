"""What every change of a draft's tree does: find the row as it is now, tell the journal."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from accounts.models import User
from core import journal
from core.exceptions import Refusal
from core.models import JournalEntry
from referentiel.models import Referentiel
from referentiel.nodes import kind_of, name_of


def reread(row: Any) -> Any:
    """The row as it is now; raises Refusal when it is gone."""
    if isinstance(row, Referentiel):
        return row
    found = type(row)._default_manager.filter(pk=row.pk).first()
    if found is None:
        raise Refusal("Cet élément a été supprimé entre-temps par quelqu’un d’autre.")
    return found


def tell(
    verb: str,
    node: Any,
    referentiel: Referentiel,
    *,
    by: User,
    data: Mapping[str, Any],
    operation: UUID | None = None,
) -> JournalEntry:
    """Journal a change of a node with what undoing it needs: ``row`` is the node's key."""
    return journal.record(
        f"referentiel.{kind_of(node).name}_{verb}",
        referentiel,
        by=by,
        data={"node": name_of(node), "row": node.pk, "lineage": str(getattr(node, "lineage", "")), **data},
        operation=operation,
    )
