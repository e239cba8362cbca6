"""R-REF-1: no row goes in or out of a published tree, and none strays between versions."""
# table names are the models' own

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, models, transaction

from referentiel.models import Activite, Bloc, Competence, Critere, Referentiel, SousElement
from tests.referentiel.factories import publish
from tests.referentiel.frozen_rows import draft, frozen, refused, row_of

pytestmark = pytest.mark.django_db
postgresql_only = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own ways of writing")


@pytest.fixture
def published() -> Referentiel:
    return frozen()


PARENTS = {Activite: "bloc", Competence: "activite", Critere: "competence"}


@pytest.mark.parametrize("model", PARENTS, ids=lambda model: model.__name__)
def test_a_draft_node_is_not_moved_under_a_published_parent(published: Referentiel, model: type[models.Model]) -> None:
    row, parent = row_of(model, draft()), PARENTS[model]
    target = getattr(row_of(model, published), f"{parent}_id")
    moves = [{f"{parent}_id": target}, {f"{parent}_id": target, "referentiel": published}, {"referentiel": published}]

    for move in moves:
        refused(lambda move=move: model._default_manager.filter(pk=row.pk).update(**move), row)


@pytest.mark.parametrize("model", PARENTS, ids=lambda model: model.__name__)
def test_a_draft_node_is_not_moved_under_a_parent_of_another_draft(model: type[models.Model]) -> None:
    row, parent, other = row_of(model, draft()), PARENTS[model], draft()
    target = getattr(row_of(model, other), f"{parent}_id")

    for move in ({f"{parent}_id": target}, {"referentiel": other}):
        refused(lambda move=move: model._default_manager.filter(pk=row.pk).update(**move), row)


@pytest.mark.parametrize("model", [Bloc, Activite, Competence], ids=lambda model: model.__name__)
def test_a_draft_node_does_not_leave_for_another_draft_without_its_children(model: type[models.Model]) -> None:
    row, other = row_of(model, draft()), draft()
    move: dict[str, Any] = {"referentiel": other}
    if model in PARENTS:
        move[PARENTS[model]] = getattr(row_of(model, other), PARENTS[model])

    refused(lambda: model._default_manager.filter(pk=row.pk).update(**move), row)


def test_a_sub_item_is_not_moved_to_a_published_criterion(published: Referentiel) -> None:
    row, frozen = row_of(SousElement, draft()), row_of(SousElement, published)

    refused(lambda: SousElement.objects.filter(pk=row.pk).update(critere=frozen.critere, position=2), row)
    refused(lambda: SousElement.objects.filter(pk=frozen.pk).update(critere=row.critere, position=2), frozen)


def test_nothing_is_moved_out_of_a_published_tree(published: Referentiel) -> None:
    other = draft()
    bloc = Bloc.objects.filter(referentiel=published).last()

    refused(lambda: Bloc.objects.filter(pk=bloc.pk).update(referentiel=other, number=9), bloc)


@postgresql_only
@pytest.mark.django_db(transaction=True)
class TestTwoConnections:
    """PostgreSQL lets two transactions write at once: one waits for the other."""

    def test_a_publication_waits_for_the_edit_in_progress(self, second_connection: Callable[..., None]) -> None:
        referentiel = draft()
        with transaction.atomic():
            Bloc.objects.filter(referentiel=referentiel).update(title="Autre")

            with pytest.raises(OperationalError, match="lock timeout"):
                second_connection(
                    "INSERT INTO referentiel_publication (referentiel_id, published_at, fingerprint)"
                    " VALUES (%s, now(), %s)",
                    referentiel.pk,
                    "a" * 64,
                )

    def test_an_edit_waits_for_the_publication_in_progress(self, second_connection: Callable[..., None]) -> None:
        referentiel = draft()
        with transaction.atomic():
            publish(referentiel)

            for table in ("bloc", "critere", "section", "reglement"):
                with pytest.raises(OperationalError, match="lock timeout"):
                    second_connection(
                        f"UPDATE referentiel_{table} SET id = id + 1000 WHERE referentiel_id = %s", referentiel.pk
                    )
            with pytest.raises(OperationalError, match="lock timeout"):
                second_connection("DELETE FROM referentiel_souselement")
