"""The one table from errors to statuses, and the page that says what happened, what was kept, what to do."""

from __future__ import annotations

import logging
import secrets

from flask import Flask, g, jsonify, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from evidence_app.domain import upkeep
from evidence_app.errors import AppError, Invalid, NoRoom, Unavailable
from evidence_app.extensions import ask_nobody, stop_reading, unit_of_work
from evidence_app.i18n import Message, msg
from evidence_app.web.templating import language
from storage_adapters import BlobDamaged, BlobNotFound, StoreError, StoreFull

log = logging.getLogger(__name__)

STATUS = {"not_found": 404, "not_allowed": 403, "invalid": 422, "conflict": 409, "unavailable": 503, "no_room": 507}
"""Error code -> HTTP status."""

OF_HTTP = {
    400: msg("The browser sent something we could not read. Go back and try again."),
    401: msg(
        "Your sign-in has ended. What you typed is still in the page before; sign in again and send it once more."
    ),
    403: msg("This page may not be used like this. Go back to where you came from."),
    404: msg("There is no such page, or it is not open to you."),
    405: msg("This address cannot be used like this. Go back and use the buttons of the page."),
    413: msg(
        "This is larger, or more files, than may be sent at once. Nothing of it was kept. Send less of it at a time."
    ),
    415: msg("This kind of content cannot be sent here."),
    429: msg("Too many tries. Wait a quarter of an hour and try again."),
}
TITLES = {
    404: msg("Not found"),
    403: msg("Not open to you"),
    409: msg("Somebody was faster"),
    413: msg("Too large"),
    422: msg("Something needs changing"),
    401: msg("Sign in again"),
    503: msg("Not available now"),
    507: msg("No room left"),
}


def map_errors(app: Flask) -> None:
    """Answer every error with its status and a page, a fragment or JSON, as was asked."""
    app.register_error_handler(AppError, _app_error)
    app.register_error_handler(StoreError, _store_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(DataError, _data_error)
    app.register_error_handler(Exception, _unexpected)


def _app_error(error: AppError) -> Response:
    return _answer(STATUS.get(error.code, 500), error.message, error.code)


def _store_error(error: StoreError) -> Response:
    log.error("store: %s", error)
    if isinstance(error, StoreFull):
        return _app_error(
            NoRoom(msg("There is no room left for files. Nothing of this one was kept. Tell your administrator."))
        )
    if isinstance(error, BlobDamaged | BlobNotFound):
        return _damaged(error)
    return _app_error(
        Unavailable(
            msg("The place where files are kept does not answer. Nothing was lost; try again in a few minutes.")
        )
    )


def _damaged(error: BlobDamaged | BlobNotFound) -> Response:
    """Nothing of it is given to anybody; the coordinator's home says from now on which document it is."""
    with unit_of_work() as work:
        damage = upkeep.Damage.MISSING if isinstance(error, BlobNotFound) else upkeep.Damage.DAMAGED
        upkeep.note_damage(work, error.prefix, error.sha256, damage)
    return _app_error(
        Unavailable(
            msg(
                "This file is not as it was filed: the place where it is kept has damaged or lost it, so nothing of it "
                "is given out. Your coordinator can see which one it is. Whoever has the document can file it again."
            )
        )
    )


def _database_error(error: OperationalError) -> Response:
    log.error("database: %s", error.orig)
    ask_nobody()
    response = _app_error(
        Unavailable(msg("The database does not answer. Nothing was changed; try again in a few minutes."))
    )
    response.headers["Retry-After"] = "30"
    return response


def _data_error(error: DataError) -> Response:
    """PostgreSQL refuses what SQLite takes: a NUL among the characters, a number or a text beyond its column."""
    log.warning("refused by the database: %s", type(error.orig).__name__)
    # On PostgreSQL nothing more can be asked in a transaction that failed, and the page of the error asks who is there.
    stop_reading()
    return _app_error(
        Invalid(msg("Something that was sent cannot be kept: odd characters, or too much of it. Nothing was changed."))
    )


def _csrf_error(_error: CSRFError) -> Response:
    return _answer(
        400,
        msg(
            "This form was open too long, or is from an earlier visit. Nothing was changed. What you typed is still in "
            "the page before: go back, copy it, load that page again and send it once more."
        ),
        "stale_form",
    )


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status in (301, 302, 303, 307, 308):
        return error.get_response()
    return _answer(status, OF_HTTP.get(status, msg("This did not work.")), "http")


def _unexpected(error: Exception) -> Response:
    reference = secrets.token_hex(4)
    log.exception("unexpected error %s at %s", reference, _asked_for(), exc_info=error)
    text = msg(
        "Something went wrong on our side. Nothing you did is lost. Tell your administrator: %(reference)s.",
        reference=reference,
    )
    return _answer(500, text, "unexpected")


def _asked_for() -> str:
    """The address that was asked for; its pattern where the address itself opens something, which no log may keep."""
    rule = request.url_rule
    return rule.rule if rule is not None and "token" in rule.arguments else request.path


def _answer(status: int, message: Message, code: str) -> Response:
    words = message.in_language(language())
    if request.headers.get("X-Requested-With") == "fetch" or request.accept_mimetypes.best == "application/json":
        return make_response(jsonify(error={"code": code, "message": words}), status)
    if status == 401 and not request.headers.get("HX-Request"):
        return redirect(url_for("account.sign_in"))
    # Visitors know nothing of the school's pages: neither the way to them nor what they are called.
    is_outside = request.blueprint == "visitor"
    room = g.get("room")
    titles = TITLES | {404: msg("This link is not open")} if is_outside and not room else TITLES
    title = titles.get(status, msg("This did not work")).in_language(language())
    template = "errors/_error.html" if request.headers.get("HX-Request") else "errors/error.html"
    response = make_response(
        render_template(template, title=title, message=words, status=status, outside=is_outside, room=room), status
    )
    if status == 503:
        response.headers["Retry-After"] = "10"
    return response
