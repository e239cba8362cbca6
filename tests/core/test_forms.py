"""A text that nothing shows is no text: no name, no reason and no statement is made of it."""

import pytest
from django import forms


class Said(forms.Form):
    text = forms.CharField(required=False)


@pytest.mark.parametrize("typed", ["\u200b", "\u200b\u2060\ufeff", "\u200b \u202f\u00ad", "\u2028"])
def test_invisible_characters_alone_are_refused(typed: str) -> None:
    form = Said({"text": typed})
    assert not form.is_valid() or not form.cleaned_data["text"]  # stripped by Django, or refused in words
    if not form.is_valid():
        assert "aucun caractère visible" in form.errors["text"][0]


def test_a_zero_width_space_alone_is_refused_in_words() -> None:
    assert "aucun caractère visible" in Said({"text": "\u200b"}).errors["text"][0]


@pytest.mark.parametrize("typed", ["", "Bonjour", "a\u200bb", "👩\u200d🎓", ".", "0"])
def test_any_other_text_is_taken(typed: str) -> None:
    assert Said({"text": typed}).is_valid()
