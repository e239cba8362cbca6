"""Model fields the ground adds to Django's."""

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

from core import encryption

if TYPE_CHECKING:
    _FractionColumn = models.CharField[Any, Any]  # a Fraction, or None where the column is nullable
else:
    _FractionColumn = models.CharField

_TOKEN = re.compile(r"gAAAAA[\w-]{94,}={0,2}", re.ASCII)


class FractionField(_FractionColumn):
    """An exact fraction, stored as "1/3"; no rounding happens before the minutes are counted."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 15)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if isinstance(kwargs.get("default"), Fraction):
            kwargs["default"] = str(kwargs["default"])
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, *_: Any) -> Fraction | None:
        return None if value is None else Fraction(value)

    def to_python(self, value: Any) -> Fraction | None:
        if value is None or value == "":
            return None
        try:
            return Fraction(str(value).strip())
        except (ValueError, ZeroDivisionError) as error:
            raise ValidationError("Donnez une fraction, par exemple 1/3.", code="invalid_fraction") from error

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else str(Fraction(value))

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # generic only in the stubs
    """Text that the database only ever sees encrypted (Fernet, keys from the environment)."""

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return value if not value else encryption.decrypt(value)

    def get_prep_value(self, value: Any) -> str | None:
        return value if not value else encryption.encrypt(str(value))

    def to_python(self, value: Any) -> Any:
        """Decipher the token that a fixture holds. Not for what somebody typed: a stolen token would open."""
        if not isinstance(value, str) or not _TOKEN.fullmatch(value):
            return super().to_python(value)
        try:
            return encryption.decrypt(value)
        except encryption.UndecipherableError as error:
            raise ValidationError(str(error), code="undecipherable") from error

    def value_to_string(self, obj: models.Model) -> str:
        """Serialize a token: a dump of the database is as closed as the database."""
        return self.get_prep_value(self.value_from_object(obj)) or ""
