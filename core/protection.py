"""Rows that must not change, refused by the database itself, on SQLite and PostgreSQL alike.

Each application registers its protections; they become triggers after every ``migrate``. Because the trigger sees what
really reaches the table, no ORM call, admin page, bulk operation or raw SQL goes around it.
An update that changes nothing is let through, so that loading a fixture twice is harmless.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

ALWAYS = "1 = 1"
NEVER = "1 = 0"


@dataclass(frozen=True)
class Protection:
    """When the rows of ``model`` are frozen. Conditions are SQL on ``{row}``, portable to both engines.

    ``when``: the row's surroundings are frozen; nothing enters, leaves or changes.
    ``once_written``: the row itself is; it may be written, and become so, but not change or leave afterwards.
    ``free`` names the fields that may change all the same, ``free_until`` the condition on the existing row from which
    they may not; ``lock`` is what PostgreSQL selects first, so that a concurrent freeze is waited for.
    ``once_set`` names the columns that, once filled, neither change nor empty, whatever becomes of the rest of the row.
    ``erasable`` names the fields that may be emptied for good (never changed) by an update that leaves the row
    ``erased``: personal data go, what was done stays (RGPD art. 17).
    """

    model: type[models.Model]
    message: str
    when: str = NEVER
    once_written: str = NEVER
    free: tuple[str, ...] = ()
    free_until: str = NEVER
    lock: str = ""
    once_set: tuple[str, ...] = ()
    erasable: tuple[str, ...] = ()
    erased: str = NEVER

    def existing(self, row: str) -> str:
        """The condition under which an existing row must stay as it is."""
        return f"(({self.when.format(row=row)}) OR ({self.once_written.format(row=row)}))"

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def trigger_names(self) -> list[str]:
        return [f"{self.table}_frozen_{verb}" for verb in ("insert", "update", "delete")]


_registry: dict[str, Protection] = {}


def register(*protections: Protection) -> None:
    """Add protections to the one list the triggers and the test of the triggers are made from."""
    for protection in protections:
        _registry[protection.table] = protection


def registered() -> Sequence[Protection]:
    return tuple(_registry.values())


def append_only(model: type[models.Model], *, message: str) -> Protection:
    """New rows only: nothing is altered or removed."""
    return Protection(model, once_written=ALWAYS, message=message)


def install(sender: AppConfig | None = None, *, using: str = "default", **_: Any) -> None:
    """(Re)create the triggers of one application (``post_migrate``), or of all of them."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    for protection in registered():
        if sender is not None and protection.model._meta.app_label != sender.label:
            continue
        if protection.table in tables:
            _run(connection, [*_drop(connection, protection), *_create(connection, protection)])


def step_aside(*, plan: Sequence[Any] = (), using: str = "default", **_: Any) -> None:
    """Before migrations that will run (``pre_migrate``): SQLite rebuilds a table under another name, then refuses to
    give it its own back while a trigger of another table names it. ``install`` puts them all back afterwards."""
    connection = connections[using]
    if plan and connection.vendor == "sqlite":
        ours = sorted(name for name in installed_triggers(using) if "_frozen_" in name)
        _run(connection, [f"DROP TRIGGER {name}" for name in ours])


def remove(using: str = "default") -> None:
    """Drop every trigger: only for emptying a test database."""
    connection = connections[using]
    for protection in registered():
        _run(connection, _drop(connection, protection))


def installed_triggers(using: str = "default") -> set[str]:
    """Names of the triggers the database really has."""
    connection = connections[using]
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}


def missing_protections(using: str = "default") -> list[str]:
    """A sentence for each protected table whose triggers are not all in the database."""
    installed = installed_triggers(using)
    lost = [(each.table, sorted(set(each.trigger_names) - installed)) for each in registered()]
    return [
        f"Table {table} : protections absentes ({', '.join(names)}). Relancez migrate."
        for table, names in lost
        if names
    ]


def _run(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _drop(connection: BaseDatabaseWrapper, protection: Protection) -> list[str]:
    if connection.vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in protection.trigger_names]
    names = [*protection.trigger_names, f"{protection.table}_frozen_truncate"]
    return [f"DROP TRIGGER IF EXISTS {name} ON {protection.table}" for name in names]


def _create(connection: BaseDatabaseWrapper, protection: Protection) -> list[str]:
    return _sqlite(protection) if connection.vendor == "sqlite" else _postgresql(protection)


def _conditions(protection: Protection, differs: str) -> dict[str, str]:
    old, new = protection.existing("OLD"), protection.when.format(row="NEW")
    changed = _changed(protection, _guarded_columns(protection), differs)
    freed = _changed(protection, _columns(protection, protection.free), differs)
    until, unset = protection.free_until.format(row="OLD"), _unset(protection, differs)
    return {
        "insert": f"({new})",
        "update": f"(({old} OR ({new})) AND ({changed})) OR (({until}) AND ({freed})) OR ({unset})",
        "delete": old,
    }


