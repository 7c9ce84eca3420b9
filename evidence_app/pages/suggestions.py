"""Suggestions for a whole school, by practice or by folder: taken or left many at once, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from evidence_app.domain import evidence, extraction, suggesting, tagging
from evidence_app.domain.access import Action
from evidence_app.domain.suggesting import Group, GroupedBy, SuggestedItem
from evidence_app.errors import AppError
from evidence_app.extensions import actor, reading, school, unit_of_work
from evidence_app.web.access import open_to
from evidence_app.web.documents import sign_of
from evidence_app.web.flashes import say_done, say_trouble
from evidence_app.web.nodes import NodeWords, nodes
from evidence_app.web.templating import language, say
from evidence_app.web.undoing import acts_done, undoable

pages = Blueprint("suggestions", __name__, url_prefix="/<school_key>/review/suggestions")
ROWS = 50
MOST_AT_ONCE = 200
REASONS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Which suggestions are looked at: those of one group, the sure ones or all, on a page from 1."""

    by: GroupedBy
    group: str | None
    unsure: bool
    page: int

    def url(self, **changed: object) -> str:
        """The address of this place, with some of it changed."""
        here = {"by": self.by.value, "group": self.group, "all": "1" if self.unsure else None, **changed}
        # Not `url_for`, which for some hundred folders would take longer than all else.
        return f"{request.script_root}/{school().key}/review/suggestions/?{urlencode(_said(here))}"


def _said(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group as a line of the list at the side."""

    words: NodeWords
    url: str
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class RowView:
    """One suggestion; `value` is what its tick box says."""

    shown: SuggestedItem
    node: NodeWords
    because: str
    value: str
    sign: str
    version_id: str
    has_thumbnail: bool


@pages.get("/")
@open_to(Action.REVIEW_TAGS)
def groups(school_key: str) -> str:
    place = _place()
    found = suggesting.suggestion_groups(reading(), actor(), place.by, only_sure=not place.unsure)
    here = next((one for one in found if one.key == place.group), found[0] if found else None)
    return render_template("review/suggestions.html", **_page(place, found, here))


@pages.post("/")
@open_to(Action.REVIEW_TAGS)
def decide(school_key: str) -> Response:
    """Takes or leaves what was ticked, or takes all that is sure in the group."""
    place, wanted = _place(), request.form.get("do", "")
    if wanted == "accept_sure" and place.group is not None:
        chosen = suggesting.suggestion_keys(
            reading(), actor(), place.by, place.group, only_sure=True, limit=MOST_AT_ONCE
        )
    else:
        ticked = (value.partition(" ") for value in request.form.getlist("chosen")[:MOST_AT_ONCE])
        chosen = [(item_id, node_key) for item_id, _space, node_key in ticked]
    try:
        if not chosen:
            say_trouble(gettext("Tick what you mean first."), tone="wait")
        elif wanted == "decline":
            _decline(chosen, place)
        else:
            _accept(chosen, place)
    except AppError as error:
        say_trouble(error.message.in_language(language()))
    return redirect(place.url())


@pages.post("/undo")
@open_to(Action.REVIEW_TAGS)
def undo(school_key: str) -> Response:
    """What was taken or left waits again."""
    places = request.form.get("acts", "")
    with unit_of_work() as session:
        for act in acts_done(places, "tagging.attach"):
            tagging.detach(session, actor=actor(), tag_id=act.subject_id)
        for act in acts_done(places, "suggesting.decline"):
            node_key = str(act.facts.get("node", ""))
            suggesting.take_back_decline(session, actor=actor(), item_id=act.subject_id, node_key=node_key)
    return redirect(_place().url())


def _accept(chosen: list[tuple[str, str]], place: Place) -> None:
    with undoable() as doing:
        made = suggesting.accept(doing.session, actor=actor(), chosen=chosen)
    _say(ngettext("%(num)d accepted", "%(num)d accepted", len(made)), doing.places, place)


def _decline(chosen: list[tuple[str, str]], place: Place) -> None:
    with undoable() as doing:
        # In one order, so that no two who leave out the same wait for each other.
        for item_id, node_key in sorted(chosen):
            suggesting.decline(doing.session, actor=actor(), item_id=item_id, node_key=node_key)
    _say(ngettext("%(num)d left out", "%(num)d left out", len(chosen)), doing.places, place)


def _say(words: str, acts: str, place: Place) -> None:
    undo_url = url_for("suggestions.undo", school_key=school().key)
    fields = {"by": place.by.value, "group": place.group or "", "all": "1" if place.unsure else ""}
    say_done(words, undo_url=undo_url, undo_key="U", acts=acts, **fields)


def _place() -> Place:
    asked = request.values
    by = asked.get("by", "")
    return Place(
        by=GroupedBy(by) if by in set(GroupedBy) else GroupedBy.PRACTICE,
        group=asked.get("group"),
        unsure=asked.get("all") == "1",
        page=min(max(1, asked.get("page", 1, type=int)), 10_000),
    )


def _page(place: Place, found: list[Group], here: Group | None) -> dict[str, object]:
    count = (here.waiting if place.unsure else here.sure) if here else 0
    first = (min(place.page, max(1, -(-count // ROWS))) - 1) * ROWS
    rows = _rows(place, here, first) if here else []
    return {
        "place": place,
        "here": here,
        "words": _words(place, here.key) if here else None,
        "groups": [_group(place, one, here) for one in found],
        "sure": sum(one.sure for one in found),
        "unsure": sum(one.waiting - one.sure for one in found),
        "proposed": tagging.count_waiting(reading(), actor()),
        "is_off": not school().suggests,
        "rows": rows,
        "count": count,
        "first": first + 1,
        "last": first + len(rows),
        "previous_url": place.url(page=first // ROWS) if first else None,
        "next_url": place.url(page=first // ROWS + 2) if first + ROWS < count else None,
        "most": MOST_AT_ONCE,
    }


def _group(place: Place, one: Group, here: Group | None) -> GroupView:
    count = one.waiting if place.unsure else one.sure
    return GroupView(_words(place, one.key), place.url(group=one.key, page=None), count, here is one)


def _words(place: Place, key: str) -> NodeWords:
    if place.by is GroupedBy.FOLDER:
        return NodeWords(key, key or str(gettext("In no folder")), "")
    return nodes()[key]


def _rows(place: Place, here: Group, first: int) -> list[RowView]:
    found = suggesting.suggestions_in(
        reading(), actor(), place.by, here.key, only_sure=not place.unsure, limit=ROWS, offset=first
    )
    versions = evidence.current_versions(reading(), actor().school_id, [one.item for one in found])
    pictures = extraction.thumbnails_of(reading(), actor().school_id, [v.id for v in versions.values()])
    return [
        RowView(
            shown=one,
            node=nodes()[one.suggestion.node_key],
            because="; ".join(str(say(reason.message)) for reason in one.suggestion.because[:REASONS_SHOWN]),
            value=f"{one.item.id} {one.suggestion.node_key}",
            sign=sign_of(one.item, versions[one.item.id].media_type),
            version_id=versions[one.item.id].id,
            has_thumbnail=versions[one.item.id].id in pictures,
        )
        for one in found
    ]
