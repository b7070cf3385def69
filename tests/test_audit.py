"""Every verb that leaves an audit row has a sentence for the page of the log."""

import re
from pathlib import Path

from koers.organisations.history import _SENTENCES

ROOT = Path(__file__).resolve().parents[1]


def test_every_verb_of_the_audit_log_has_its_sentence() -> None:
    verbs = {
        verb
        for path in (ROOT / "src").rglob("*.py")
        if "/tests/" not in str(path)
        for verb in re.findall(r"record\(.{0,120}?[\"']([a-z]+\.[a-z]+)[\"']", path.read_text(), re.DOTALL)
    }
    assert "note.compose" in verbs
    assert verbs <= set(_SENTENCES)
