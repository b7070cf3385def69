"""What search asks: word forms indexed by the database itself, in step with the entries whoever changes those.

A later migration that alters SearchEntry makes its table anew on SQLite, without these triggers: it must make them again.
"""

from django.db import migrations

_SQLITE = (
    """CREATE VIRTUAL TABLE workbook_search USING fts5(
        stems, content='workbook_searchentry', content_rowid='id', tokenize='ascii')""",
    """CREATE TRIGGER workbook_search_added AFTER INSERT ON workbook_searchentry BEGIN
        INSERT INTO workbook_search (rowid, stems) VALUES (new.id, new.stems);
    END""",
    """CREATE TRIGGER workbook_search_removed AFTER DELETE ON workbook_searchentry BEGIN
        INSERT INTO workbook_search (workbook_search, rowid, stems) VALUES ('delete', old.id, old.stems);
    END""",
    """CREATE TRIGGER workbook_search_changed AFTER UPDATE ON workbook_searchentry BEGIN
        INSERT INTO workbook_search (workbook_search, rowid, stems) VALUES ('delete', old.id, old.stems);
        INSERT INTO workbook_search (rowid, stems) VALUES (new.id, new.stems);
    END""",
    "INSERT INTO workbook_search (workbook_search) VALUES ('rebuild')",
)
_SQLITE_BACK = (
    "DROP TRIGGER workbook_search_added",
    "DROP TRIGGER workbook_search_removed",
    "DROP TRIGGER workbook_search_changed",
    "DROP TABLE workbook_search",
)
_POSTGRESQL = (
    """ALTER TABLE workbook_searchentry ADD COLUMN lexemes tsvector
        GENERATED ALWAYS AS (to_tsvector('simple', stems)) STORED""",
    "CREATE INDEX workbook_search ON workbook_searchentry USING gin (lexemes)",
)
_POSTGRESQL_BACK = ("ALTER TABLE workbook_searchentry DROP COLUMN lexemes",)


def _run(sqlite, postgresql):
    def run(apps, schema_editor):
        for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("workbook", "0004_version_edition")]

    operations = [migrations.RunPython(_run(_SQLITE, _POSTGRESQL), _run(_SQLITE_BACK, _POSTGRESQL_BACK))]
