"""What pages cost on the server: `EVIDENCE_HOME=… python benchmarks/pages.py [--rounds N] [--as EMAIL]`.

Each page is asked N times through a test client, so without network, by a coordinator of the installation's largest
school; the first three answers, in which templates are compiled, are not counted. The reference, measured in the same
run, is the help page, which asks the database for nothing but who is there.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time

from flask.testing import FlaskClient
from sqlalchemy import func, select

from evidence_app.app import create_app
from evidence_app.backends import Backends, build_backends
from evidence_app.cli.serving import keep_what_is_loaded
from evidence_app.domain.access import Role
from evidence_app.domain.accounts import open_session
from evidence_app.domain.accounts.models import Membership, Person
from evidence_app.domain.evidence import Item
from evidence_app.domain.schools import School
from evidence_app.settings import load_settings

PAGES = {
    "help (reference)": "help/",
    "home": "",
    "library": "evidence/",
    "search": "evidence/?q=assessment",
    "coverage": "coverage/",
    "practice": "practice/0301-02",
    "review": "review/",
    "suggestions": "review/suggestions/",
    "study": "study/",
    "plan": "plan/",
}
PARTS = {
    "results as one types": "evidence/?q=assessment",
    "what may be typed next": "evidence/complete?q=asse",
}
"""What scripts ask for beside pages."""

UNCOUNTED = 3


def main() -> None:
    """Print a line for each page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--as", dest="email", default="")
    options = parser.parse_args()
    backends = build_backends(load_settings(os.environ))
    try:
        school_key, items, person_id = who(backends, options.email)
        with backends.database.unit_of_work() as session:
            token = open_session(session, person_id=person_id, browser="benchmark")
        client = create_app(backends).test_client()
        keep_what_is_loaded()
        client.set_cookie("evidence", token)
        print(f"{school_key}: {items} items, {options.rounds} rounds\n")
        print("| page | p50 ms | p95 ms | x reference |\n|---|---|---|---|")
        reference = 0.0
        for name, path in (*PAGES.items(), *PARTS.items()):
            times = measure(client, f"/{school_key}/{path}", options.rounds, is_part=name in PARTS)
            middle, high = statistics.median(times), statistics.quantiles(times, n=20)[18]
            reference = reference or middle
            print(f"| {name} | {middle:.1f} | {high:.1f} | {middle / reference:.1f} |")
    finally:
        backends.close()


def who(backends: Backends, email: str) -> tuple[str, int, str]:
    """The key of the school with most items, how many they are, and who asks."""
    with backends.database.reading() as session:
        counted = select(Item.school_id, func.count()).group_by(Item.school_id).order_by(func.count().desc())
        school_id, items = session.execute(counted).first() or ("", 0)
        if not school_id:
            raise SystemExit("There are no items in this installation. Try: evidence demo --no-serve")
        member = select(Membership.person_id).where(Membership.school_id == school_id)
        if email:
            member = member.join(Person, Person.id == Membership.person_id).where(Person.email == email)
        else:
            member = member.where(Membership.role == Role.COORDINATOR)
        person_id = session.scalars(member.limit(1)).first()
        if person_id is None:
            raise SystemExit("There is nobody to ask as. Name a member of the school with --as.")
        return session.get_one(School, school_id).key, items, person_id


def measure(client: FlaskClient, path: str, rounds: int, *, is_part: bool) -> list[float]:
    """Milliseconds of each counted answer."""
    times = []
    for _ in range(rounds + UNCOUNTED):
        start = time.perf_counter()
        answer = client.get(path, follow_redirects=True, headers={"HX-Request": "true"} if is_part else None)
        times.append((time.perf_counter() - start) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status}")
    return times[UNCOUNTED:]


if __name__ == "__main__":
    main()
