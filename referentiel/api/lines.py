"""How an import foreseen and a difference are told: line by line."""

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from referentiel.completeness import Problem, problems_of
from referentiel.difference import Change, TextChange, difference
from referentiel.models import PendingImport
from referentiel.oddities import oddities_of
from referentiel.services.importing import foreseen, why_not


class TextChangeSerializer(serializers.Serializer[dict[str, str]]):
    field = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class ChangeSerializer(serializers.Serializer[dict[str, Any]]):
    """One node: ``kinds`` among added, removed, reworded, moved, renumbered; ``before`` and ``after`` name it."""

    kinds = serializers.ListField(child=serializers.CharField())
    level = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()
    moved_from = serializers.CharField()
    moved_to = serializers.CharField()
    texts = TextChangeSerializer(many=True)


class ProblemSerializer(serializers.Serializer[Problem]):
    where = serializers.CharField()
    message = serializers.CharField()


class ImportSerializer(serializers.Serializer[dict[str, Any]]):
    """What a file held would do. ``refusals`` forbid it; ``problems`` forbid only publishing; ``oddities`` nothing.

    ``fiches`` lists those of the file when one must be chosen; then nothing else is known yet.
    """

    id = serializers.UUIDField()
    file_name = serializers.CharField()
    fiches = serializers.ListField(child=serializers.CharField())
    rncp_code = serializers.CharField()
    version = serializers.IntegerField(allow_null=True)
    follows = serializers.IntegerField(allow_null=True)
    changes = ChangeSerializer(many=True)
    refusals = serializers.ListField(child=serializers.CharField())
    problems = ProblemSerializer(many=True)
    oddities = ProblemSerializer(many=True)


class FaultSerializer(serializers.Serializer[Any]):
    place = serializers.CharField()
    message = serializers.CharField()


class RefusedFileSerializer(serializers.Serializer[dict[str, Any]]):
    """Nothing was imported: each place and each reason, and how many more there are."""

    detail = serializers.CharField()
    faults = FaultSerializer(many=True)
    more = serializers.IntegerField()


def as_changes(changes: Iterable[Change]) -> list[dict[str, Any]]:
    return [
        {
            "kinds": sorted(change.kinds),
            "level": change.level,
            "before": change.before,
            "after": change.after,
            "moved_from": change.moved_from,
            "moved_to": change.moved_to,
            "texts": [_as_text(text) for text in change.texts],
        }
        for change in changes
    ]


def as_import(held: PendingImport) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": held.pk,
        "file_name": held.file_name,
        "fiches": [],
        "rncp_code": "",
        "version": None,
        "follows": None,
        "changes": [],
        "refusals": [],
        "problems": [],
        "oddities": [],
    }
    if fiches := held.content.get("fiches"):
        return {**told, "fiches": [fiche["code"] for fiche in fiches if "content" in fiche]}
    predecessor, content = foreseen(held)
    return {
        **told,
        "rncp_code": content["certification"]["rncp_code"],
        "version": content["version"],
        "follows": predecessor["version"] if predecessor else None,
        "changes": as_changes(difference(predecessor, content)) if predecessor else [],
        "refusals": why_not(held),
        "problems": problems_of(content),
        "oddities": oddities_of(content),
    }


def _as_text(text: TextChange) -> dict[str, str]:
    return {
        "field": text.name,
        "before": "".join(piece.text for piece in text.pieces if piece.is_old),
        "after": "".join(piece.text for piece in text.pieces if piece.is_new),
    }
