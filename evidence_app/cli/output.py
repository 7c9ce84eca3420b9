"""What the command line prints: sentences for people, or exactly one JSON object; and its exit codes."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click
from sqlalchemy.exc import DBAPIError

import standards
from evidence_app.backends import Backends, build_backends
from evidence_app.errors import AppError
from evidence_app.migrations import require_current_schema
from evidence_app.settings import Settings, SettingsError, load_settings
from storage_adapters import StoreError

log = logging.getLogger(__name__)

FINDINGS, COULD_NOT = 1, 2
JSON_WANTED = f"{__name__}.json"

as_json = click.option("--json", "as_json", is_flag=True, help="Print exactly one JSON object.")
acting_as = click.option("--as", "email", required=True, metavar="EMAIL", help="The person who acts.")
in_school = click.option("--school", "school_key", metavar="KEY", help="Needed only by somebody of several schools.")


def address_of(settings: Settings) -> str:
    """What links begin with: the address people type, or where `evidence serve` listens when nobody said otherwise."""
    return settings.base_url or "http://127.0.0.1:8080"


def address_note(settings: Settings) -> str:
    """What decides where links lead, where nobody said it; "" where it is said."""
    if settings.base_url:
        return ""
    return (
        f"Links begin with {address_of(settings)} because EVIDENCE_BASE_URL is not set. Set it where people reach the "
        "server under another name or port."
    )


class Failing(click.Group):
    """A group whose errors are one clear sentence (or one JSON object) and exit code 2, never a traceback alone."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Remember whether JSON is wanted, which has to be known for errors in the arguments, too."""
        ctx.meta[JSON_WANTED] = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn what it could not do into a sentence."""
        try:
            return super().invoke(ctx)
        except AppError as error:
            _fail(ctx, error.code, str(error.message))
        except (SettingsError, StoreError, standards.CatalogueError, standards.OverlayError, TimeoutError) as error:
            _fail(ctx, _code_of(error), str(error))
        except DBAPIError as error:
            _fail(ctx, "database", f"The database does not answer: {error.orig}")
        except click.ClickException as error:
            if not ctx.meta[JSON_WANTED]:
                raise
            _fail(ctx, "usage", error.format_message())
        except (click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            log.exception("unexpected error")
            _fail(ctx, "unexpected", f"Something went wrong on our side ({type(error).__name__}: {error}).")


def tell(answer: dict[str, Any], sentence: str, *, json_wanted: bool) -> None:
    """Print an answer: as JSON, or as the sentence that says the same."""
    click.echo(json.dumps(answer, ensure_ascii=False) if json_wanted else sentence)


def leave(code: int) -> None:
    """End the command with this exit code."""
    click.get_current_context().exit(code)


@contextmanager
def opened() -> Iterator[Backends]:
    """The installation of this environment, with its database at this program's schema."""
    backends = build_backends(load_settings(os.environ))
    try:
        require_current_schema(backends.database)
        yield backends
    finally:
        backends.close()


def _fail(ctx: click.Context, code: str, message: str) -> NoReturn:
    if ctx.meta[JSON_WANTED]:
        click.echo(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    else:
        click.echo(f"evidence: {message}", err=True)
    raise SystemExit(COULD_NOT)


def _code_of(error: Exception) -> str:
    """A code that looks like all others, whoever raised: store_full for StoreFull."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).lower()
