"""The queue of proposed tags: preview beside decision, by keyboard and in bulk."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from evidence_app.domain import evidence, extraction, suggesting, tagging
from evidence_app.domain.access import Action
from evidence_app.domain.accounts import names_of
from evidence_app.domain.tagging import Tag, TaggedItem, TagState
from evidence_app.errors import Conflict, Invalid
from evidence_app.extensions import actor, reading, school, unit_of_work
from evidence_app.pages.evidence.preview import preview_of
from evidence_app.web.access import open_to
from evidence_app.web.documents import sign_of
from evidence_app.web.flashes import say_done
from evidence_app.web.nodes import nodes
from evidence_app.web.templating import language
from evidence_app.web.undoing import done_to, undoable

pages = Blueprint("review", __name__, url_prefix="/<school_key>/review")
SUGGESTIONS_SHOWN = 2
STATES = {"accept": TagState.ACCEPTED, "return": TagState.RETURNED}


@pages.get("/")
@open_to(Action.REVIEW_TAGS)
def queue(school_key: str) -> str:
    return _queue_page(request.args.get("tag", ""))


@pages.post("/<tag_id>")
@open_to(Action.REVIEW_TAGS)
def decide(school_key: str, tag_id: str) -> Response:
    wanted = request.form.get("do", "")
    try:
        if wanted == "retag":
            return _move(tag_id, request.form.get("node_key", ""))
        if wanted not in STATES:
            abort(400)
        titles, acts = _decide([tag_id], STATES[wanted])
        if not titles:
            raise Conflict(tagging.DECIDED_ALREADY)
    except (Invalid, Conflict) as error:
        page = _queue_page(tag_id, wrong=error.message.in_language(language()))
        return make_response(page, 422)
    done = gettext("Accepted “%(title)s”", title=titles[0])
    back = gettext("Returned “%(title)s” with your word", title=titles[0])
    _say(done if wanted == "accept" else back, acts)
    return redirect(_queue_url(request.form.get("next")))


@pages.post("/accept")
@open_to(Action.REVIEW_TAGS)
def accept_several(school_key: str) -> Response:
    titles, acts = _decide(request.form.getlist("tag"), TagState.ACCEPTED)
    if titles:
        _say(ngettext("%(num)s tag accepted", "%(num)s tags accepted", len(titles)), acts)
    return redirect(_queue_url())


@pages.post("/undo")
@open_to(Action.REVIEW_TAGS)
def undo(school_key: str) -> Response:
    """What was decided waits again: the asker's decisions at these places of the log, or the `tags` named."""
    named = [id for id in request.form.get("tags", "").split(",") if id]
    tag_ids = done_to(request.form.get("acts", ""), "tagging.review") or named
    with unit_of_work() as session:
        tagging.review(session, actor=actor(), tag_ids=tag_ids, state=TagState.PROPOSED)
    return redirect(_queue_url(tag_ids[0] if tag_ids else None))


def _move(tag_id: str, node_key: str) -> Response:
    with unit_of_work() as session:
        moved = tagging.retag(session, actor=actor(), tag_id=tag_id, node_key=node_key).node_key
    say_done(gettext("It shows “%(practice)s” now. Decide on that.", practice=nodes()[moved].label))
    return redirect(_queue_url(tag_id))


def _decide(tag_ids: Sequence[str], state: TagState) -> tuple[list[str], str]:
    """The titles of the items whose tags were decided, as the form says, and where in the log that stands."""
    strength = request.form.get("strength", "")
    with undoable() as doing:
        session = doing.session
        decided: list[Tag] = tagging.review(
            session,
            actor=actor(),
            tag_ids=tag_ids,
            state=state,
            strength=int(strength) if strength in ("0", "1", "2", "3") else None,
            reply=request.form.get("word", ""),
            only_waiting=True,
        )
        items = evidence.items_by_id(session, actor(), {tag.item_id for tag in decided})
    return [items[tag.item_id].title for tag in decided], doing.places


