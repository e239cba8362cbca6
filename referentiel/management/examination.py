"""What can be said against a fixture before a single row of it is written: each problem with its place."""

import json
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

_TYPES: tuple[tuple[type[Any], type, str], ...] = (
    (models.BooleanField, bool, "true ou false"),
    (models.IntegerField, int, "un nombre entier"),
    (models.CharField, str, "un texte"),
    (models.TextField, str, "un texte"),
)


class FixtureError(Exception):
    """A fixture that must not be loaded; ``str()`` is the French sentence, place included."""


def place_of(number: int, record: Any) -> str:
    """« objet 12, referentiel.critere RNCP37431 / 1 / C1.1 / 3 »: the object's rank, its model and its natural key."""
    model = record.get("model") if isinstance(record, dict) else None
    if not isinstance(model, str):
        return f"objet {number}"
    key = " / ".join(str(part) for part in natural_key_of(model, record.get("fields")))
    return f"objet {number}, {model} {key}".rstrip()


def natural_key_of(model: str, fields: Any) -> Sequence[object]:
    """The natural key as the fixture writes it: the parent's key, then the object's own."""
    if not isinstance(fields, dict):
        return ()
    parent: Any = next((fields[name] for name in _PARENTS.get(model, ()) if name in fields), [])
    own = [fields[name] for name in _OWN_KEYS.get(model, ()) if name in fields]
    return [*(parent if isinstance(parent, list) else [parent]), *own]


_PARENTS = {
    "referentiel.referentiel": ("certification",),
    "referentiel.reglement": ("referentiel",),
    "referentiel.publication": ("referentiel",),
    "referentiel.section": ("referentiel",),
    "referentiel.bloc": ("referentiel",),
    "referentiel.activite": ("referentiel",),
    "referentiel.competence": ("referentiel",),
    "referentiel.critere": ("competence",),
    "referentiel.souselement": ("critere",),
}
_OWN_KEYS = {
    "referentiel.certification": ("rncp_code",),
    "referentiel.referentiel": ("version",),
    "referentiel.section": ("position",),
    "referentiel.bloc": ("number",),
    "referentiel.activite": ("code",),
    "referentiel.competence": ("code",),
    "referentiel.critere": ("number",),
    "referentiel.souselement": ("position",),
}


def parse(text: str) -> list[Any]:
    """The objects of a JSON fixture; raises :class:`FixtureError` with line and column."""
    try:
        records = json.loads(text)
    except json.JSONDecodeError as error:
        place = f"ligne {error.lineno}, colonne {error.colno}"
        raise FixtureError(f"{place} : ce n’est pas du JSON ({error.msg}).") from error
    if not isinstance(records, list):
        raise FixtureError("le fichier doit contenir une liste d’objets.")
    return records


def examine(records: list[Any], *, ignore_unknown: bool = False) -> None:
    """Refuse the first object whose model, field names or JSON types cannot be right."""
    for number, record in enumerate(records, start=1):
        problem = _problem_with(record, ignore_unknown=ignore_unknown)
        if problem:
            raise FixtureError(f"{place_of(number, record)} : {problem}")


def _problem_with(record: Any, *, ignore_unknown: bool) -> str:
    if not isinstance(record, dict) or not isinstance(record.get("fields"), dict):
        return "un objet a un modèle (« model ») et des champs (« fields »)."
    try:
        model = apps.get_model(str(record.get("model")))
    except (LookupError, ValueError):
        return "" if ignore_unknown else f"modèle inconnu « {record.get('model')} »."
    for name, value in record["fields"].items():
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            if ignore_unknown:
                continue
            return f"champ « {name} » : il n’existe pas sur ce modèle."
        problem = _type_problem(field, value)
        if problem:
            return f"champ « {name} » : {problem}"
    return ""


def _type_problem(field: Any, value: Any) -> str:
    if value is None:
        return "" if getattr(field, "null", True) else "une valeur est attendue, le fichier donne null."
    for kind, expected, words in _TYPES:
        if isinstance(field, kind):
            right = isinstance(value, expected) and (expected is bool or not isinstance(value, bool))
            return (
                "" if right else f"{words} est attendu, le fichier donne {json.dumps(value, ensure_ascii=False)[:80]}."
            )
    return ""
