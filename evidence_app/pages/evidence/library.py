"""The library: what the school has, found by words and by facets; and the bin."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import ceil

from flask import redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from evidence_app.domain import accounts, evidence, extraction, intake, search, tagging, upkeep
from evidence_app.domain.access import Action
from evidence_app.domain.evidence import Item, Version, Visibility
from evidence_app.domain.extraction import PreviewImage, VersionText
from evidence_app.domain.search import Found, Piece, Sort
from evidence_app.domain.tagging import TagState
from evidence_app.errors import AppError
from evidence_app.extensions import actor, may, reading, school, unit_of_work
from evidence_app.i18n import msg
from evidence_app.pages.evidence.asking import FILTERS, RESULTS_ON_A_PAGE, Question
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.changing import to_item
from evidence_app.pages.evidence.facets import (
    active_filters,
    facets_of,
    milestone_tree,
    owners_in,
    practice_tree,
    words_of_facets,
)
from evidence_app.pages.evidence.results import result_url
from evidence_app.pages.evidence.saved_searches import recent_searches, remember, saved_searches
from evidence_app.web.access import open_to
from evidence_app.web.documents import kind_words, programme_words, sign_of
from evidence_app.web.flashes import say_done, say_trouble
from evidence_app.web.fragments import wants_fragment
from evidence_app.web.nodes import NodeWords, nodes
from evidence_app.web.searching import find, more_like
from evidence_app.web.templating import language
from evidence_app.web.undoing import done_to, undoable

TAGS_SHOWN = 4
SHARED_SHOWN = 5
ORDERS = (
    (Sort.RELEVANCE, msg("Best match")),
    (Sort.NEWEST_RECEIVED, msg("Newest filed")),
    (Sort.OLDEST_RECEIVED, msg("Oldest filed")),
    (Sort.NEWEST_SHOWN, msg("Newest time shown")),
    (Sort.STRONGEST, msg("Strongest")),
)


@dataclass(frozen=True, slots=True)
class ResultView:
    """One result as the template draws it. `begun_for` is the request that something not saved yet answers, or ""."""

    item: Item
    url: str
    title: tuple[Piece, ...]
    meta: list[str]
    snippet: tuple[Piece, ...]
    elsewhere: search.Elsewhere | None
    page_number: int | None
    shared: tuple[str, ...]
    like_url: str
    tags: list[tuple[NodeWords, str]]
    strength: int | None
    waiting: bool
    thumb_url: str
    is_wide: bool
    sign: str
    begun_for: str | None


@pages.get("/")
@open_to(Action.READ_EVIDENCE)
def library(school_key: str) -> str | Response:
    """The library; while somebody types, only what was found. A page past the last leads to the last."""
    question = Question.read(request.args)
    found = _answer(question)
    if question.offset >= found.total > 0:
        return redirect(question.on_page(ceil(found.total / RESULTS_ON_A_PAGE)).url)
    if not wants_fragment():
        remember(question)
    part = "_found" if wants_fragment() else "library"
    return render_template(f"evidence/{part}.html", **_page(question, found))


@pages.post("/chosen")
@open_to(Action.TAG_EVIDENCE)
def change_chosen(school_key: str) -> Response:
    """One thing done to all that were ticked, or to none of them."""
    chosen = list(dict.fromkeys(request.form.getlist("item")))
    try:
        if not chosen:
            say_trouble(gettext("Tick what you mean first."), tone="wait")
        else:
            _DO.get(request.form.get("do", ""), _tag_chosen)(chosen)
    except AppError as error:
        say_trouble(error.message.in_language(language()))
    return redirect(Question.read(request.form).url)


@pages.post("/<item_id>/withdraw")
@open_to(Action.FILE_EVIDENCE)
def withdraw(school_key: str, item_id: str) -> Response:
    _withdraw_chosen([item_id])
    return redirect(url_for("evidence.library", school_key=school_key))


@pages.get("/bin")
@open_to(Action.FILE_EVIDENCE)
def bin(school_key: str) -> str:
    items = evidence.items_in_bin(reading(), actor())
    erasable = {item.id for item in items if upkeep.may_erase(reading(), actor(), item)}
    return render_template("evidence/bin.html", results=_views_of_items(items), erasable=erasable)


@pages.post("/restore")
@open_to(Action.FILE_EVIDENCE)
def restore(school_key: str) -> Response:
    """What was withdrawn, in use again: the way back of the toast, and of the bin."""
    ids = done_to(request.form.get("acts", ""), "evidence.withdraw") or request.form.get("items", "").split()
    with unit_of_work() as work:
        for item_id in ids:
            evidence.restore(work, actor=actor(), item_id=item_id)
    say_done(
        ngettext("%(num)d is back, with everything it had.", "%(num)d are back, with everything they had.", len(ids))
    )
    return to_item(ids[0]) if len(ids) == 1 else redirect(url_for("evidence.library", school_key=school_key))


def _tag_chosen(ids: Collection[str]) -> None:
    node_key, note = request.form.get("node_key", ""), request.form.get("note", "")
    with unit_of_work() as work:
        for item_id in ids:
            tagging.attach(work, actor=actor(), item_id=item_id, node_key=node_key, note=note)
    say_done(ngettext("%(num)d tagged.", "%(num)d tagged.", len(ids)))


def _show_chosen_to(ids: Collection[str]) -> None:
    asked = request.form.get("visibility", "")
    visibility = Visibility(asked) if asked in set(Visibility) else Visibility.STAFF
    with unit_of_work() as work:
        evidence.set_visibility(work, actor=actor(), item_ids=ids, visibility=visibility)
    say_done(ngettext("Changed for %(num)d.", "Changed for %(num)d.", len(ids)))
    if visibility == Visibility.PRIVATE:
        words = gettext(
            "Only custodians open these now: mostly the one who filed each. Have a second one named on each."
        )
        say_trouble(words, tone="wait")


def _withdraw_chosen(ids: Collection[str]) -> None:
    with undoable() as doing:
        evidence.withdraw(doing.session, actor=actor(), item_ids=ids)
    words = ngettext("%(num)d withdrawn. It stays in the bin.", "%(num)d withdrawn. They stay in the bin.", len(ids))
    say_done(words, undo_url=url_for("evidence.restore", school_key=school().key), acts=doing.places)


_DO = {"tag": _tag_chosen, "visibility": _show_chosen_to, "withdraw": _withdraw_chosen}


def _answer(question: Question) -> search.FoundPage:
    if question.like:
        return more_like(question.like, limit=RESULTS_ON_A_PAGE)
    return find(
        question.text,
        filters=question.filters,
        facets=FILTERS,
        sort=question.sort,
        limit=RESULTS_ON_A_PAGE,
        offset=question.offset,
        mend=True,
    )


def _page(question: Question, found: search.FoundPage) -> dict[str, object]:
    owners = {hit.item.owner_id for hit in found.hits} | owners_in(question, found.facets)
    names = accounts.names_of(reading(), school().id, owners)
    words = words_of_facets(names)
    return {
        "question": question,
        "fragment": wants_fragment(),
        "found": found,
        "results": _views(found.hits, question, names),
        "is_empty": question.is_open and not found.total and not evidence.has_items(reading(), actor()),
        "facets": facets_of(question, found.facets, words),
        "practices": practice_tree(question, found.facets),
        "milestones": milestone_tree(question, found.facets),
        "filters": active_filters(question, words),
        "orders": ORDERS,
        "choices": nodes().choices(),
        "visibilities": _visibilities(),
        "in_batch": intake.count_in_batch(reading(), actor()),
        "searches": saved_searches(),
        "recent": recent_searches(),
        "like": evidence.item(reading(), actor(), question.like) if question.like else None,
        "first": question.offset + 1,
        "last": question.offset + len(found.hits),
    }


def _visibilities() -> list[Visibility]:
    return [v for v in Visibility if v != Visibility.PUBLIC or may(Action.RELEASE_EVIDENCE)]


def _views(hits: Collection[Found], question: Question, names: Mapping[str, str]) -> list[ResultView]:
    items = [hit.item for hit in hits]
    thumbs = extraction.thumbnails_of(reading(), school().id, [hit.version.id for hit in hits])
    begun = intake.begun_among(reading(), actor(), [i.id for i in items])
    return [
        _view(
            hit,
            question,
            at,
            names.get(hit.item.owner_id, ""),
            thumbs.get(hit.version.id),
            begun.get(hit.item.id),
        )
        for at, hit in enumerate(hits, question.offset)
    ]


def _view(
    hit: Found, question: Question, at: int, owner: str, thumb: PreviewImage | None, begun_for: str | None
) -> ResultView:
    accepted = [tag for tag in hit.tags if tag.state == TagState.ACCEPTED]
    return ResultView(
        item=hit.item,
        url=result_url(question, hit, at),
        title=hit.title or (Piece(hit.item.title, False),),
        meta=_meta(hit.item, hit.version, hit.text, owner),
        snippet=_snippet(hit, question),
        elsewhere=hit.elsewhere if question.text else None,
        page_number=hit.page_number if question.text or question.like else None,
        shared=hit.shared[:SHARED_SHOWN],
        like_url=Question(like=hit.item.id).url,
        tags=[
            (nodes()[tag.node_key], Question(filters={"node": (tag.node_key,)}).url) for tag in hit.tags[:TAGS_SHOWN]
        ],
        strength=max((tag.strength for tag in accepted), default=None),
        waiting=any(tag.state == TagState.PROPOSED for tag in hit.tags),
        thumb_url=_thumb_url(hit.item, hit.version) if thumb else "",
        is_wide=thumb is not None and thumb.width_px > thumb.height_px,
        sign=sign_of(hit.item, hit.version.media_type),
        begun_for=begun_for,
    )


def _snippet(hit: Found, question: Question) -> tuple[Piece, ...]:
    if question.text or question.like:
        return hit.snippet
    return (Piece(hit.item.purpose, False),) if hit.item.purpose else ()


def _meta(item: Item, version: Version, text: VersionText | None, owner: str) -> list[str]:
    number = gettext("version %(number)d", number=version.number) if version.number > 1 else ""
    return [kind_words(item, version, text), programme_words(item), owner, number]


def _thumb_url(item: Item, version: Version) -> str:
    return url_for("evidence.picture", school_key=school().key, item_id=item.id, version_id=version.id, page=0)


def _views_of_items(items: list[Item]) -> list[tuple[Item, list[str], str, str]]:
    """Items of the bin: each with its line, the address of its thumbnail and its sign."""
    versions = evidence.current_versions(reading(), school().id, items)
    version_ids = [v.id for v in versions.values()]
    texts = extraction.texts_of(reading(), school().id, version_ids)
    thumbs = extraction.thumbnails_of(reading(), school().id, version_ids)
    names = accounts.names_of(reading(), school().id, {i.owner_id for i in items})
    views = []
    for item in items:
        version = versions[item.id]
        meta = _meta(item, version, texts.get(version.id), names.get(item.owner_id, ""))
        url = _thumb_url(item, version) if version.id in thumbs else ""
        views.append((item, meta, url, sign_of(item, version.media_type)))
    return views
