"""Bytes on their way out: thumbnails, page pictures, originals. Who may not see the item gets nothing."""

from __future__ import annotations

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from evidence_app.domain import evidence, extraction, scanning
from evidence_app.domain.access import Action
from evidence_app.domain.evidence import Item, Version, Visibility
from evidence_app.domain.scanning import ScanState
from evidence_app.errors import NotAllowed, NotFound
from evidence_app.extensions import actor, backends, reading
from evidence_app.i18n import msg
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.web.access import open_to
from evidence_app.web.serving import serve_bytes


@pages.get("/<item_id>/versions/<version_id>/pictures/<int:page>")
@open_to(Action.READ_EVIDENCE)
def picture(school_key: str, item_id: str, version_id: str, page: int) -> Response:
    """A picture of a page, counted from 1; 0 is the thumbnail."""
    item, version = item_and_version(item_id, version_id)
    found = next((p for p in extraction.previews_of(reading(), version) if p.page == page), None)
    if found is None:
        raise NotFound(msg("There is no picture of this page."))
    if found.sha256 in request.if_none_match:
        return _revalidated(Response(status=304), item, found.sha256)
    answer = serve_bytes(
        backends().blobs,
        school_id=actor().school_id,
        sha256=found.sha256,
        media_type=found.media_type,
        file_name=f"{page}.webp",
    )
    return _revalidated(answer, item, found.sha256)


@pages.get("/<item_id>/versions/<version_id>/file")
@open_to(Action.READ_EVIDENCE)
def original(school_key: str, item_id: str, version_id: str) -> Response:
    """The file as it came; `?download=1` never shows it in the browser. Nobody gets one in which malware was found.

    One that waits for the scanner comes after a warning.

    Of a picture that tells where it was taken, who may not change the item gets a copy that does not.
    """
    item, version = item_and_version(item_id, version_id)
    if version.is_series:
        raise NotFound(msg("These are several files. Open the item, and each of them from there."))
    state = scan_state(version)
    if state is ScanState.INFECTED:
        raise NotAllowed(ScanState.INFECTED.words or msg("This file holds malware."))
    if state in (ScanState.WAITING, ScanState.TOO_LARGE) and "anyway" not in request.args:
        page = render_template("evidence/not_scanned.html", item=item, version=version, words=state.words)
        return make_response(page, 409)
    sha256, media_type, file_name = version.sha256, version.media_type, version.file_name
    if media_type.startswith("image/") and not evidence.may_change(actor(), item):
        given = extraction.outgoing(reading(), [version]).get(version.id)
        if given is None:
            raise NotFound(msg("This picture is given to nobody else before it is known whether it tells its place."))
        if given.sha256 != sha256:
            sha256, media_type, file_name = given.sha256, given.media_type, f"{file_name.rpartition('.')[0]}.jpg"
    return serve_bytes(
        backends().blobs,
        school_id=actor().school_id,
        sha256=sha256,
        media_type=media_type,
        file_name=file_name,
        download="download" in request.args,
    )


def scan_state(version: Version) -> ScanState:
    """What is known of a version: clean where nobody scans; waiting for what came in a moment ago."""
    found = scanning.scan_of(reading(), version)
    if found is not None:
        return found.state_now
    return ScanState.WAITING if backends().settings.scanner_url else ScanState.CLEAN


def item_and_version(item_id: str, version_id: str) -> tuple[Item, Version]:
    """An item the asker may see, in use or in the bin, and one version of it; NotFound otherwise."""
    item = evidence.item(reading(), actor(), item_id, withdrawn=True)
    version = evidence.version(reading(), actor(), version_id)
    if version.item_id != item.id:
        raise NotFound(msg("There is no such version, or it is not open to you."))
    return item, version


def _revalidated(answer: Response, item: Item, sha256: str) -> Response:
    """The answer, which a browser may keep if it asks each time; of private items it keeps nothing."""
    answer.set_etag(sha256)
    if item.visibility != Visibility.PRIVATE:
        answer.headers["Cache-Control"] = "private, no-cache"
    return answer
