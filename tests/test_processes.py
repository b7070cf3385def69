"""The real server as a process: what was acknowledged survives kill -9, events reach other pages, rights end."""

import http.client
import json
import os
import random
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import SCRIPT, Browser, Installation, installation

FIELDS = ["A.3/why", "A.3/hooks", "A.3/talents", "A.0/digital-government"]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as made:
        yield made


def _storm(browser: Browser, workbook: str, key: str, run: int, acknowledged: dict[str, object]) -> None:
    """Save until the server dies; note what it acknowledged."""
    try:
        base = 0
        for number in range(10_000):
            text = f"run {run} save {number} of {key}"
            status, body = browser.save(workbook, key, text, base)
            assert status == 200, body
            base = body["revision"]
            assert text in body["value"]["html"], body
            acknowledged[f"{key}:{base}"] = body["value"]
    except (OSError, http.client.HTTPException):
        return


def _wait_for_more(acknowledged: dict[str, object], number: int) -> None:
    """Let the storm rage until so many more saves were acknowledged."""
    wanted = len(acknowledged) + number
    until = time.monotonic() + 20
    while len(acknowledged) < wanted and time.monotonic() < until:
        time.sleep(0.02)


def test_every_acknowledged_save_survives_kill_9(home: Installation) -> None:
    workbook, email = home.make_workbook()
    acknowledged: dict[str, object] = {}
    cookies: dict[str, str] = {}
    for run in range(3):
        port = home.serve()
        cookies = cookies or Browser(port, email).cookies
        writers = [
            threading.Thread(target=_storm, args=(Browser(port, email, cookies), workbook, key, run, acknowledged))
            for key in FIELDS
        ]
        for writer in writers:
            writer.start()
        _wait_for_more(acknowledged, 30)
        time.sleep(random.uniform(0, 0.3))
        home.kill()
        for writer in writers:
            writer.join()
    assert len(acknowledged) >= 90
    stored = _revisions(home, workbook)
    lost = {key: value for key, value in acknowledged.items() if stored.get(key) != value}
    assert lost == {}


def _revisions(home: Installation, workbook: str) -> dict[str, object]:
    """Every revision of a workbook, read from a backup: `field:number` to value."""
    home.koers("backup", str(home.folder / "b.zip"))
    with zipfile.ZipFile(home.folder / "b.zip") as archive:
        rows = [json.loads(line)["fields"] for line in archive.read("rows/workbook.revision.jsonl").splitlines()]
    return {f"{row['field_key']}:{row['number']}": row["value"] for row in rows if row["workbook"] == workbook}


class Stream:
    """The event stream of a workbook, read in a thread."""

    def __init__(self, port: int, browser: Browser, workbook: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.connection.request("GET", f"/w/{workbook}/events", headers={"Cookie": browser.cookie_header})
        self.response = self.connection.getresponse()
        self.lines: list[tuple[float, str]] = []
        self.ended = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            while line := self.response.readline():
                self.lines.append((time.monotonic(), line.decode().strip()))
        except OSError:
            pass
        self.ended.set()

    def wait_for(self, text: str, seconds: float = 3) -> float:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for at, line in self.lines:
                if text in line:
                    return at
            time.sleep(0.005)
        raise AssertionError(f"{text!r} did not come; got {self.lines}")


def test_a_save_reaches_another_page_within_a_second(home: Installation) -> None:
    workbook, email = home.make_workbook()
    port = home.serve()
    browser = Browser(port, email)
    stream = Stream(port, browser, workbook)
    stream.wait_for("retry")
    begun = time.monotonic()
    assert browser.save(workbook, "A.3/why", "omdat", 0)[0] == 200
    assert stream.wait_for('"A.3/why": 1') - begun < 1


def test_nobody_else_gets_the_stream(home: Installation) -> None:
    workbook, email = home.make_workbook()
    home.koers("user", "create", f"other-{home.tag}@example.test", "--password", "een-lang-wachtwoord")
    port = home.serve()
    stream = Stream(port, Browser(port, f"other-{home.tag}@example.test"), workbook)
    assert stream.response.status == 404
    assert email


def test_signing_out_ends_saving(home: Installation) -> None:
    workbook, email = home.make_workbook()
    port = home.serve()
    browser = Browser(port, email)
    kept = dict(browser.cookies)
    page = browser.request("GET", "/accounts/logout/")[1]
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    browser.request("POST", "/accounts/logout/", f"csrfmiddlewaretoken={token}", "application/x-www-form-urlencoded")
    browser.cookies = kept
    status, body = browser.save(workbook, "A.3/why", "x", 0)
    assert status == 401
    assert body["error"]


def test_a_save_without_the_csrf_token_is_refused(home: Installation) -> None:
    workbook, email = home.make_workbook()
    port = home.serve()
    browser = Browser(port, email)
    browser.cookies["csrftoken"] = ""
    assert browser.save(workbook, "A.3/why", "x", 0)[0] == 403


def test_a_save_without_any_cookie_says_signed_out(home: Installation) -> None:
    workbook, email = home.make_workbook()
    port = home.serve()
    browser = Browser(port, email)
    browser.cookies.clear()
    assert browser.save(workbook, "A.3/why", "x", 0)[0] == 401


def test_events_cross_from_one_process_to_another_on_postgresql(home: Installation) -> None:
    """On SQLite one process serves all, and a second is refused."""
    if "DATABASE_URL" not in os.environ:
        refused = subprocess.run(
            [SCRIPT, "serve", "--workers", "2"], env=home.environment, cwd=home.folder, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert refused.returncode == 1
        assert refused.stderr.splitlines()[-1] == "Error: More than one process needs PostgreSQL: set DATABASE_URL."
        return
    workbook, email = home.make_workbook()
    one, other = home.serve(), home.serve()
    reader = Browser(other, email)
    stream = Stream(other, reader, workbook)
    stream.wait_for("retry")
    begun = time.monotonic()
    assert Browser(one, email).save(workbook, "A.3/why", "omdat", 0)[0] == 200
    assert stream.wait_for('"A.3/why": 1') - begun < 2
