"""What is asked of people in the demo school, and what came in answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from evidence_app.demo.stage import Filed, Stage
from evidence_app.demo.story import key_of, story
from evidence_app.domain import requests


def ask_for_evidence(stage: Stage, filed: Sequence[Filed]) -> None:
    """Requests to people and to a group: due soon, overdue, answered and closed."""
    shown = {code: one for one in filed for code in one.accepted}
    for told in story()["requests"]:
        asker = stage.actors[told["by"]]
        group = told.get("to_group")
        with stage.backends.database.unit_of_work() as session:
            asked = requests.ask(
                session,
                actor=asker,
                node_key=key_of(told["code"]),
                due_on=stage.today + timedelta(days=told["due"]),
                person_id=None if group else stage.person_id(told["to"]),
                group_id=stage.groups[group] if group else None,
                programme=told["programme"],
                title=told["title"],
                message=told["message"],
            )
            session.flush()
            given = shown.get(told.get("answer", ""))
            if given is not None:
                requests.answer(session, actor=stage.actors[told["to"]], request_id=asked.id, item_id=given.item_id)
            if told.get("closed"):
                requests.close(session, actor=asker, request_id=asked.id)
