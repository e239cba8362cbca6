"""What the database itself refuses once a grille is submitted (R-SCO-8)."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, models, transaction

from assessments.enums import SoutenanceState
from assessments.models import BlocAcquisition, CompetenceAcquisition, Grille, Mark, Soutenance
from tests import scenes
from tests.assessments.deeds import ready
from tests.referentiel.factories import build_referentiel

FROZEN = {
    Mark: {"verdict": "non_acquis"},
    Grille: {"submitted_at": None},
    Soutenance: {"state": SoutenanceState.RUNNING},
    CompetenceAcquisition: {"acquired_at": datetime(2020, 1, 1, tzinfo=UTC)},
    BlocAcquisition: {"evidence": []},
}


def execute(sql: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def refused(action, *args, **kwargs) -> None:
    with pytest.raises((IntegrityError, models.ProtectedError)), transaction.atomic():
        action(*args, **kwargs)


@pytest.mark.django_db
@pytest.mark.parametrize("model", FROZEN, ids=lambda model: model.__name__)
class TestWhatTheDatabaseRefuses:
    """R-SCO-8: locked everywhere, whoever writes."""

    @pytest.fixture(autouse=True)
    def row(self, model):
        self.grille = scenes.pass_soutenance(scenes.an_enrolment())
        self.before = list(model._default_manager.order_by("pk").values())
        yield model._default_manager.first()
        assert list(model._default_manager.order_by("pk").values()) == self.before

    def test_update(self, model):
        refused(model._default_manager.update, **FROZEN[model])

    def test_save(self, model, row):
        for name, value in FROZEN[model].items():
            setattr(row, name, value)
        refused(row.save)

    def test_bulk_update(self, model, row):
        for name, value in FROZEN[model].items():
            setattr(row, name, value)
        refused(model._default_manager.bulk_update, [row], list(FROZEN[model]))

    def test_delete(self, model, row):
        refused(row.delete)
        refused(model._default_manager.all().delete)
        refused(model._default_manager.all()._raw_delete, "default")

    def test_raw_sql(self, model, row):
        table, column = model._meta.db_table, next(iter(FROZEN[model]))
        refused(execute, f'UPDATE {table} SET "{column}" = NULL')
        refused(execute, f"DELETE FROM {table}")
        refused(execute, f"UPDATE {table} SET id = %s", 999_999 if isinstance(row.pk, int) else uuid4().hex)

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own way of writing over a row")
    def test_replace(self, model):
        table = model._meta.db_table
        columns = ", ".join(f'"{field.column}"' for field in model._meta.local_concrete_fields)
        refused(execute, f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}")


@pytest.mark.django_db
class TestWhatNoLongerEntersOrLeaves:
    """R-SCO-8: nothing is slipped into a submitted grille."""

    def test_no_mark_enters_a_submitted_grille(self):
        grille = scenes.pass_soutenance(scenes.an_enrolment(build_referentiel(criteres=1)))
        other = build_referentiel().criteres.first()
        mark = Mark(
            grille=grille,
            critere=other,
            verdict="acquis",
            version=1,
            changed_by=grille.evaluateur,
            changed_at=grille.soutenance.starts_at,
        )
        refused(mark.save)
        refused(Mark.objects.bulk_create, [mark])

    def test_no_mark_moves_into_a_submitted_grille(self):
        enrolment = scenes.an_enrolment()
        grille = scenes.pass_soutenance(enrolment)
        open_grille = ready(scenes.an_enrolment())
        refused(Mark.objects.filter(grille=open_grille).update, grille=grille)

    def test_the_competences_presented_no_longer_change(self):
        referentiel = build_referentiel(competences=2)
        first, second = referentiel.competences.all()
        grille = scenes.pass_soutenance(scenes.an_enrolment(referentiel), [first])
        presented = grille.soutenance.competences

        refused(presented.add, second)
        refused(presented.remove, first)
        refused(presented.clear)
        refused(execute, "UPDATE assessments_soutenance_competences SET competence_id = %s", second.pk)

        assert list(presented.all()) == [first]
