"""Two texts side by side: the history of an answer, and what to do when two people wrote at once."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from evidence_app.domain import selfstudy
from evidence_app.domain.access import Action
from evidence_app.domain.selfstudy import ResponsePage, RevisionLine, Words, Written
from evidence_app.errors import NotFound
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.i18n import Message, msg
from evidence_app.pages.study.blueprint import pages
from evidence_app.pages.study.desk import answer_url, desk
from evidence_app.web.access import open_to
from evidence_app.web.differences import Stretch, differences
from evidence_app.web.flashes import say_done
from evidence_app.web.templating import language

PARTS: dict[str, Message] = {
    "rating": msg("Where are we?"),
    "narrative": msg("Why we think so"),
    "strengths": msg("Strengths"),
    "next_steps": msg("Next steps"),
}


@dataclass(frozen=True, slots=True)
class PartView:
    """One part of an answer in two states. `start` is what a writer who joins both begins with."""

    name: str
    label: Message
    theirs: str
    mine: str
    start: str
    is_clash: bool
    changes: tuple[tuple[Stretch, ...], ...]


@pages.get("/<evaluation_id>/answers/<response_id>/compare")
@open_to(Action.WRITE_STUDY)
def compare(school_key: str, evaluation_id: str, response_id: str) -> str | Response:
    """The asker's words beside those that are saved: their draft, or the revision `kept` aside, begun from `base`."""
    page = selfstudy.response_page(reading(), actor(), response_id)
    mine, base = _mine(page)
    if mine is None:
        return redirect(answer_url(evaluation_id, response_id))
    return render_template(
        "study/compare.html",
        page=page,
        parts=parts_between(page, words_at(page, base) or page.response.words, mine),
        is_draft="kept" not in request.args,
        desk=desk(evaluation_id, programme=page.response.programme, here=page.response.node_key),
        levels=_levels(page),
    )


@pages.get("/<evaluation_id>/answers/<response_id>/history")
@open_to(Action.READ_STUDY)
def history(school_key: str, evaluation_id: str, response_id: str) -> str:
    """Every revision, and what one of them (the newest unless named) changed."""
    page = selfstudy.response_page(reading(), actor(), response_id)
    lines = selfstudy.history(reading(), actor(), response_id)
    chosen = _chosen(lines)
    before = _before(lines, chosen) if chosen else Words()
    return render_template(
        "study/history.html",
        page=page,
        lines=lines,
        chosen=chosen,
        parts=_changes(page, before, chosen.revision.words) if chosen else [],
        desk=desk(evaluation_id, programme=page.response.programme, here=page.response.node_key),
    )


@pages.post("/<evaluation_id>/answers/<response_id>/restore")
@open_to(Action.WRITE_STUDY)
def restore(school_key: str, evaluation_id: str, response_id: str) -> Response:
    number, base = request.form.get("number", 0, type=int), request.form.get("revision", 0, type=int)
    with unit_of_work() as work:
        written = selfstudy.restore_revision(
            work, actor=actor(), response_id=response_id, number=number, base_revision=base
        )
        clash = written.conflict.number if written.conflict else 0
    if clash:
        where = {**(request.view_args or {}), "kept": clash, "base": base}
        return redirect(url_for("study.compare", **where))
    say_done(said_saved(written, gettext("Version %(number)s stands again, as a new version.", number=number)))
    return redirect(answer_url(evaluation_id, response_id))


def said_saved(written: Written, done: str) -> str:
    """What is said after saving: that it is done, and that it took an approval back."""
    return f"{done} {gettext('Its approval is taken back: it is in review again.')}" if written.was_approved else done


def clashes(page: ResponsePage, mine: Words, base: int) -> bool:
    """Whether words begun from a revision could not be joined with those that are saved now."""
    if base == page.response.revision:
        return False
    before = words_at(page, base)
    return before is not None and any(part.is_clash for part in parts_between(page, before, mine))


def words_at(page: ResponsePage, number: int) -> Words | None:
    """What the answer said in a revision; None for one there never was."""
    if number in (0, page.response.revision):
        return page.response.words if number else Words()
    lines = selfstudy.history(reading(), actor(), page.response.id)
    return next((line.revision.words for line in lines if line.revision.number == number), None)


def parts_between(page: ResponsePage, before: Words, mine: Words) -> list[PartView]:
    """The parts of an answer: as saved now, and as the writer wants them who began from `before`."""
    theirs = page.response.words
    return [_part(page, name, *(getattr(words, name) for words in (before, theirs, mine))) for name in PARTS]


def _part(
    page: ResponsePage, name: str, before: str | int | None, theirs: str | int | None, mine: str | int | None
) -> PartView:
    start = theirs if mine == before else mine
    shown = [_in_words(page, name, value) for value in (theirs, mine)]
    return PartView(
        name=name,
        label=PARTS[name],
        theirs=shown[0],
        mine=shown[1],
        start=str(start or ""),
        is_clash=mine not in (before, theirs) and theirs != before,
        changes=tuple(differences(*shown)) if theirs != mine else (),
    )


def _in_words(page: ResponsePage, name: str, value: str | int | None) -> str:
    """A part as text; a rating by its name."""
    if name != "rating" or value is None:
        return str(value or "")
    return page.scale.level(int(value)).label(language()) if page.scale else str(value)


def _mine(page: ResponsePage) -> tuple[Words | None, int]:
    """The words the asker wants to see beside the saved ones, and the revision they were begun from."""
    number = request.args.get("kept", 0, type=int)
    if number:
        words = words_at(page, number)
        if words is None:
            raise NotFound(msg("This answer has no version %(number)s.", number=number))
        return words, request.args.get("base", page.response.revision, type=int)
    if page.draft is None:
        return None, 0
    return page.draft.words, page.draft.base_revision


def _chosen(lines: list[RevisionLine]) -> RevisionLine | None:
    number = request.args.get("number", 0, type=int)
    return next((line for line in lines if line.revision.number == number), lines[0] if lines else None)


def _before(lines: list[RevisionLine], chosen: RevisionLine) -> Words:
    """What the answer said before a revision: the last one before it that was put in."""
    earlier = (line.revision for line in lines if line.revision.number < chosen.revision.number)
    return next((revision.words for revision in earlier if not revision.is_aside), Words())


def _changes(page: ResponsePage, before: Words, after: Words) -> list[tuple[Message, list[tuple[Stretch, ...]]]]:
    """The parts that differ, each with its lines."""
    found = []
    for name, label in PARTS.items():
        texts = [_in_words(page, name, getattr(words, name)) for words in (before, after)]
        if texts[0] != texts[1]:
            found.append((label, differences(*texts)))
    return found


def _levels(page: ResponsePage) -> list[tuple[int, str]]:
    steps = page.scale.levels if page.scale else ()
    return [(step.value, step.label(language())) for step in steps]
