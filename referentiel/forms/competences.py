"""Choosing compétences, bloc by bloc."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator


class BlocChoices(forms.CheckboxSelectMultiple):
    """Compétences as one fieldset per bloc, which a box takes whole; those already acquired say so."""

    template_name = "referentiel/bloc_choices.html"
    acquired: frozenset[int] = frozenset()

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["some_acquired"] = bool(self.acquired)
        return context

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        return {**option, "acquired": getattr(value, "value", value) in self.acquired}


class ByBloc(ModelChoiceIterator):  # type: ignore[type-arg]  # generic only in the stubs
    """The choices grouped by bloc, in the référentiel's order."""

    def __iter__(self) -> Iterator[Any]:
        for bloc, competences in groupby(self.queryset, key=lambda one: one.activite.bloc):
            yield f"Bloc {bloc.number} – {bloc.title}", [self.choice(one) for one in competences]


class CompetencesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """Compétences by identifier; one that no database can hold is a wrong choice like another."""

    iterator = ByBloc
    widget = BlocChoices

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError as error:
            raise forms.ValidationError("Choisissez les compétences dans la liste.") from error
