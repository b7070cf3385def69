"""What says itself in the language of its reader is no longer kept in words of one language."""

import re

from django.db import migrations, models

UNNAMED = re.compile(r"(?:Round|Ronde) (\d+)")


def forget_words(apps, schema_editor):
    Version = apps.get_model("workbook", "Version")
    Round = apps.get_model("workbook", "Round")
    Notification = apps.get_model("workbook", "Notification")
    unnamed = Round._base_manager.filter(name="").exclude(version=None).values("version")
    Version._base_manager.filter(pk__in=unnamed).update(name="")
    Notification._base_manager.filter(kind="conflict").update(text="")
    rounds = Round._base_manager.exclude(name="").values_list("workbook", "name", "number")
    numbers = {(workbook, name): number for workbook, name, number in rounds}
    for told in Notification._base_manager.filter(kind="round").iterator():
        found = UNNAMED.fullmatch(told.text)
        number = numbers.get((told.workbook_id, told.text))
        if number or found:
            told.text = f"{number} {told.text}" if number else found[1]
            told.save(update_fields=["text"])


class Migration(migrations.Migration):
    dependencies = [("workbook", "0005_search")]

    operations = [
        migrations.AddField("version", "put_back", models.JSONField(blank=True, default=dict)),
        migrations.AlterField(
            "version", "name", models.CharField(blank=True, max_length=160, verbose_name="name")
        ),
        migrations.RunPython(forget_words, migrations.RunPython.noop),
    ]
