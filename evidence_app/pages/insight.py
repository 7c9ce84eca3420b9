"""Insight: how filing, coverage and the self-study go, and whether the pace reaches the visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import format_date, format_decimal, gettext

from evidence_app.domain import evidence, frameworks, insight
from evidence_app.domain.access import Action
from evidence_app.domain.insight import Pace
from evidence_app.extensions import actor, reading
from evidence_app.pages.evidence.facets import words_of_facets
from evidence_app.web.access import open_to
from evidence_app.web.nodes import nodes
from evidence_app.web.searching import find
from evidence_app.web.templating import day, language, today

pages = Blueprint("insight", __name__, url_prefix="/<school_key>/insight")
MOST_ROWS = 12
COUNTED = ("programme", "school_year", "subject", "document_kind", "strength")
Row = tuple[str, int, str]
"""Words, how many items, and the page that lists them."""


@dataclass(frozen=True, slots=True)
class Part:
    """Items counted by one of their facts: the rows, and how many more there are."""

    id: str
    title: str
    rows: list[Row]
    more: int = 0


@pages.get("/")
@open_to(Action.READ_COVERAGE)
def overview(school_key: str) -> str:
    """What is there in the library's own numbers, each leading to what it counts; and how it grew."""
    found = find("", facets=(*COUNTED, "node", "owner"), limit=0)
    covered, practices = insight.covered_by_month(reading(), actor(), today=today())
    filed = insight.filed_by_month(reading(), actor(), today=today())
    pace = insight.pace_to_visit(reading(), actor(), today=today())
    return render_template(
        "insight/overview.html",
        found=found,
        filed_count=evidence.count_items(reading(), actor()),
        filed=[(format_date(month.first, "LLL"), month.by_hand) for month in filed],
        months=[
            (format_date(month.first, "LLLL yyyy"), month.by_hand, month.in_bulk, there)
            for month, (_, there) in zip(filed, covered, strict=True)
        ],
        in_bulk=sum(month.in_bulk for month in filed),
        covered=[(format_date(first, "LLLL yyyy"), number) for first, number in covered],
        practices=practices,
        pace=pace,
        pace_words=_pace_words(pace) if pace else "",
        weeks=[(format_date(ended, "d LLL"), number) for ended, number in pace.by_week] if pace else [],
        parts=_parts(school_key, found.facets),
        frameworks=_frameworks(school_key, found.facets.get("node", {})),
        teams=_teams(school_key, found.facets.get("owner", {})),
    )


def _pace_words(pace: Pace) -> str:
    """One sentence: whether what was done lately is enough for what is left."""
    weeks, lately = insight.PACE_WEEKS, format_decimal(round(pace.a_week, 1))
    if not pace.left:
        return str(gettext("All answers are approved."))
    due_on = day(pace.due_on)
    if pace.due_on and pace.needed_a_week is None:
        return str(gettext("They were due on %(day)s.", day=due_on))
    if pace.is_enough and pace.due_on:
        return str(
            gettext(
                "At the pace of the last %(weeks)s weeks, %(lately)s a week, all are approved by %(done)s: in time for "
                "%(day)s.",
                weeks=weeks,
                lately=lately,
                done=day(pace.done_on),
                day=due_on,
            )
        )
    if pace.due_on:
        return str(
            gettext(
                "To be done by %(day)s, %(needed)s a week have to be approved; in the last %(weeks)s weeks it was "
                "%(lately)s.",
                day=due_on,
                needed=pace.needed_a_week,
                weeks=weeks,
                lately=lately,
            )
        )
    return str(
        gettext(
            "In the last %(weeks)s weeks %(lately)s a week were approved. Give the evaluation the date of its visit, "
            "and it is said here whether that is enough.",
            weeks=weeks,
            lately=lately,
        )
    )


def _parts(school_key: str, counts: Mapping[str, Mapping[str, int]]) -> list[Part]:
    """What there is by each of the facts that are counted, without those that no item has."""
    titles = {
        "programme": gettext("By programme"),
        "school_year": gettext("By school year"),
        "subject": gettext("By subject"),
        "document_kind": gettext("By kind of document"),
        "strength": gettext("By strength"),
    }
    words, parts = words_of_facets({}), []
    for name in COUNTED:
        found = counts.get(name, {})
        by_value = name in ("school_year", "strength")
        ordered = sorted(found) if by_value else sorted(found, key=lambda value: (-found[value], value))
        rows = [(words[name](value), found[value], _library(school_key, name, value)) for value in ordered]
        if rows:
            # Of years the last ones stay, of everything else the most frequent.
            shown = rows[-MOST_ROWS:] if name == "school_year" else rows[:MOST_ROWS]
            parts.append(Part(name, titles[name], shown, len(rows) - len(shown)))
    return parts


def _frameworks(school_key: str, counts: Mapping[str, int]) -> list[Part]:
    """The frameworks that no self-study answers, as the learner profile, with what each of their first nodes has."""
    return [
        Part(
            catalogue.key,
            catalogue.name(language()),
            [
                (nodes()[n.key].label, counts.get(n.key, 0), _library(school_key, "node", n.key))
                for n in catalogue.roots
            ],
        )
        for catalogue in frameworks.followed(reading(), actor().school_id)
        if not catalogue.answered_level
    ]


def _teams(school_key: str, counts: Mapping[str, int]) -> list[Row]:
    """What the people of each group filed."""
    return [
        (
            team.group.name,
            sum(counts.get(person_id, 0) for person_id in team.person_ids),
            _library(school_key, "owner", *team.person_ids),
        )
        for team in insight.teams_of(reading(), actor())
    ]


def _library(school_key: str, name: str, *values: str) -> str:
    asked: dict[str, Any] = {name: list(values)}
    return url_for("evidence.library", school_key=school_key, **asked)
