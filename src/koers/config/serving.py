"""`koers serve`: one process, one port (or several processes on PostgreSQL)."""

import logging
import socket
from collections.abc import Callable

import uvicorn

from koers.config import environment

logger = logging.getLogger(__name__)


def _free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def run(host: str, port: int, *, demo: bool, workers: int, say: Callable[[str], None]) -> None:
    """Serve until stopped. Says on which address, and with `demo` how to sign in."""
    if port and not _free(host, port):
        raise SystemExit(f"Port {port} on {host} is in use. Choose another: koers serve --port {port + 1}")
    accounts: list[str] = []
    if demo:
        from koers.demo.world import make_world, sign_in_lines

        make_world(say)
        accounts = sign_in_lines()
    shown = f"[{host}]" if ":" in host else host
    shown = "localhost" if shown in {"127.0.0.1", "0.0.0.0", "[::]"} else shown  # noqa: S104
    say("")
    say(f"  Koers is served on http://{shown}:{port}")
    for line in accounts:
        say(f"  {line}")
    say("  Stop with Ctrl+C.")
    say("")
    uvicorn.run(
        "koers.config.asgi:application",
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
        proxy_headers=bool(environment.TRUSTED_PROXIES.items()),
        forwarded_allow_ips=environment.TRUSTED_PROXIES.items() or [],
        server_header=False,
        timeout_graceful_shutdown=5,
        lifespan="on",
    )
