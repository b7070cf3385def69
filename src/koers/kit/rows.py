"""Writing many small rows with few statements: for the one place where building a model object a row costs too much.

Values go through the fields of the model, so that both databases store what the ORM would store.
"""

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from django.db import connection, models

# Stored as they are, by every database.
_AS_IS: Final = {"CharField", "TextField", "PositiveIntegerField", "PositiveSmallIntegerField", "BooleanField"}


@functools.lru_cache(maxsize=256)
def _column(model: type[models.Model], name: str) -> tuple[str, Callable[[Any], Any] | None]:
    """The quoted column of an attribute, and how its values are prepared; None: not at all."""
    (field,) = [each for each in model._meta.concrete_fields if each.attname == name]
    assert field.column is not None
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if target.get_internal_type() in _AS_IS or isinstance(target, models.AutoField):
        return connection.ops.quote_name(field.column), None
    return connection.ops.quote_name(field.column), lambda value: field.get_db_prep_save(value, connection)


def _prepared(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    prepare = [_column(model, name)[1] for name in names]
    # Many rows hold the same moment, the same administration.
    known: dict[tuple[int, Any], Any] = {}

    def ready(at: int, value: Any) -> Any:
        each = prepare[at]
        if each is None or value is None:
            return value
        if isinstance(value, dict | list):
            return each(value)
        if (at, value) not in known:
            known[at, value] = each(value)
        return known[at, value]

    return [[ready(at, value) for at, value in enumerate(row)] for row in rows]


def insert_rows(
    model: type[models.Model],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    unique: Sequence[str] = (),
    update: Sequence[str] = (),
) -> None:
    """Insert rows in one statement; `names` are attributes (``author_id``) that together fill every column.

    With `unique`: a row that is there already, by those columns, gets the new values of the columns `update` instead.
    No two of the rows may be the same by them.
    """
    columns = ", ".join(_column(model, name)[0] for name in names)
    one = f"({', '.join(['%s'] * len(names))})"
    table = connection.ops.quote_name(model._meta.db_table)
    sql = f"INSERT INTO {table} ({columns}) VALUES {', '.join([one] * len(rows))}"  # noqa: S608
    if unique:
        keys = ", ".join(_column(model, name)[0] for name in unique)
        changed = [_column(model, name)[0] for name in update]
        sql += f" ON CONFLICT ({keys}) DO UPDATE SET {', '.join(f'{each} = excluded.{each}' for each in changed)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for row in _prepared(model, names, rows) for value in row])


def update_rows(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Update rows by primary key, which stands last in each row."""
    assert model._meta.pk is not None
    assert model._meta.pk.column is not None
    assignments = ", ".join(f"{_column(model, name)[0]} = %s" for name in names)
    table, key = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name(model._meta.pk.column)
    sql = f"UPDATE {table} SET {assignments} WHERE {key} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(sql, _prepared(model, [*names, model._meta.pk.attname], rows))
