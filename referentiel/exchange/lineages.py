"""Recognising, in a file written by hand, the nodes of the version it follows (R-REF-2)."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from uuid import uuid4

from referentiel.content import Content

_CHILDREN = ("activites", "competences", "criteres")
Key = tuple[str, ...]


def with_lineages(content: Content, *, predecessor: Content | None) -> Content:
    """The content, each node without lineage taking that of the predecessor's node of the same code, else a new one."""
    given = deepcopy(content)
    known = dict(_keyed(predecessor)) if predecessor else {}
    free = {key: node["lineage"] for key, node in known.items()}
    taken = {node["lineage"] for _, node in _keyed(given) if node["lineage"]}
    for key, node in _keyed(given):
        if not node["lineage"]:
            lineage = free.get(key, "")
            node["lineage"] = lineage if lineage and lineage not in taken else str(uuid4())
            taken.add(node["lineage"])
    return given


def _keyed(content: Content) -> Iterator[tuple[Key, Any]]:
    """Every node with what people cite it by: its code alone, or its number in the compétence for a CE."""
    for bloc in content["blocs"]:
        yield ("bloc", str(bloc["number"])), bloc
        yield from _below(bloc, 0)


def _below(node: Any, level: int) -> Iterator[tuple[Key, Any]]:
    for child in node[_CHILDREN[level]]:
        if level == 2:
            yield ("critere", node["code"], str(child["number"])), child
        else:
            yield (_CHILDREN[level], child["code"]), child
            yield from _below(child, level + 1)
