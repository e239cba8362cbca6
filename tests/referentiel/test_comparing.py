"""R-REF-2: the comparison that reads only what may differ says what a comparison of everything says."""

from collections.abc import Callable

import pytest

from referentiel.comparison import compared
from referentiel.models import Critere, Referentiel, SousElement
from referentiel.queries.comparing import comparison_between, contents_of
from referentiel.services.editing import move_node
from referentiel.services.versions import clone_to_draft
from tests.accounts.factories import UserFactory
from tests.referentiel.factories import build_referentiel, publish

pytestmark = pytest.mark.django_db
Edit = Callable[[Referentiel], object]


def with_sub_items() -> Referentiel:
    source = build_referentiel(blocs=2, activites=2, competences=2, criteres=3, published=False)
    for critere in source.criteres.filter(number=1):
        SousElement.objects.bulk_create(SousElement(critere=critere, position=n, text=f"Item {n}") for n in (1, 2))
    publish(source)
    return source


def a_critere(draft: Referentiel, competence: str = "C1.1.1", number: int = 1) -> Critere:
    return draft.criteres.get(competence__code=competence, number=number)


EDITS: dict[str, Edit] = {
    "nothing": lambda _: None,
    "a text": lambda draft: draft.criteres.filter(number=2).update(text="Autrement dit"),
    "a threshold": lambda draft: draft.criteres.filter(pk=a_critere(draft).pk).update(threshold=3),
    "a CE made mandatory": lambda draft: draft.criteres.filter(pk=a_critere(draft).pk).update(mandatory=True),
    "a sub-item": lambda draft: a_critere(draft).sous_elements.filter(position=2).update(text="Autre"),
    "a sub-item gone": lambda draft: a_critere(draft).sous_elements.filter(position=2).delete(),
    "a CE gone": lambda draft: a_critere(draft).delete(),
    "a CE moved up": lambda draft: move_node(a_critere(draft, number=3), direction="up", by=UserFactory()),
    "a CE under another compétence": lambda draft: draft.criteres.filter(pk=a_critere(draft, "C1.1.2").pk).update(
        competence=draft.competences.get(code="C2.1.1"), number=9, position=9
    ),
    "a compétence under another activité": lambda draft: draft.competences.filter(code="C1.1.2").update(
        activite=draft.activites.get(code="A2.2")
    ),
    "a compétence renumbered": lambda draft: draft.competences.filter(code="C1.1.2").update(code="C1.1.9"),
    "a bloc moved": lambda draft: move_node(draft.blocs.get(number=2), direction="up", by=UserFactory()),
    "a bloc gone": lambda draft: draft.blocs.get(number=1).delete(),
    "a règlement": lambda draft: type(draft.reglement).objects.filter(referentiel=draft).update(appeal_months=3),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_is_left_unread_had_nothing_to_say(name: str) -> None:
    source = with_sub_items()
    draft = clone_to_draft(source, by=UserFactory())
    EDITS[name](draft)

    for old, new in ((source, draft), (draft, source)):
        whole = compared(*contents_of(old, new))
        assert comparison_between(old, new) == whole
        assert bool(whole.total) == (name != "nothing")


def test_a_word_is_compared_only_when_it_is_read() -> None:
    source = with_sub_items()
    draft = clone_to_draft(source, by=UserFactory())
    draft.criteres.filter(number=2).update(text="Autrement dit")

    (line, *_), *_ = [group.lines for group in comparison_between(source, draft).groups]

    change = line.fields[0].change
    assert "pieces" not in vars(change)
    assert "".join(piece.text for piece in change.pieces if piece.is_new) == "Autrement dit"
