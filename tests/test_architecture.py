"""The shape of the tree: layers, foreign keys that point down, files one can hold."""

import subprocess
import sys
from pathlib import Path

from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[1]
LAYERS = [
    {"kit"},
    {"editions", "organisations"},
    {"workbook"},
    {"assessment"},
    {"analysis"},
    {"documents"},
    {"config", "demo"},
]


def test_the_layers_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_foreign_keys_point_down_or_sideways() -> None:
    level = {app: number for number, layer in enumerate(LAYERS) for app in layer}
    for model in apps.get_models():
        if not model.__module__.startswith("koers."):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.related_model.__module__.startswith("koers."):
                assert level[field.related_model._meta.app_label] <= level[model._meta.app_label], field


def test_no_generic_foreign_keys_and_no_signals() -> None:
    for path in (ROOT / "src").rglob("*.py"):
        text = path.read_text()
        assert "GenericForeignKey" not in text, path
        assert "django.db.models.signals" not in text, path


def test_no_file_grows_past_what_one_can_hold() -> None:
    sources = [
        path
        for folder in ("src", "tests", "bench", "scripts", "frontend/src")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".ts", ".html"} and "/migrations/" not in str(path) and "/static/" not in str(path)
    ]
    assert [path.name for path in sources if len(path.read_text().splitlines()) > 450] == []
