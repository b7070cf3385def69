"""Every environment variable that Koers reads, in one table: the settings and the handbook are both held to it."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Variable:
    """An environment variable: its name, what it is when unset, and what it does."""

    name: str
    default: str
    meaning: str

    def text(self) -> str:
        return os.environ.get(self.name, "").strip() or self.default

    def flag(self) -> bool:
        return self.text().lower() in {"1", "true", "yes", "on"}

    def items(self) -> list[str]:
        return [part.strip() for part in self.text().split(",") if part.strip()]


DATA = Variable("KOERS_DATA", "koers-data", "Folder that holds everything of an embedded installation.")
DATABASE_URL = Variable(
    "DATABASE_URL", "", "PostgreSQL as postgresql://user:password@host:port/name; SQLite in the data folder when unset."
)
SECRET_KEY = Variable(
    "KOERS_SECRET_KEY", "", "Secret that signs sessions and links; made once and kept in the data folder when unset."
)
HOSTS = Variable(
    "KOERS_HOSTS", "localhost,127.0.0.1,[::1]", "Host names under which the product is reached, separated by commas."
)
HTTPS = Variable(
    "KOERS_HTTPS", "false", "true when people reach it over https: secure cookies, redirect to https and HSTS."
)
URL = Variable(
    "KOERS_URL",
    "",
    "Address for links in mail, such as https://koers.example.be; made of the first host name when unset.",
)
TRUSTED_PROXIES = Variable(
    "KOERS_TRUSTED_PROXIES",
    "",
    "Addresses of the proxies in front, separated by commas: only these may name the client.",
)
EMAIL_URL = Variable(
    "KOERS_EMAIL_URL", "console:", "Mail server: console: prints mail; smtp://user:password@host:587?tls=1 sends it."
)
EMAIL_FROM = Variable("KOERS_EMAIL_FROM", "Koers <koers@localhost>", "Sender of mail.")
SIGNUP = Variable("KOERS_SIGNUP", "open", "open: anyone may make an account; invited: only with an invitation.")
EMAIL_VERIFICATION = Variable(
    "KOERS_EMAIL_VERIFICATION", "optional", "mandatory: an address must be confirmed before signing in; optional; none."
)
LANGUAGE = Variable("KOERS_LANGUAGE", "nl", "Language of visitors whose browser asks for neither nl nor en.")
TIME_ZONE = Variable("KOERS_TIME_ZONE", "Europe/Brussels", "Time zone of dates on pages and in documents.")
CONTENT = Variable("KOERS_CONTENT", "", "Folder with more editions, beside those of the product.")
DEBUG = Variable("KOERS_DEBUG", "false", "true shows errors in full to visitors: for developers only.")

VARIABLES = (
    DATA, DATABASE_URL, SECRET_KEY, HOSTS, HTTPS, URL, TRUSTED_PROXIES, EMAIL_URL, EMAIL_FROM, SIGNUP,
    EMAIL_VERIFICATION, LANGUAGE, TIME_ZONE, CONTENT, DEBUG,
)  # fmt: skip


def base_url() -> str:
    """The address under which people reach the product, without a slash at the end."""
    given = URL.text().rstrip("/")
    if given:
        return given
    host = next((host for host in HOSTS.items() if host.strip("*.")), "localhost").lstrip(".")
    if host in {"localhost", "127.0.0.1", "[::1]"}:
        return f"http://{host}:{os.environ.get('PORT') or 8000}"
    return f"{'https' if HTTPS.flag() else 'http'}://{host}"


def data_folder() -> Path:
    """The data folder, made when it is not there."""
    folder = Path(DATA.text()).expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key() -> str:
    """The secret of this installation: given, or made once and kept readable by its owner only."""
    given = SECRET_KEY.text()
    if given:
        return given
    path = data_folder() / "secret-key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    key = secrets.token_urlsafe(64)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key
