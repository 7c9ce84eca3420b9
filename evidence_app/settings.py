"""Typed settings, read once from the environment. `SETTINGS` is the one list: it feeds parsing and help."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit


class Setting(NamedTuple):
    """One environment variable: its name, its default as one would type it, and what it does."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting(
        "EVIDENCE_HOME", "./evidence-home", "Where an embedded installation lives: database, blobs, index, secret key."
    ),
    Setting(
        "EVIDENCE_DATABASE_URL",
        "",
        "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME. Empty: SQLite in the home.",
    ),
    Setting(
        "EVIDENCE_STORAGE_URL",
        "",
        "file:///DIR, memory: or s3://BUCKET/PREFIX?endpoint=URL. Empty: a folder in the home.",
    ),
    Setting("EVIDENCE_SEARCH_URL", "auto", "auto, whoosh:, tantivy: or postgresql:."),
    Setting(
        "EVIDENCE_BASE_URL",
        "",
        "The address people type, e.g. https://evidence.school.org: links begin with it; no other host is answered. "
        "Empty: this machine and its own network only.",
    ),
    Setting(
        "EVIDENCE_MAIL_HOSTS",
        "",
        "Mail servers of your own that schools may name although they are not public, or on other ports than 993 and "
        "143: HOST or HOST:PORT, separated by commas.",
    ),
    Setting("EVIDENCE_MAX_UPLOAD_MIB", "2048", "Largest file accepted, in MiB."),
    Setting("EVIDENCE_THREADS", "8", "Threads of the web server."),
    Setting("EVIDENCE_READERS", "2", "Child processes that read files at the same time; scans take all but one."),
    Setting("EVIDENCE_IDLE_MINUTES", "60", "Minutes without a request after which a sign-in ends."),
    Setting("EVIDENCE_SESSION_HOURS", "12", "Hours after which a sign-in ends whatever happens."),
    Setting(
        "EVIDENCE_LINK_CHECKS",
        "off",
        "on: the worker opens the links that are filed, on public servers only, to say whether visitors can. "
        "off: it connects to nothing outside.",
    ),
    Setting(
        "EVIDENCE_SCANNER_URL",
        "",
        "tcp://HOST:PORT or unix:///PATH of a clamd that looks at each file for malware. Empty: nothing is scanned.",
    ),
    Setting(
        "EVIDENCE_TRUSTED_PROXIES", "0", "Number of reverse proxies in front whose X-Forwarded headers are believed."
    ),
)


class SettingsError(Exception):
    """A setting cannot be used; the message names it, its value and what would do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation can be told from outside. Sizes in bytes, times in seconds."""

    home: Path
    database_url: str
    storage_url: str
    search_url: str
    base_url: str
    secret_key: str
    mail_hosts: frozenset[str]
    max_upload_bytes: int
    threads: int
    readers: int
    idle_seconds: int
    session_seconds: int
    trusted_proxies: int
    link_checks: bool
    scanner_url: str

    @property
    def is_https(self) -> bool:
        """Whether people reach the installation over HTTPS, so that cookies can be Secure."""
        return self.base_url.startswith("https://")


def load_settings(environment: Mapping[str, str], *, create_home: bool = False) -> Settings:
    """The settings of this environment; raises SettingsError naming the variable, its value and the remedy.

    With `create_home` a missing home folder and secret key are made; without it a missing home is an error, so that a
    mistyped EVIDENCE_HOME never starts an empty installation by accident.
    """
    values = {setting.name: environment.get(setting.name) or setting.default for setting in SETTINGS}
    home = Path(values["EVIDENCE_HOME"]).expanduser().absolute()
    if create_home:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif not home.is_dir():
        raise SettingsError(
            f"EVIDENCE_HOME={home} does not exist. Run 'evidence init' to create an installation there."
        )
    return Settings(
        home=home,
        database_url=_database_url(values["EVIDENCE_DATABASE_URL"] or f"sqlite:///{home / 'evidence.db'}"),
        storage_url=values["EVIDENCE_STORAGE_URL"] or f"file://{home / 'blobs'}",
        search_url=values["EVIDENCE_SEARCH_URL"],
        base_url=_base_url(values["EVIDENCE_BASE_URL"].rstrip("/")),
        secret_key=_secret_key(home, create=create_home),
        mail_hosts=frozenset(host.strip().lower() for host in values["EVIDENCE_MAIL_HOSTS"].split(",") if host.strip()),
        max_upload_bytes=_whole(values, "EVIDENCE_MAX_UPLOAD_MIB", 1) * 1024 * 1024,
        threads=_whole(values, "EVIDENCE_THREADS", 1),
        readers=_whole(values, "EVIDENCE_READERS", 1),
        idle_seconds=_whole(values, "EVIDENCE_IDLE_MINUTES", 1) * 60,
        session_seconds=_whole(values, "EVIDENCE_SESSION_HOURS", 1) * 3600,
        trusted_proxies=_whole(values, "EVIDENCE_TRUSTED_PROXIES", 0),
        link_checks=_switch(values, "EVIDENCE_LINK_CHECKS"),
        scanner_url=_scanner_url(values["EVIDENCE_SCANNER_URL"]),
    )


