"""Every workbook that was there already is in its first round."""

from django.db import migrations


def begin(apps, schema_editor):
    Workbook = apps.get_model("workbook", "Workbook")
    Round = apps.get_model("workbook", "Round")
    books = Workbook._base_manager.values_list("pk", "administration_id", "created_at")
    Round._base_manager.bulk_create(
        Round(workbook_id=pk, administration_id=administration_id, number=1, started_at=created_at)
        for pk, administration_id, created_at in books.iterator()
    )


class Migration(migrations.Migration):
    dependencies = [("workbook", "0002_together")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
