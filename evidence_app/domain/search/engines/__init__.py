"""The engines, and which of them an installation uses."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import Engine

from evidence_app.domain.search.analysis import STEMMED_LANGUAGES
from evidence_app.domain.search.engines.folder import FolderIndex
from evidence_app.domain.search.protocol import SearchIndex
from evidence_app.errors import Unavailable
from evidence_app.i18n import msg


def engine_name(url: str, engine: Engine | None = None) -> str:
    """Which engine `url` means: "whoosh", "tantivy" or "postgresql". `engine` is the installation's database.

    "auto" is PostgreSQL where the database is one, else tantivy where it is installed, else Whoosh.
    """
    is_postgres = engine is not None and engine.dialect.name == "postgresql"
    name = url.strip().removesuffix(":")
    if name == "auto":
        return "postgresql" if is_postgres else "tantivy" if find_spec("tantivy") else "whoosh"
    if name == "postgresql" and not is_postgres:
        raise Unavailable(
            msg("EVIDENCE_SEARCH_URL is %(url)s, but the database is not PostgreSQL. Set it to auto.", url=repr(url))
        )
    if name == "tantivy" and not find_spec("tantivy"):
        raise Unavailable(
            msg(
                "EVIDENCE_SEARCH_URL is %(url)s, but tantivy is not installed. "
                "Install evidence-app[fast], or set it to auto.",
                url=repr(url),
            )
        )
    if name not in {"whoosh", "tantivy", "postgresql"}:
        raise Unavailable(
            msg(
                "EVIDENCE_SEARCH_URL is %(url)s, which names no engine. Use auto, whoosh:, tantivy: or postgresql:.",
                url=repr(url),
            )
        )
    return name


def open_index(
    url: str,
    home: Path,
    school_id: str,
    engine: Engine | None = None,
    *,
    languages: tuple[str, ...] = tuple(STEMMED_LANGUAGES),
) -> SearchIndex:
    """The index of one school. Nothing is opened or made before it is used.

    `home` is the installation's folder, `engine` its database, `languages` those whose words are stemmed, the school's
    own first. Raises Unavailable if `url` names an engine that this installation cannot have.
    """
    name = engine_name(url, engine)
    if name == "postgresql" and engine is not None:
        from evidence_app.domain.search.engines.postgres_engine import PostgresIndex

        return PostgresIndex(engine, school_id, languages)
    if name == "tantivy":
        from evidence_app.domain.search.engines.tantivy_engine import TantivyFolder

        return FolderIndex(TantivyFolder, home, school_id, languages)
    from evidence_app.domain.search.engines.whoosh_engine import WhooshFolder

    return FolderIndex(WhooshFolder, home, school_id, languages)
