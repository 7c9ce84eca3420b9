"""Series: files that belong together made one item, and its order, captions and files changed."""

from __future__ import annotations

from dataclasses import replace

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from evidence_app.domain import evidence, intake
from evidence_app.domain.access import Action
from evidence_app.domain.evidence import Item, PartFile, Version
from evidence_app.errors import AppError, Conflict, Invalid, NotFound
from evidence_app.extensions import actor, backends, reading, unit_of_work
from evidence_app.i18n import msg
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.changing import own_item, to_item
from evidence_app.pages.evidence.filing_form import answered_id, filing_url, together_form
from evidence_app.pages.evidence.preview import part_views
from evidence_app.pages.evidence.storing import store_upload
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done, say_trouble
from evidence_app.web.templating import language
from storage_adapters import Blob

CHANGED = msg("Somebody changed this series meanwhile. Nothing was changed; look at it and try again.")


@pages.get("/new/together")
@open_to(Action.FILE_EVIDENCE)
def together(school_key: str) -> str:
    """The choice to make one item of the files of the batch; empty where there are fewer than two."""
    return render_template("evidence/_together.html", **together_form(answered_id()))


@pages.post("/new/together")
@open_to(Action.FILE_EVIDENCE)
def join(school_key: str) -> Response:
    """The chosen files of the batch are one item now; its page for order and captions comes next."""
    chosen, title = request.form.getlist("part"), request.form.get("title", "")
    try:
        blob = _store_list(evidence.files_of_items(reading(), actor(), chosen))
        with unit_of_work() as work:
            joined = intake.join_batch(work, actor=actor(), item_ids=chosen, blob=blob, title=title)
    except (Invalid, Conflict) as error:
        say_trouble(error.message.in_language(language()))
        return redirect(filing_url(answered_id()))
    say_done(gettext("They are one item now. Say what each of them shows, then go on filing."))
    return redirect(url_for("evidence.series", school_key=school_key, item_id=joined.id))


@pages.get("/<item_id>/series")
@open_to(Action.FILE_EVIDENCE)
def series(school_key: str, item_id: str) -> str:
    found, version = _own_series(item_id)
    return _series_page(found, version, _files(version))


@pages.post("/<item_id>/series")
@open_to(Action.FILE_EVIDENCE)
def arrange(school_key: str, item_id: str) -> str | Response:
    """A press on up, down or remove shows the new order, and the rest keeps what was typed; Save makes it a version."""
    found, version = _own_series(item_id)
    files = _posted(version)
    if "move" in request.form:
        return _series_page(found, version, _moved(files, request.form["move"]))
    title = request.form.get("title", found.title)
    try:
        if request.form.get("on") != version.id:
            raise Conflict(CHANGED)
        is_same = files == _files(version)
        blob = _store_list(files)
        with unit_of_work() as work:
            if not is_same:
                evidence.arrange(work, actor=actor(), item_id=item_id, on_version_id=version.id, blob=blob, parts=files)
            if title.strip() != found.title:
                facts = replace(evidence.facts_of(found), title=title)
                evidence.update_facts(work, actor=actor(), item_id=item_id, facts=facts)
    except AppError as error:
        say_trouble(error.message.in_language(language()))
        return make_response(_series_page(found, version, files, title), 422)
    if is_same:
        say_done(gettext("Saved."))
    else:
        _say_arranged(school_key, item_id, version, gettext("Saved. The order before stays as an earlier version."))
    return _onwards(school_key, item_id)


@pages.post("/<item_id>/series/files")
@open_to(Action.FILE_EVIDENCE)
def add_parts(school_key: str, item_id: str) -> Response:
    """The files sent along stand at the end of the series."""
    _found, version = _own_series(item_id)
    try:
        uploads = [file for file in request.files.getlist("files") if file.filename]
        if not uploads:
            raise Invalid(msg("Choose a file first."), field="files")
        new = [_as_part(store_upload(file)) for file in uploads]
        files = [*_files(version), *new]
        blob = _store_list(files)
        with unit_of_work() as work:
            evidence.arrange(work, actor=actor(), item_id=item_id, on_version_id=version.id, blob=blob, parts=files)
    except (Invalid, Conflict) as error:
        say_trouble(error.message.in_language(language()))
    else:
        words = ngettext("%(num)d file added at the end.", "%(num)d files added at the end.", len(new))
        _say_arranged(school_key, item_id, version, words)
    return redirect(url_for("evidence.series", school_key=school_key, item_id=item_id))


def _as_part(file: intake.StoredFile) -> PartFile:
    return PartFile(
        sha256=file.blob.sha256, size_bytes=file.blob.size_bytes, media_type=file.media_type, file_name=file.name
    )


def _own_series(item_id: str) -> tuple[Item, Version]:
    found = own_item(item_id)
    version = evidence.current_version(reading(), found)
    if not version.is_series:
        raise NotFound(msg("This item is one file. Only a series has an order and captions."))
    return found, version


def _files(version: Version) -> list[PartFile]:
    return [part.as_file() for part in evidence.parts_of(reading(), version)]


def _posted(version: Version) -> list[PartFile]:
    """The series as the form has it: its order, its captions, and only what is still listed."""
    there = {file.part_id: file for file in _files(version)}
    listed = [there[id] for id in dict.fromkeys(request.form.getlist("part")) if id in there]
    return [replace(file, caption=request.form.get(f"caption-{file.part_id}", "").strip()) for file in listed]


def _moved(files: list[PartFile], press: str) -> list[PartFile]:
    """The files after one of the buttons was pressed, which say what to do with which part: "up-…"."""
    what, _dash, part_id = press.partition("-")
    at = next((n for n, file in enumerate(files) if file.part_id == part_id), None)
    if at is None:
        return files
    moved = files[:at] + files[at + 1 :]
    if what == "remove":
        return moved if len(files) > evidence.FEWEST_PARTS else files
    moved.insert(max(0, at - 1) if what == "up" else at + 1, files[at])
    return moved


def _series_page(found: Item, version: Version, files: list[PartFile], title: str | None = None) -> str:
    views = {view.id: view for view in part_views(found, version)}
    return render_template(
        "evidence/series.html",
        item=found,
        version=version,
        title=request.form.get("title", found.title) if title is None else title,
        rows=[(views[file.part_id], file.caption) for file in files],
        is_changed=files != _files(version),
        in_batch=intake.is_in_batch(reading(), actor(), found.id),
        fewest=evidence.FEWEST_PARTS,
    )


def _store_list(files: list[PartFile]) -> Blob:
    return backends().blobs.put(actor().school_id, [evidence.list_of(files)])


def _say_arranged(school_key: str, item_id: str, before: Version, words: str) -> None:
    undo = url_for("evidence.bring_back", school_key=school_key, item_id=item_id, version_id=before.id)
    say_done(words, undo_url=undo)


def _onwards(school_key: str, item_id: str) -> Response:
    """Back to the filing it is part of, or to its page."""
    if intake.is_in_batch(reading(), actor(), item_id):
        asked = intake.card_of(reading(), actor(), item_id).asked
        return redirect(filing_url(asked.id if asked else ""))
    return to_item(item_id)
