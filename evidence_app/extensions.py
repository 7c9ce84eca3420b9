"""What is bound to Flask: the app's backends, the request's reading session, who is asking, the way to write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session

from evidence_app.backends import Backends
from evidence_app.domain import accounts
from evidence_app.domain.access import Action, Actor, can
from evidence_app.domain.schools import School
from evidence_app.errors import NotAllowed
from evidence_app.i18n import LANGUAGES, msg

babel = Babel()
csrf = CSRFProtect()
login = LoginManager()


@dataclass
class SignedIn(UserMixin):
    """The person behind a signed-in browser, as flask-login wants to see one."""

    person: accounts.Person
    token: str

    def get_id(self) -> str:
        """The person's id."""
        return self.person.id


def init_extensions(app: Flask, backends: Backends) -> None:
    """Bind everything to the app."""
    app.extensions["backends"] = backends
    csrf.init_app(app)
    login.init_app(app)
    # The session is ours and on the server: flask-login reads it and never writes one of its own.
    login.session_protection = None
    login.request_loader(_signed_in)
    babel.init_app(app, locale_selector=_language, default_translation_directories=f"{app.root_path}/translations")
    app.teardown_request(_close_reading_session)


def backends() -> Backends:
    """The backends of the running app."""
    return cast(Backends, current_app.extensions["backends"])


def reading() -> Session:
    """The request's one session for reading."""
    if "reading_stack" not in g:
        g.reading_stack = ExitStack()
        g.reading_session = g.reading_stack.enter_context(backends().database.reading())
    return cast(Session, g.reading_session)


def stop_reading() -> None:
    """Let go of what the request has read, before work that writes through a door of its own."""
    _close_reading_session()


@contextmanager
def unit_of_work(*, patience_seconds: float | None = None) -> Iterator[Session]:
    """A fresh session that commits when the block ends. What the request read before is read anew afterwards."""
    _close_reading_session()
    with backends().database.unit_of_work(patience_seconds=patience_seconds) as session:
        yield session


def actor() -> Actor:
    """Who is asking, in the school of the address; set by the access check before any view of a school runs."""
    found = g.get("actor")
    if found is None:
        raise NotAllowed(msg("This page needs a school in its address."))
    return cast(Actor, found)


def school() -> School:
    """The school of the address."""
    return cast(School, g.school)


def may(action: str) -> bool:
    """Whether the asker's role includes this action ("review tags"); the `can` of templates."""
    return "actor" in g and can(actor(), Action(action))


def signed_in() -> SignedIn | None:
    """The signed-in person, or None."""
    return cast(SignedIn, current_user._get_current_object()) if current_user.is_authenticated else None


def ask_nobody() -> None:
    """Forget who asks for the rest of this request: a database that is away cannot be asked for them again."""
    for name in ("actor", "school", "session_is_due"):
        g.pop(name, None)
    # Where flask-login keeps whom it found; with nobody there it looks again, in its own words for templates too.
    g._login_user = AnonymousUserMixin()


def cookie_name() -> str:
    """The session cookie's name; the prefix ties it to this host where the connection is encrypted."""
    return "__Host-evidence" if backends().settings.is_https else "evidence"


def _signed_in(_request: object) -> SignedIn | None:
    token = request.cookies.get(cookie_name(), "")
    if not token:
        return None
    settings = backends().settings
    found = accounts.find_session(
        reading(), token, idle_seconds=settings.idle_seconds, longest_seconds=settings.session_seconds
    )
    person = accounts.person(reading(), found.person_id) if found else None
    if found is None or person is None:
        return None
    g.session_is_due = accounts.is_due_to_be_seen(found)
    return SignedIn(person, token)


def _language() -> str:
    if not has_request_context():
        return "en"
    user = signed_in()
    if user is not None:
        return user.person.language
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"


def _close_reading_session(_error: BaseException | None = None) -> None:
    stack = g.pop("reading_stack", None)
    g.pop("reading_session", None)
    if stack is not None:
        stack.close()
