"""R-REF-1: nothing alters a published tree: no screen, no admin page, no API call, no ORM call, no SQL."""
# table and column names are the models' own

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from core.protection import installed_triggers
from referentiel.models import Bloc, Certification, Publication, Referentiel, Reglement
from referentiel.protections import PROTECTIONS
from tests.referentiel.factories import build_referentiel, publish
from tests.referentiel.frozen_rows import (
    CHANGES,
    FREE,
    FROZEN,
    IN_THE_TREE,
    NEW_KEYS,
    another_value,
    copy_of,
    draft,
    execute,
    frozen,
    refused,
    row_of,
)

pytestmark = pytest.mark.django_db
every_model = pytest.mark.parametrize("model", FROZEN, ids=lambda model: model.__name__)
every_node = pytest.mark.parametrize("model", IN_THE_TREE, ids=lambda model: model.__name__)
sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own ways of writing")
postgresql_only = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own ways of writing")


@pytest.fixture
def published() -> Referentiel:
    return frozen()


@every_model
def test_each_frozen_table_has_its_triggers(model: type[models.Model]) -> None:
    (protection,) = (p for p in PROTECTIONS if p.model is model)

    assert set(protection.trigger_names) <= installed_triggers()


@every_model
def test_a_frozen_row_is_not_saved(published: Referentiel, model: type[models.Model]) -> None:
    row = row_of(model, published)
    for name, value in CHANGES[model].items():
        setattr(row, name, value)

    refused(row.save, row)


@every_model
def test_a_frozen_row_is_not_updated(published: Referentiel, model: type[models.Model]) -> None:
    row = row_of(model, published)

    refused(lambda: model._default_manager.filter(pk=row.pk).update(**CHANGES[model]), row)
    refused(lambda: model._default_manager.update(**CHANGES[model]), row)


@every_model
def test_no_column_of_a_frozen_row_is_updated(published: Referentiel, model: type[models.Model]) -> None:
    """A raw UPDATE of each column in turn, key included."""
    row = row_of(model, published)
    for field in model._meta.local_concrete_fields:
        if field.name in FREE[model]:
            continue
        other = another_value(field, getattr(row, field.attname))
        sql = f'UPDATE {model._meta.db_table} SET "{field.column}" = %s WHERE id = %s'
        refused(lambda sql=sql, other=other: execute(sql, other, row.pk), row)


@every_model
def test_a_frozen_row_is_not_bulk_updated(published: Referentiel, model: type[models.Model]) -> None:
    row = row_of(model, published)
    for name, value in CHANGES[model].items():
        setattr(row, name, value)

    refused(lambda: model._default_manager.bulk_update([row], list(CHANGES[model])), row)


@every_model
def test_a_frozen_row_is_not_deleted(published: Referentiel, model: type[models.Model]) -> None:
    row = row_of(model, published)

    refused(row.delete, row)
    refused(lambda: model._default_manager.filter(pk=row.pk).delete(), row)
    refused(lambda: execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", row.pk), row)


@every_node
def test_no_row_enters_a_published_tree(published: Referentiel, model: type[models.Model]) -> None:
    row = row_of(model, published)

    refused(copy_of(row, **NEW_KEYS[model]).save, row)
    refused(lambda: model._default_manager.bulk_create([copy_of(row, **NEW_KEYS[model])]), row)


def test_no_reglement_enters_a_published_tree() -> None:
    referentiel = build_referentiel(published=False)
    referentiel.reglement.delete()
    publish(referentiel)

    with pytest.raises(IntegrityError, match="est publié"), transaction.atomic():
        Reglement.objects.create(referentiel=referentiel)


@every_node
def test_no_row_enters_a_published_tree_by_sql(published: Referentiel, model: type[models.Model]) -> None:
    row = row_of(model, published)
    columns = [f.column for f in model._meta.local_concrete_fields if not f.primary_key]
    values = [NEW_KEYS[model].get(column, f'"{column}"') for column in columns]
    shown = ", ".join(f"'{value}'" if not str(value).startswith('"') else str(value) for value in values)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table

    refused(lambda: execute(f"INSERT INTO {table} ({names}) SELECT {shown} FROM {table} WHERE id = %s", row.pk), row)


@every_model
def test_a_conflict_is_no_way_to_update_a_frozen_row(published: Referentiel, model: type[models.Model]) -> None:
    row = row_of(model, published)
    same = copy_of(row, id=row.pk, **CHANGES[model])

    refused(
        lambda: model._default_manager.bulk_create(
            [same], update_conflicts=True, unique_fields=["id"], update_fields=list(CHANGES[model])
        ),
        row,
    )


@sqlite_only
@every_model
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE"])
def test_a_frozen_row_is_not_replaced(published: Referentiel, model: type[models.Model], verb: str) -> None:
    """SQLite fires no delete trigger for the row a REPLACE removes."""
    row = row_of(model, published)
    table = model._meta.db_table
    columns = [f.column for f in model._meta.local_concrete_fields]
    ((name, value),) = CHANGES[model].items()
    by_key = ", ".join(f"'{value}'" if column == name else f'"{column}"' for column in columns)

    refused(lambda: execute(f"{verb} INTO {table} SELECT {by_key} FROM {table} WHERE id = %s", row.pk), row)


@sqlite_only
def test_a_draft_row_does_not_take_the_place_of_a_frozen_one(published: Referentiel) -> None:
    other = draft()
    frozen, free = row_of(Bloc, published), Bloc.objects.filter(referentiel=other).last()
    Bloc.objects.filter(pk=free.pk).update(number=free.number)

    refused(lambda: execute("UPDATE OR REPLACE referentiel_bloc SET id = %s WHERE id = %s", frozen.pk, free.pk), frozen)


@postgresql_only
@every_model
def test_a_table_with_frozen_rows_is_not_truncated(published: Referentiel, model: type[models.Model]) -> None:
    row = row_of(model, published)
    execute("SET CONSTRAINTS ALL IMMEDIATE")

    refused(lambda: execute(f"TRUNCATE {model._meta.db_table} CASCADE"), row)


@every_model
def test_writing_a_frozen_row_as_it_is_changes_nothing(published: Referentiel, model: type[models.Model]) -> None:
    row = row_of(model, published)

    row.save()
    row.save(force_update=True)

    assert row_of(model, published) == row


@every_node
def test_a_draft_is_still_written(published: Referentiel, model: type[models.Model]) -> None:
    row = row_of(model, draft())
    copy_of(row, **NEW_KEYS[model]).save()
    model._default_manager.filter(pk=row.pk).update(**CHANGES[model])

    row.delete()

    assert not model._default_manager.filter(pk=row.pk).exists()


def test_a_retirement_is_the_one_thing_a_publication_still_learns(published: Referentiel) -> None:
    Publication.objects.filter(referentiel=published).update(retired_at=timezone.now())

    with pytest.raises(IntegrityError, match="est publié"), transaction.atomic():
        Bloc.objects.filter(referentiel=published).update(title="Autre")


def test_the_nsf_codes_are_the_one_thing_a_published_certification_still_learns(published: Referentiel) -> None:
    """The source names none: they are no part of the text that publication freezes."""
    Certification.objects.filter(pk=published.certification_id).update(nsf="326")
