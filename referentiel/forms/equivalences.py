"""The boxes ticked and the blocs chosen on the page of equivalences."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

_PAIR = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")


class PairsField(forms.MultipleChoiceField):
    """Pairs of keys, « 12-34 »; a list left on its first line sends nothing. The service knows which pairs exist."""

    def to_python(self, value: Any) -> list[str]:
        return [one for one in super().to_python(value) if one]

    def validate(self, value: list[str]) -> None:
        if not all(map(_PAIR.fullmatch, value)):
            raise ValidationError("Un choix de cette page n’existe plus : rouvrez-la.")


class EquivalencesForm(forms.Form):
    pairs = PairsField(required=False)
    seen = forms.CharField(max_length=16)

    @property
    def wanted(self) -> set[tuple[int, int]]:
        return {(int(bloc), int(earlier)) for bloc, earlier in (one.split("-") for one in self.cleaned_data["pairs"])}
