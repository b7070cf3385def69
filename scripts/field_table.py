"""The table of every field key for docs/exchange.md: prints it; a test holds the document to it."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "koers.config.settings")


def table() -> str:
    """Markdown: key, kind, options, room for a remark, and what it is about."""
    from koers.editions.loading import edition

    lines = ["| key | kind | options | remark | own | about |", "|---|---|---|---|---|---|"]
    for field in edition("draaiboek").fields.values():
        columns = ", ".join(f"`{column.id}`" for column in field.columns)
        kind = field.playbook_kind + (f" ({columns})" if columns else "")
        about = field.short.say("en")
        if field.group:
            about = f"{field.group}: {about}"
        lines.append(
            f"| `{field.key}` | {kind} | {len(field.options) or ''} | {'yes' if field.remark else ''} "
            f"| {'own' if field.own else ''} | {about} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(table())
