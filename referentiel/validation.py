"""What a row's own rules say against it, by field, for a form to show."""

import re
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters nobody reads, which a workbook or a database cannot hold; a paste from a PDF brings some."""


def errors_of(row: models.Model) -> dict[str, list[str]]:
    """French messages by field; under "" those that concern the row as a whole.

    A constraint is told on the field its name contains: ``certification_level_between_1_and_8`` on ``level``.
    """
    errors: dict[str, list[str]] = {}
    try:
        row.full_clean(validate_constraints=False)
    except ValidationError as error:
        errors = {("" if name == NON_FIELD_ERRORS else name): list(found) for name, found in error.message_dict.items()}
    for column in row._meta.concrete_fields:
        value = getattr(row, column.attname)
        if isinstance(value, str) and (problem := invisible_in(value)):
            errors.setdefault(column.name, []).append(problem)
    for constraint in row._meta.constraints:
        field = next((column.name for column in row._meta.concrete_fields if column.name in constraint.name), "")
        try:
            constraint.validate(type(row), row, exclude=set(errors))
        except ValidationError as error:
            errors.setdefault(field, []).extend(error.messages)
    return errors


def invisible_in(text: str) -> str:
    """Where the first invisible character of a text is, for its author; nothing when there is none."""
    found = INVISIBLE.search(text)
    if found is None:
        return ""
    before = text[max(found.start() - 20, 0) : found.start()].strip()
    return (
        f"Un caractère invisible suit « {before} » : supprimez-le."
        if before
        else "Un caractère invisible commence ce texte : supprimez-le."
    )


def type_problem(column: Any, value: Any) -> str:
    """Why a value read from JSON is not what a column holds: Django would take « non » for a yes, and 80.5 for 80."""
    if isinstance(column, models.BooleanField):
        return "" if isinstance(value, bool) or (value is None and column.null) else "true ou false est attendu."
    if isinstance(column, models.IntegerField):
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return "" if is_number or (value is None and column.null) else "un nombre entier est attendu."
    if isinstance(column, models.CharField | models.TextField):
        return "" if isinstance(value, str) else "un texte est attendu."
    return ""
