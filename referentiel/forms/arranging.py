"""The forms that arrange a draft: small, and each with one effect however many times it is sent."""

from typing import Any

from django import forms

from core.forms import OnceForm
from referentiel.models import Referentiel
from referentiel.nodes import Kind, Node, kind_above, kind_of, name_of, parent_of


class MoveForm(OnceForm):
    """One button, up or down."""

    direction = forms.ChoiceField(choices=[("up", "Monter"), ("down", "Descendre")])


class CopyForm(OnceForm):
    """One button."""


class UndoForm(forms.Form):
    """The change it takes back makes it act once."""

    entry = forms.IntegerField(min_value=1)


class _ParentField(forms.ModelChoiceField):  # type: ignore[type-arg]  # a node of any level
    def label_from_instance(self, obj: Any) -> str:
        return f"{name_of(obj)} – {next(text for text in _saying(obj) if text)[:70]}"


class PlaceForm(OnceForm):
    """Where a node goes: its parent when it may have another, its rank."""

    parent = _ParentField(queryset=None, label="Sous", required=False)
    rank = forms.IntegerField(
        label="Rang", min_value=1, max_value=999, required=False, help_text="À partir de 1 ; vide : à la fin."
    )

    def __init__(self, *args: Any, draft: Referentiel, node: Node, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = kind_of(node)
        above = kind_above(kind)
        parents: Any = self.fields["parent"]
        if above is None:
            parents.queryset, parents.widget = Referentiel.objects.none(), forms.HiddenInput()
            return
        parents.label = f"Sous quel élément ({above.label.lower()})"
        parents.queryset = _possible(above, draft)
        parents.initial = parent_of(node).pk
        parents.empty_label = None


def _possible(above: Kind, draft: Referentiel) -> Any:
    rows = above.model._default_manager.filter(referentiel=draft)
    if above.name == "critere":
        return rows.select_related("competence").order_by(
            "competence__activite__bloc__number", "competence__activite__position", "competence__position", "position"
        )
    return rows


def _saying(node: Any) -> list[str]:
    return [getattr(node, name, "") for name in ("title", "statement", "text")]
