"""A process that adds one item after another to an index, and says each time what is safely in it.

python -m tests.evidence_app.domain.search.writer_process ENGINE HOME DATABASE_URL COUNT
"""

from __future__ import annotations

import sys
from pathlib import Path

from sqlalchemy import create_engine

from evidence_app.domain.search import open_index
from tests.evidence_app.domain.search.corpus import document


def main(engine: str, home: str, database_url: str, count: str) -> None:
    """Add `count` items, in commits of two, and print the number of each when it is in."""
    database = create_engine(database_url) if database_url else None
    index = open_index(f"{engine}:", Path(home), "school1", database)
    for number in range(0, int(count), 2):
        index.add([document(number, body="canteen " * 50), document(number + 1, body="canteen")])
        print(number, flush=True)  # noqa: T201  the test reads it


if __name__ == "__main__":
    main(*sys.argv[1:])
