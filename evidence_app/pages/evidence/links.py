"""Links: how their pages answer a stranger, which ones somebody should look at, and copies for visitors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import make_response, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import FileField

from evidence_app.domain import accounts, links
from evidence_app.domain.access import Action
from evidence_app.domain.evidence import Item, ItemKind, Version
from evidence_app.domain.links import LinkCheck, LinkState, PageState
from evidence_app.errors import Conflict, Invalid, NotFound
from evidence_app.extensions import actor, backends, reading, unit_of_work
from evidence_app.i18n import Message, msg
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.changing import own_item, to_item
from evidence_app.pages.evidence.storing import store_upload
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done
from evidence_app.web.forms import Form

ICONS = {
    LinkState.NOT_CHECKED: ("", "circle-dashed"),
    LinkState.OPENS: ("good", "world"),
    LinkState.SIGN_IN: ("wait", "lock"),
    LinkState.INSIDE: ("wait", "building"),
    LinkState.NOT_FOUND: ("stop", "unlink"),
    LinkState.GONE: ("stop", "cloud-off"),
    LinkState.UNCLEAR: ("wait", "help-circle"),
}
"""State -> the tone and the sign it is shown with."""


class CopyForm(Form):
    """What visitors get where they cannot open the page."""

    files = FileField(_("The file copy"), description=_("A PDF or a screenshot of the page, or the document itself."))


@dataclass(frozen=True, slots=True)
class LinkView:
    """How the page behind a link answers a stranger. `step` says what to do where something is amiss."""

    url: str
    state: LinkState
    check: LinkCheck | None
    has_copy: bool
    needs_copy: bool
    is_checking_on: bool

    @property
    def look(self) -> tuple[str, str]:
        """Tone and sign of the state."""
        return ICONS[self.state]

    @property
    def answered_by(self) -> str:
        """The host that answered in the end, where it is another one than the address names."""
        return self.check.host if self.check and self.check.host not in self.url else ""

    @property
    def step(self) -> Message | None:
        """What to do; nothing where visitors get a copy."""
        was_looked_at = self.check is not None and self.check.checked_at is not None
        return self.state.step if was_looked_at and not (self.has_copy and self.state.is_closed) else None

    @property
    def page(self) -> Message | None:
        """How keeping the page's text went."""
        return self.check.page_words if self.check else None

    @property
    def is_being_kept(self) -> bool:
        """Whether the page is being fetched."""
        return self.check is not None and self.check.page == PageState.WAITING


def link_view(version: Version) -> LinkView:
    """The newest version of a link, as its page shows it."""
    check = links.check_of(reading(), version)
    return LinkView(
        url=version.url,
        state=check.state_now if check else LinkState.NOT_CHECKED,
        check=check,
        has_copy=not version.is_address_only,
        needs_copy=links.needs_copy(version, check),
        is_checking_on=backends().settings.link_checks,
    )


@pages.get("/links")
@open_to(Action.FILE_EVIDENCE)
def links_to_look_at(school_key: str) -> str:
    """The links that visitors cannot open, of those the asker could mend."""
    found = links.links_to_look_at(reading(), actor())
    return render_template(
        "evidence/links.html",
        found=found,
        names=accounts.names_of(reading(), actor().school_id, {one.item.owner_id for one in found}),
        icons=ICONS,
        is_checking_on=backends().settings.link_checks,
    )


@pages.post("/<item_id>/look-at-link")
@open_to(Action.FILE_EVIDENCE)
def look_at_link(school_key: str, item_id: str) -> Response:
    done = gettext("It is opened now as a stranger would open it. This takes some seconds.")
    return _ask(links.ask_for_check, item_id, done)


@pages.post("/<item_id>/keep-page")
@open_to(Action.FILE_EVIDENCE)
def keep_page(school_key: str, item_id: str) -> Response:
    done = gettext("The page is fetched now, and its text kept as a version. This takes some seconds.")
    return _ask(links.ask_to_keep_page, item_id, done)


@pages.get("/<item_id>/copy")
@open_to(Action.FILE_EVIDENCE)
def copy_of_link(school_key: str, item_id: str) -> str:
    return render_template("evidence/attach_copy.html", item=_own_link(item_id), form=CopyForm())


@pages.post("/<item_id>/copy")
@open_to(Action.FILE_EVIDENCE)
def attach_copy(school_key: str, item_id: str) -> Response:
    found, form = _own_link(item_id), CopyForm()
    if form.validate_on_submit():
        try:
            stored = store_upload(request.files.get("files"))
            with unit_of_work() as work:
                links.attach_copy(
                    work,
                    actor=actor(),
                    item_id=item_id,
                    blob=stored.blob,
                    file_name=stored.name,
                    media_type=stored.media_type,
                )
        except Invalid as error:
            form.take_error(error)
        else:
            say_done(gettext("The copy is attached. Answers that cite the link go on citing it without the copy."))
            return to_item(item_id)
    return make_response(render_template("evidence/attach_copy.html", item=found, form=form), 422)


def _own_link(item_id: str) -> Item:
    found = own_item(item_id)
    if found.kind != ItemKind.LINK:
        raise NotFound(msg("This is no link. Only links are looked at and have copies."))
    return found


def _ask(ask: Callable[..., object], item_id: str, done: str) -> Response:
    """Back at the item, for which the worker was asked; Conflict where this installation opens no links."""
    if not backends().settings.link_checks:
        raise Conflict(msg("Link checks are off in this installation. Whoever runs it can turn them on."))
    with unit_of_work() as work:
        ask(work, actor=actor(), item_id=item_id)
    say_done(done)
    return to_item(item_id)