def _say(words: str, acts: str) -> None:
    undo_url = url_for("review.undo", school_key=school().key)
    say_done(words, undo_url=undo_url, undo_key="U", acts=acts, only=_only())


def _only() -> str:
    """What the queue is narrowed to: "node NODE_KEY" or "folder NAME"; empty for all of it."""
    asked = request.values.get("only", "")
    return asked if asked.partition(" ")[0] in ("node", "folder") else ""


def _queue_url(tag_id: str | None = None) -> str:
    """The queue as it is narrowed now, with one tag open."""
    return url_for("review.queue", school_key=school().key, only=_only() or None, tag=tag_id or None)


def _narrowed() -> tuple[str, str | None]:
    """The node and the folder the queue is narrowed to: of one of them at most."""
    kind, _space, name = _only().partition(" ")
    return name if kind == "node" else "", name if kind == "folder" else None


def _groups() -> list[tuple[str, list[tuple[str, str, int]]]]:
    """What the queue can be narrowed to: title -> value, words and how many wait; nothing where there is no choice."""
    by_node, by_folder = tagging.queue_groups(reading(), actor())
    practices = [(f"node {key}", nodes()[key].label, count) for key, count in by_node.items()]
    folders = [(f"folder {name}", name or gettext("In no folder"), count) for name, count in by_folder.items()]
    offered = [(gettext("Practice"), practices), (gettext("Folder"), folders)]
    return [(title, choices) for title, choices in offered if len(choices) > 1]


def _queue_page(wanted: str, wrong: str = "") -> str:
    """The queue with one tag open: the one wanted, or the one that waits longest."""
    node_key, folder = _narrowed()
    waiting = tagging.review_queue(reading(), actor(), node_key=node_key, folder=folder)
    if not waiting and _only():
        # The group is done: what else there is comes next.
        waiting = tagging.review_queue(reading(), actor())
    if not waiting:
        return render_template("review/empty.html")
    place = next((n for n, one in enumerate(waiting) if one.tag.id == wanted), 0)
    return render_template("review/queue.html", wrong=wrong, **_beside(waiting, place))


def _count() -> int:
    """How many wait in the queue as it is narrowed, or in all of it when that group is done."""
    node_key, folder = _narrowed()
    narrowed = tagging.count_waiting(reading(), actor(), node_key=node_key, folder=folder)
    return narrowed or tagging.count_waiting(reading(), actor())


def _beside(waiting: list[TaggedItem], place: int) -> dict[str, object]:
    """What the page shows beside the queue: the item in full, the tag, who proposed it, what else there is."""
    now, school_id = waiting[place], actor().school_id
    version = evidence.current_version(reading(), now.item)
    versions = evidence.current_versions(reading(), school_id, [one.item for one in waiting])
    others = [t for t in tagging.evidence_for(reading(), actor(), [now.tag.node_key]) if t.tag.state == "accepted"]
    suggested = suggesting.suggestions_for(reading(), actor(), [now.item.id]).get(now.item.id, [])
    return {
        "waiting": waiting,
        "total": _count(),
        "only": _only(),
        "groups": _groups(),
        "now": now,
        "nodes": nodes(),
        "choices": nodes().choices(),
        "before": waiting[place - 1].tag.id if place else "",
        "after": waiting[place + 1].tag.id if place + 1 < len(waiting) else "",
        "versions": versions,
        "signs": {one.item.id: sign_of(one.item, versions[one.item.id].media_type) for one in waiting},
        "thumbnails": extraction.thumbnails_of(reading(), school_id, [v.id for v in versions.values()]),
        "item": now.item,
        "sign": sign_of(now.item, version.media_type),
        "preview": preview_of(now.item, version),
        "names": names_of(reading(), school_id, {one.tag.tagged_by for one in waiting}),
        "suggestions": [one for one in suggested if one.node_key != now.tag.node_key][:SUGGESTIONS_SHOWN],
        "others": others,
    }
