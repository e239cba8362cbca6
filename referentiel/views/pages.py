"""What the pages of the editor have in common."""

from typing import Any
from uuid import uuid4

from accounts.http import Request
from referentiel.models import Referentiel
from referentiel.nodes import BLOC, SECTION, Node, kind_of, parent_of, seen_as, taken_along_with, values_of
from referentiel.queries.certifications import size_of
from referentiel.queries.checking import checks_of
from referentiel.queries.editor import child_kind, children_of, outline_of, path_to, ranked
from referentiel.queries.projets import projets_presenting
from referentiel.queries.undoing import last_undoable


def editor_page(draft: Referentiel, current: Any = None) -> dict[str, Any]:
    """The tree beside every page of the editor, open at ``current``, and the checks under it."""
    path = path_to(current) if current is not None else []
    return {
        "referentiel": draft,
        "sections": list(draft.sections.all()),
        "outline": outline_of(draft, path),
        "current": current,
        "on_reglement": False,
        "on_overview": False,
        "path": path,
        "wanted": "",
        "undoable": None,
        **checks_page(draft),
    }


def checks_page(draft: Referentiel) -> dict[str, Any]:
    """What is looked at after each change."""
    checks = checks_of(draft)
    return {"referentiel": draft, "lacks": checks.lacks, "oddities": checks.oddities, "lacking": checks.lacking}


def overview_page(request: Request, draft: Referentiel) -> dict[str, Any]:
    """The version as a whole: its parts in order."""
    page = editor_page(draft)
    return {
        **page,
        "on_overview": True,
        "bloc_kind": BLOC,
        "section_kind": SECTION,
        "size": size_of(draft),
        "blocs": ranked([line.bloc for line in page["outline"]]),
        "section_rows": ranked(page["sections"]),
        "undoable": last_undoable(draft, request.user),
    }


def node_page(request: Request, draft: Referentiel, node: Node) -> dict[str, Any]:
    """One node: its form's surroundings, and what is directly under it."""
    below = child_kind(node)
    return {
        **editor_page(draft, node),
        "node": node,
        "kind": kind_of(node),
        "parent": parent_of(node),
        "children": children_of(node),
        "child_kind": below,
        "children_title": below.plural if below else "",
        "seen": seen_as(values_of(node)),
        "operation": uuid4(),
        "conflict": None,
        "undoable": last_undoable(draft, request.user),
    }


def saved_page(request: Request, draft: Referentiel, node: Node) -> dict[str, Any]:
    """What a page left open takes from the answer to a change it sent."""
    return {
        **checks_page(draft),
        "node": node,
        "kind": kind_of(node),
        "seen": seen_as(values_of(node)),
        "undoable": last_undoable(draft, request.user),
    }


def removal_page(draft: Referentiel, node: Node) -> dict[str, Any]:
    """What would leave the draft with a node."""
    return {
        **editor_page(draft, node),
        "node": node,
        "kind": kind_of(node),
        "along": taken_along_with(node),
        "projets": projets_presenting(node),
    }
