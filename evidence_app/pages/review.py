"""The queue of proposed tags: preview beside decision, by keyboard and in bulk."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from evidence_app.domain import evidence, extraction, frameworks, suggesting, tagging
from evidence_app.domain.access import Action
from evidence_app.domain.accounts import names_of
from evidence_app.domain.tagging import TaggedItem, TagState
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done
from evidence_app.web.templating import language

pages = Blueprint("review", __name__, url_prefix="/<school_key>/review")
TEXT_SHOWN = 12_000


@pages.get("/")
@open_to(Action.REVIEW_TAGS)
def queue(school_key: str) -> str:
    waiting = tagging.review_queue(reading(), actor())
    if not waiting:
        return render_template("review/empty.html")
    wanted = request.args.get("tag", "")
    place = next((n for n, one in enumerate(waiting) if one.tag.id == wanted), 0)
    return render_template("review/queue.html", **_beside(waiting, place))


@pages.post("/<tag_id>")
@open_to(Action.REVIEW_TAGS)
def decide(school_key: str, tag_id: str) -> Response:
    strength = request.form.get("strength", "")
    state = {"accept": TagState.ACCEPTED, "return": TagState.RETURNED, "undo": TagState.PROPOSED}.get(
        request.form.get("do", "")
    )
    if request.form.get("do") == "retag":
        with unit_of_work() as session:
            tagging.retag(session, actor=actor(), tag_id=tag_id, node_key=request.form.get("node_key", ""))
        return redirect(url_for("review.queue", school_key=school_key, tag=tag_id))
    if state is None:
        abort(400)
    with unit_of_work() as session:
        tagging.review(
            session,
            actor=actor(),
            tag_ids=[tag_id],
            state=state,
            strength=int(strength) if strength.isdigit() else None,
            reply=request.form.get("word", ""),
        )
    if state != TagState.PROPOSED:
        words = gettext("Accepted.") if state == TagState.ACCEPTED else gettext("Returned with your word.")
        say_done(words, undo_url=url_for("review.decide", school_key=school_key, tag_id=tag_id), do="undo")
    following = request.form.get("next", "") if state != TagState.PROPOSED else tag_id
    return redirect(url_for("review.queue", school_key=school_key, tag=following or None))


@pages.post("/accept")
@open_to(Action.REVIEW_TAGS)
def accept_several(school_key: str) -> Response:
    chosen = request.form.getlist("tag")
    with unit_of_work() as session:
        tagging.review(session, actor=actor(), tag_ids=chosen, state=TagState.ACCEPTED)
    say_done(ngettext("%(num)s tag accepted.", "%(num)s tags accepted.", len(chosen)))
    return redirect(url_for("review.queue", school_key=school_key))


def _beside(waiting: list[TaggedItem], place: int) -> dict[str, object]:
    """What the page shows beside the queue: the item in full, the tag, who proposed it, what else there is."""
    now = waiting[place]
    school_id = actor().school_id
    catalogues = frameworks.followed(reading(), school_id)
    nodes = {n.key: n for catalogue in catalogues for n in catalogue}
    version = evidence.current_version(reading(), now.item)
    versions = evidence.current_versions(reading(), school_id, [one.item for one in waiting])
    text = extraction.text_of(reading(), version)
    others = [t for t in tagging.evidence_for(reading(), actor(), [now.tag.node_key]) if t.tag.state == "accepted"]
    return {
        "waiting": waiting,
        "now": now,
        "nodes": nodes,
        "practices": [(n.key, f"{n.code} {n.label(language())}") for n in catalogues[0].practices()],
        "before": waiting[place - 1].tag.id if place else "",
        "after": waiting[place + 1].tag.id if place + 1 < len(waiting) else "",
        "version": version,
        "versions": versions,
        "thumbnails": extraction.thumbnails_of(reading(), school_id, [v.id for v in versions.values()]),
        "pictures": [p for p in extraction.previews_of(reading(), version) if p.page > 0],
        "text": text.text[:TEXT_SHOWN] if text else "",
        "names": names_of(reading(), school_id, {one.tag.tagged_by for one in waiting}),
        "suggestions": suggesting.suggestions_for(reading(), actor(), [now.item.id]).get(now.item.id, []),
        "others": others,
    }
