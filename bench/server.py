"""The servers that are measured, each in a process of its own with one port."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[1]
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A server process: where it listens and how much processor time it used."""

    def __init__(self, application: str, port: int, data: Path, settings: str) -> None:
        self.port = port
        environment = self.environment(data, settings)
        command = [sys.executable, "-m", "uvicorn", application, "--port", str(port), "--log-level", "error"]
        if application.startswith("bench."):
            command += ["--factory"]
        self.process = subprocess.Popen(command, env=environment, cwd=ROOT)

    @staticmethod
    def environment(data: Path, settings: str) -> dict[str, str]:
        return {**os.environ, "KOERS_DATA": str(data), "DJANGO_SETTINGS_MODULE": settings, "PYTHONPATH": str(ROOT)}

    def __enter__(self) -> Self:
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def _wait(self) -> None:
        for _attempt in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=2).read()
            except urllib.error.HTTPError:
                return
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError("A server did not start.") from None
                time.sleep(0.1)
            else:
                return

    def processor_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
