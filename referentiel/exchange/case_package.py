"""A 1EdTech CASE 1.0 CFPackage: one CFItem per node, the tree as ``isChildOf`` associations.

What CASE has no field for (settings, modalités, rubrique…) travels as JSON in ``notes``, so that nothing is lost on the
way back. A package of another tool is read by the depth of its items.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from referentiel.content import Content
from referentiel.exchange.checking import checked
from referentiel.exchange.faults import refuse
from referentiel.exchange.json_file import parsed

_OURS = UUID("6f0c7d0e-3a60-5f1e-9f0c-5b6d6a0b7c11")
TYPES = ("Bloc de compétences", "Activité", "Compétence", "Critère d’évaluation", "Sous-élément")
_CHILDREN = ("activites", "competences", "criteres", "sous_elements")
_STATEMENT = ("title", "title", "statement", "text")
_NOTED = (
    ("equivalences",),
    (),
    ("mise_en_situation", "travail_demande", "soutenance"),
    ("rubrique", "is_oral", "mandatory", "threshold"),
)
_MOST_ITEMS = 100_000


def write(content: Content, *, changed_at: str) -> bytes:
    """``changed_at`` (ISO 8601, with its offset) dates the package, which CASE wants on every node."""
    certification = content["certification"]
    document = str(uuid5(_OURS, f"{certification['rncp_code']}/{content['version']}"))
    title = certification["title"]
    items: list[dict[str, Any]] = []
    associations: list[dict[str, Any]] = []
    for identifier, parent, rank, item in _items(content, document):
        items.append({**item, "identifier": identifier, "uri": _uri(identifier), "lastChangeDateTime": changed_at})
        link = str(uuid5(_OURS, f"{document}/{identifier}"))
        associations.append(
            {
                "identifier": link,
                "associationType": "isChildOf",
                "sequenceNumber": rank,
                "uri": _uri(link),
                "originNodeURI": _link(identifier, item["fullStatement"]),
                "destinationNodeURI": _link(parent, title if parent == document else "parent"),
                "lastChangeDateTime": changed_at,
            }
        )
    head = {
        "identifier": document,
        "uri": _uri(document),
        "creator": certification["certifier"],
        "title": title,
        "lastChangeDateTime": changed_at,
        "language": "fr",
        "version": str(content["version"]),
        "notes": _noted(
            {**certification, **{name: content[name] for name in ("predecessor", "sections", "reglement")}}
        ),
    }
    package = {"CFDocument": head, "CFItems": items, "CFAssociations": associations}
    return json.dumps(package, ensure_ascii=False, indent=1).encode() + b"\n"


def _items(content: Content, document: str) -> Iterator[tuple[str, str, int, dict[str, Any]]]:
    """Identifier, parent, rank among siblings and body of every node, in the order of the document."""
    for rank, bloc in enumerate(content["blocs"], start=1):
        yield from _item(bloc, document, rank, 0, "")


def _item(node: Any, parent: str, rank: int, level: int, above: str) -> Iterator[tuple[str, str, int, dict[str, Any]]]:
    own = node["code"] if level in (1, 2) else str(node["number"])
    body = {
        "CFItemType": TYPES[level],
        "fullStatement": node[_STATEMENT[level]],
        "humanCodingScheme": f"{above}-CE{own}" if level == 3 else own,
        "listEnumeration": own,
        "language": "fr",
    }
    if noted := {name: node[name] for name in _NOTED[level] if name in node}:
        body["notes"] = _noted(noted)
    yield node["lineage"], parent, rank, body
    for place, child in enumerate(node[_CHILDREN[level]], start=1):
        if level == 3:
            identifier = str(uuid5(_OURS, f"{node['lineage']}/{place}"))
            yield identifier, node["lineage"], place, {"CFItemType": TYPES[4], "fullStatement": child, "language": "fr"}
        else:
            yield from _item(child, node["lineage"], place, level + 1, own)


def read(data: bytes) -> Content:
    """The content of a package; raises Unreadable with the item at fault."""
    package = parsed(data)
    document, items, children = _parts(package)
    notes = _notes(document)
    root = str(document.get("identifier", "")).lower()
    version = document.get("version")
    raw = {
        "certification": {
            "rncp_code": notes.get("rncp_code"),
            "title": document.get("title"),
            "level": notes.get("level"),
            "certifier": document.get("creator"),
        },
        "version": int(version) if isinstance(version, str) and version.isdecimal() and len(version) < 4 else 1,
        "predecessor": notes.get("predecessor"),
        "sections": notes.get("sections", []),
        "reglement": notes.get("reglement"),
    }
    places: dict[tuple[int, ...], str] = {}
    reached: set[str] = set()
    raw["blocs"] = [
        _node(identifier, items, children, (rank,), places, reached) for rank, identifier in enumerate(children[root])
    ]
    lost = set(items) - reached
    if lost:
        raise refuse("cet élément n’est rattaché à rien, ou se contient lui-même.", f"CFItem {min(lost)}")
    return checked(raw, place=lambda path: places[path])


def _parts(package: Any) -> tuple[dict[str, Any], dict[str, dict[str, Any]], defaultdict[str, list[str]]]:
    """The document, the items by identifier, and the identifiers under each parent, in order."""
    if not isinstance(package, dict) or not isinstance(package.get("CFDocument"), dict):
        raise refuse("Ce fichier JSON n’est pas un paquet CASE : « CFDocument » manque.")
    listed = package.get("CFItems", []), package.get("CFAssociations", [])
    if not all(
        isinstance(rows, list) and len(rows) <= _MOST_ITEMS and all(isinstance(r, dict) for r in rows)
        for rows in listed
    ):
        raise refuse("« CFItems » et « CFAssociations » sont des listes d’objets.")
    items: dict[str, dict[str, Any]] = {}
    for rank, item in enumerate(listed[0], start=1):
        identifier = item.get("identifier")
        if not isinstance(identifier, str) or identifier.lower() in items:
            raise refuse("l’identifiant manque ou sert deux fois.", f"CFItem n° {rank}")
        items[identifier.lower()] = item
    under: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    placed: set[str] = set()
    for rank, link in enumerate(listed[1]):
        if link.get("associationType") != "isChildOf":
            continue
        origin, target = (_end(link, name) for name in ("originNodeURI", "destinationNodeURI"))
        if origin not in items or origin in placed:
            raise refuse("l’élément rattaché n’existe pas, ou l’est deux fois.", f"CFAssociation n° {rank + 1}")
        placed.add(origin)
        sequence = link.get("sequenceNumber")
        under[target].append((sequence if isinstance(sequence, int) else rank, rank, origin))
    children = defaultdict(list, {parent: [own for *_, own in sorted(found)] for parent, found in under.items()})
    return package["CFDocument"], items, children


def _end(link: dict[str, Any], name: str) -> str:
    end = link.get(name)
    return str(end.get("identifier", "")).lower() if isinstance(end, dict) else ""


def _node(
    identifier: str,
    items: dict[str, dict[str, Any]],
    children: defaultdict[str, list[str]],
    path: tuple[int, ...],
    places: dict[tuple[int, ...], str],
    reached: set[str],
) -> Any:
    item, level = items[identifier], len(path) - 1
    places[path] = f"CFItem {item.get('humanCodingScheme') or identifier}"
    reached.add(identifier)
    if level == len(TYPES) - 1:
        if children[identifier]:
            raise refuse(f"plus de {len(TYPES)} niveaux : {', '.join(TYPES)}.", places[path])
        return item.get("fullStatement")
    own = item.get("listEnumeration") or item.get("humanCodingScheme")
    return {
        **{name: value for name, value in _notes(item).items() if name in _NOTED[level]},
        ("code" if level in (1, 2) else "number"): own if level in (1, 2) else _number(own),
        _STATEMENT[level]: item.get("fullStatement"),
        _CHILDREN[level]: [
            _node(child, items, children, (*path, rank), places, reached)
            for rank, child in enumerate(children[identifier])
        ],
        "lineage": identifier,
    }


def _number(own: Any) -> int | None:
    digits = "".join(filter(str.isdecimal, str(own).rpartition("CE")[2]))[:4]
    return int(digits) if digits else None


def _notes(node: dict[str, Any]) -> dict[str, Any]:
    """Our own notes, or nothing when they are somebody else's words."""
    try:
        notes = json.loads(node.get("notes") or "{}")
    except (TypeError, ValueError, RecursionError):
        return {}
    return notes if isinstance(notes, dict) else {}


def _noted(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _uri(identifier: str) -> str:
    return f"urn:uuid:{identifier}"


def _link(identifier: str, title: str) -> dict[str, str]:
    return {"title": title, "identifier": identifier, "uri": _uri(identifier)}
