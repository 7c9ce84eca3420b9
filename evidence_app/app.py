"""The web application, put together: settings, extensions, pages, errors. Straight down."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

from evidence_app.backends import Backends
from evidence_app.domain.access import Action
from evidence_app.extensions import init_extensions, may, signed_in
from evidence_app.i18n import msg
from evidence_app.pages import BLUEPRINTS, places_of
from evidence_app.web.access import guard
from evidence_app.web.errors import map_errors
from evidence_app.web.headers import protect
from evidence_app.web.hosts import keep_to_own_hosts
from evidence_app.web.navigation import Link, Links, navigation
from evidence_app.web.spool import prepare_spool
from evidence_app.web.static_files import prepare_static_files
from evidence_app.web.templating import language, prepare_templates


def create_app(backends: Backends) -> Flask:
    """The application over these backends, ready to be served."""
    settings = backends.settings
    app = Flask("evidence_app")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=1000,
        SESSION_COOKIE_NAME="__Host-evidence-forms" if settings.is_https else "evidence-forms",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    prepare_spool(app, settings.home)
    keep_to_own_hosts(app)
    # The check of the form token reads the whole body: who may not send it is refused before that.
    guard(app)
    init_extensions(app, backends)
    protect(app)
    map_errors(app)
    prepare_static_files(app)
    prepare_templates(app)
    app.context_processor(_frame)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _frame() -> dict[str, Any]:
    """What every layout reads: the school, the person, where one can go, language and theme."""
    user, school = signed_in(), g.get("school")
    frame: dict[str, Any] = {
        "language": language(),
        "theme": user.person.theme if user else "auto",
        "accent": school.accent if school else "",
        "school": school,
        "me": user.person if user else None,
        "nav": [],
        "links": Links(
            home=url_for("home.front"), sign_out=url_for("account.sign_out") if user else "", account=_account()
        ),
        "can": may,
    }
    if school is not None and user is not None:
        key = school.key
        shown, counts = places_of(g.actor)
        here = (request.blueprint or "").partition(".")[0]
        frame["nav"] = navigation(url_for("home.home", school_key=key), shown=shown, here=here, counts=counts)
        frame["links"] = Links(
            home=url_for("home.home", school_key=key),
            search=url_for("evidence.library", school_key=key),
            complete=url_for("evidence.complete", school_key=key),
            file=url_for("evidence.new", school_key=key) if may(Action.FILE_EVIDENCE) else "",
            sign_out=url_for("account.sign_out"),
            account=_account(),
        )
    return frame


def _account() -> tuple[Link, ...]:
    user = signed_in()
    if user is None:
        return ()
    links = [
        Link(msg("Settings"), "settings", url_for("account.settings")),
        Link(msg("My schools"), "home", url_for("home.front")),
    ]
    if user.person.runs_installation:
        links.append(Link(msg("Installation"), "settings", url_for("installation.overview")))
    return tuple(links)
