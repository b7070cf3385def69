"""A real server in a process of its own, and signed-in clients for it."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SCRIPT = Path(sys.executable).parent / "koers"
PASSWORD = "een-lang-wachtwoord"

WORKBOOK = "format: koers-workbook/1\nedition: draaiboek\nadministration: {name: Gemeente %s}\nanswers: {}\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Installation:
    """A data folder (or the database that DATABASE_URL names) and the servers that run on it."""

    folder: Path
    tag: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    servers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("KOERS_", "DJANGO_"))}
        return {**kept, "KOERS_DATA": str(self.folder), "KOERS_SECRET_KEY": "of-the-tests-" * 6}

    def koers(self, *arguments: str) -> str:
        done = subprocess.run(
            [SCRIPT, *arguments], env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, script: Path) -> None:
        """Run a script on this installation: for what no command makes."""
        given = {**self.environment, "DJANGO_SETTINGS_MODULE": "koers.config.settings"}
        done = subprocess.run([sys.executable, script], env=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def make_workbook(self) -> tuple[str, str]:
        """A workbook and its lead: (id, email)."""
        email = f"lead-{self.tag}@example.test"
        self.koers("user", "create", email, "--password", PASSWORD)
        file = self.folder / "w.yaml"
        file.write_text(WORKBOOK % self.tag)
        return self.koers("workbook", "import", str(file), "--lead", email).split()[-1], email

    def serve(self, *arguments: str) -> int:
        """Start a server; returns its port once it answers."""
        self.port = port = free_port()
        server = subprocess.Popen(
            [SCRIPT, "serve", "--port", str(port), *arguments], env=self.environment, cwd=self.folder,
            stdout=(self.folder / "server.out").open("ab"), stderr=(self.folder / "server.log").open("ab"),
        )  # fmt: skip
        self.servers.append(server)
        for _attempt in range(400):
            if server.poll() is not None:
                break
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/health/")
                if connection.getresponse().status == 200:
                    return port
            time.sleep(0.1)
        raise AssertionError((self.folder / "server.log").read_text())

    def kill(self, how: int = signal.SIGKILL) -> None:
        for server in self.servers:
            server.send_signal(how)
            server.wait(timeout=20)
        self.servers.clear()


class Browser:
    """A signed-in client that speaks HTTP to a real server."""

    def __init__(self, port: int, email: str, cookies: dict[str, str] | None = None, password: str = PASSWORD) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.cookies: dict[str, str] = dict(cookies or {})
        self.location = ""
        if not self.cookies:
            self.sign_in(email, password)

    def sign_in(self, email: str, password: str) -> None:
        page = self.request("GET", "/accounts/login/")[1]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page[:500]
        body = f"csrfmiddlewaretoken={token[1]}&login={email.replace('@', '%40')}&password={password}"
        status, page = self.request("POST", "/accounts/login/", body, "application/x-www-form-urlencoded")
        assert status == 302, page[:2000]

    @property
    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def request(self, method: str, path: str, body: str = "", kind: str = "") -> tuple[int, str]:
        headers = {"Cookie": self.cookie_header}
        if kind:
            headers |= {"Content-Type": kind, "X-CSRFToken": self.cookies.get("csrftoken", "")}
        self.connection.request(method, path, body.encode() or None, headers)
        response = self.connection.getresponse()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _equals, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        self.location = response.getheader("Location") or ""
        return response.status, response.read().decode()

    def save(self, workbook: str, key: str, value: Any, base: int) -> tuple[int, dict[str, Any]]:
        body = json.dumps({"field": key, "base": base, "value": value})
        status, text = self.request("POST", f"/w/{workbook}/save", body, "application/json")
        return status, json.loads(text)


@contextlib.contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    made = Installation(folder)
    try:
        yield made
    finally:
        made.kill()