def without_secrets(url: str) -> str:
    """An address fit to be shown and logged: passwords in it are hidden, also where it cannot be taken apart."""
    url = re.sub(r"^((?:[\w+]+://)?[^:/?#@]*):.*@", r"\1:***@", url)
    return re.sub(r"(?i)([?&][a-z_]*(?:password|secret|token|key)[a-z_]*=)[^&#]*", r"\1***", url)


def _database_url(text: str) -> str:
    if text.startswith(("postgresql://", "postgres://")):
        text = "postgresql+psycopg://" + text.partition("://")[2]
    shown = without_secrets(text)
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError(f"EVIDENCE_DATABASE_URL={shown!r} is neither sqlite:///PATH nor postgresql://….")
    if text.startswith("sqlite"):
        return text
    # Commands that open no database read the settings too, and start without the library.
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        make_url(text)
    except (ArgumentError, ValueError):
        # What the library says quotes the part it stumbled over, which may be the password.
        raise SettingsError(
            f"EVIDENCE_DATABASE_URL={shown!r} cannot be read. Write @, : and / of a password as %40, %3A and %2F."
        ) from None
    return text


def _base_url(text: str) -> str:
    """The address, its host as browsers send it: letters beyond ASCII in their IDNA form."""
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        is_plain = bool(host) and parts.port != 0 and not (parts.path or parts.query or parts.username)
    except ValueError:
        is_plain = False
    if not is_plain or parts.scheme not in ("http", "https"):
        raise SettingsError(
            f"EVIDENCE_BASE_URL={text!r} is not the address of a host. Write it like https://evidence.school.org."
        )
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def _whole(values: Mapping[str, str], name: str, least: int) -> int:
    text = values[name]
    if not text.isdigit() or int(text) < least:
        raise SettingsError(f"{name}={text!r} must be a whole number of at least {least}.")
    return int(text)


def _switch(values: Mapping[str, str], name: str) -> bool:
    text = values[name].lower()
    if text not in ("on", "off"):
        raise SettingsError(f"{name}={values[name]!r} must be on or off.")
    return text == "on"


def _scanner_url(text: str) -> str:
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        is_tcp = parts.scheme == "tcp" and bool(parts.hostname) and bool(parts.port)
        is_unix = parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/")
    except ValueError:
        is_tcp = is_unix = False
    if not is_tcp and not is_unix:
        raise SettingsError(
            f"EVIDENCE_SCANNER_URL={text!r} is no scanner. Write tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl."
        )
    return text


def _secret_key(home: Path, *, create: bool) -> str:
    """The key that signs forms, made once and kept beside the data with owner-only rights."""
    path = home / "secret-key"
    if not path.exists():
        if not create:
            raise SettingsError(f"{path} is missing. Run 'evidence init' to make a new key; people will sign in again.")
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    key = path.read_text(encoding="ascii").strip()
    if len(key) < 32:
        raise SettingsError(
            f"{path} holds a key of {len(key)} characters; at least 32 are needed. Delete it and run 'evidence init'."
        )
    if path.stat().st_mode & 0o077:
        raise SettingsError(f"{path} can be read by other users of this machine. Run: chmod 600 {path}")
    return key