def _changed(protection: Protection, columns: Sequence[str], differs: str) -> str:
    return " OR ".join(_altered(protection, name, differs) for name in columns) or NEVER


def _unset(protection: Protection, differs: str) -> str:
    """A column that may be set once was set, and would change or be emptied."""
    columns = _columns(protection, protection.once_set)
    return (
        " OR ".join(f'(OLD."{name}" IS NOT NULL AND {_altered(protection, name, differs)})' for name in columns)
        or NEVER
    )


def _altered(protection: Protection, name: str, differs: str) -> str:
    """A column would change, otherwise than by its erasure."""
    altered = f'OLD."{name}" {differs} NEW."{name}"'
    if name not in _columns(protection, protection.erasable):
        return altered
    emptied = f'(NEW."{name}" IS NULL OR NEW."{name}" = \'\')'
    return f"({altered} AND NOT (({protection.erased.format(row='NEW')}) AND {emptied}))"


def _columns(protection: Protection, names: Sequence[str]) -> list[str]:
    return [_column(protection.model._meta.get_field(name)) for name in names]


def _guarded_columns(protection: Protection) -> list[str]:
    fields = protection.model._meta.local_concrete_fields
    return [_column(field) for field in fields if field.name not in protection.free]


def _column(field: Any) -> str:
    column: str = field.column
    return column


def _sqlite(protection: Protection) -> list[str]:
    conditions = _conditions(protection, "IS NOT")
    for verb, replaced in (("insert", _replaced(protection)), ("update", _replaced(protection, "OLD"))):
        conditions[verb] = f"({conditions[verb]}) OR {replaced}"
    message = protection.message.replace("'", "''")
    return [
        f"CREATE TRIGGER {protection.table}_frozen_{verb} BEFORE {verb.upper()} ON {protection.table} "
        f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        for verb, condition in conditions.items()
    ]


def _replaced(protection: Protection, but: str = "") -> str:
    """A frozen row that ``INSERT OR REPLACE`` would remove: SQLite fires no delete trigger for it."""
    table, pk = protection.table, _column(protection.model._meta.pk)
    collides = " OR ".join(f"({key})" for key in _collisions(protection.model))
    other = f' AND replaced."{pk}" <> {but}."{pk}"' if but else ""
    return f"EXISTS (SELECT 1 FROM {table} replaced WHERE ({collides}){other} AND {protection.existing('replaced')})"


def _collisions(model: type[models.Model]) -> Iterable[str]:
    """For each unique key, the SQL that says NEW takes the place of the row ``replaced``."""
    meta = model._meta
    for field in meta.local_concrete_fields:
        if field.unique:
            yield _equal([_column(field)])
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            equal = _equal([_column(meta.get_field(name)) for name in constraint.fields])
            condition = _condition(model, constraint)
            yield f"{equal} AND {condition}" if condition else equal


def _equal(columns: list[str]) -> str:
    return " AND ".join(f'replaced."{column}" = NEW."{column}"' for column in columns)


def _condition(model: type[models.Model], constraint: models.UniqueConstraint) -> str:
    """A partial unique key counts only rows that meet its condition: both NEW and the replaced one must."""
    if constraint.condition is None:
        return ""
    connection = connections["default"]
    editor = connection.SchemaEditorClass(connection, collect_sql=True)  # only to quote the condition's values
    condition = constraint._get_condition_sql(model, editor)  # type: ignore[attr-defined]  # no public way
    columns = [field.column for field in model._meta.local_concrete_fields]
    new, old = (
        "(SELECT " + ", ".join(f'{row}."{column}" AS "{column}"' for column in columns) + ")"
        for row in ("NEW", "replaced")
    )
    return f"EXISTS (SELECT 1 FROM {new} WHERE {condition}) AND EXISTS (SELECT 1 FROM {old} WHERE {condition})"


def _postgresql(protection: Protection) -> list[str]:
    conditions = _conditions(protection, "IS DISTINCT FROM")
    table = protection.table
    message = protection.message.replace("'", "''").replace("%", "%%")
    statements = []
    for verb, condition in conditions.items():
        rows = {"insert": ["NEW"], "update": ["OLD", "NEW"], "delete": ["OLD"]}[verb]
        locks = "".join(f"PERFORM {protection.lock.format(row=row)}; " for row in rows if protection.lock)
        statements += [
            f"CREATE OR REPLACE FUNCTION {table}_frozen_{verb}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{locks}IF {condition} THEN "
            f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN {'OLD' if verb == 'delete' else 'NEW'}; END $$",
            f"CREATE TRIGGER {table}_frozen_{verb} BEFORE {verb.upper()} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_frozen_{verb}()",
        ]
    return [
        *statements,
        f"CREATE OR REPLACE FUNCTION {table}_frozen_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {table}_frozen_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_frozen_truncate()",
    ]
