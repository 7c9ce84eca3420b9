"""The policy of every route: who may call it. A route without one is refused, and turns a test red."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from evidence_app.database import DatabaseBusy
from evidence_app.domain import accounts, intake, schools
from evidence_app.domain.access import Action, require
from evidence_app.errors import NotFound
from evidence_app.extensions import backends, reading, signed_in, unit_of_work
from evidence_app.i18n import msg

View = TypeVar("View", bound=Callable[..., Any])


class Door(Enum):
    """Who may call a route that is not a school's own."""

    EVERYBODY = "everybody"
    SIGNED_IN = "anybody who is signed in"
    OPERATOR = "who runs the installation"
    MEMBER = "any member of the school in the address"
    VISITOR = "who holds a share's link; the view checks passcode and expiry"


Policy = Door | Action

DOOR_ONLY = "evidence_app.door_only"
"""In the environment of a request of which there is only the head, how long its body is: is its sender welcome with it?
"""


def open_to(policy: Policy) -> Callable[[View], View]:
    """Mark a view with its policy. An Action means: a member of the school in the address whose role includes it."""

    def mark(view: View) -> View:
        view.access_policy = policy  # type: ignore[attr-defined]
        return view

    return mark


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """The policy of an endpoint, or None where somebody forgot it."""
    if endpoint == "static":
        return Door.EVERYBODY
    return getattr(app.view_functions[endpoint], "access_policy", None)


def guard(app: Flask) -> None:
    """Have every request checked against its route's policy before the view runs, and before its body is read."""
    app.before_request(_check)
    app.extensions[DOOR_ONLY] = True


def asks_at_the_door(app: Flask) -> bool:
    """Whether this application checks policies, so that it can be shown the head of a request alone (`DOOR_ONLY`)."""
    return DOOR_ONLY in app.extensions


def _check() -> Response | None:
    is_door_only = DOOR_ONLY in request.environ
    if request.endpoint is None:
        return abort(404) if is_door_only else None
    if "\0" in "".join([request.path, *(value for _name, value in request.args.items(multi=True))]):
        abort(400)
    policy = policy_of(current_app, request.endpoint)
    if policy is None:
        abort(403)
    if policy in (Door.EVERYBODY, Door.VISITOR):
        # Nothing that is open to strangers takes more than a short form.
        return abort(413) if is_door_only else None
    user = signed_in()
    # What a page sends by itself says whose it is: somebody else may have signed in meanwhile in the same browser.
    if user is None or request.headers.get("X-Person", user.person.id) != user.person.id:
        if request.headers.get("HX-Request") or request.method != "GET":
            abort(401)
        return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))
    if policy is Door.OPERATOR and not user.person.runs_installation:
        raise NotFound(msg("There is no such page, or it is not open to you."))
    if "school_key" in (request.view_args or {}):
        _enter_school(str((request.view_args or {})["school_key"]), user.person.id)
    if isinstance(policy, Action):
        require(g.actor, policy)
    if is_door_only:
        if policy is Action.FILE_EVIDENCE:
            size_bytes = int(request.environ[DOOR_ONLY])
            intake.require_room(reading(), backends().blobs, actor=g.actor, size_bytes=size_bytes)
        return Response(status=204)
    if g.get("session_is_due"):
        # Whoever only reads waits for no writer; the next request marks it.
        with suppress(DatabaseBusy), unit_of_work(patience_seconds=0.2) as session:
            accounts.mark_seen(session, user.token)
    return None


def _enter_school(key: str, person_id: str) -> None:
    """The asker becomes an actor in the school of the address. What is not theirs looks as if it did not exist."""
    try:
        school = schools.school_by_key(reading(), key)
    except NotFound as error:
        raise NotFound(msg("There is no such page, or it is not open to you.")) from error
    g.actor = accounts.actor_in(reading(), person_id, school.id)
    g.school = school
