"""A version is read in the words of the edition in which it was answered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workbook", "0003_first_rounds")]

    operations = [
        migrations.AddField(
            model_name="version", name="edition_version", field=models.PositiveIntegerField(default=1)
        ),
    ]
