"""Asking for links to be looked at, keeping what was found, and giving a link a copy that visitors can open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Actor
from evidence_app.domain.audit import record
from evidence_app.domain.evidence import (
    Item,
    ItemKind,
    StoredBlob,
    Version,
    current_version,
    current_versions,
    item,
    may_change,
    replace,
)
from evidence_app.domain.jobs import JobKind, Urgency, enqueue, enqueue_all, is_asked_for
from evidence_app.domain.links.judging import Finding
from evidence_app.domain.links.models import LinkCheck, LinkState, PageState
from evidence_app.domain.links.queries import needs_copy
from evidence_app.domain.schools import school_of
from evidence_app.errors import Conflict, Invalid, NotAllowed
from evidence_app.i18n import Message, as_kept, msg

CHECKED_AGAIN = timedelta(days=14)
"""How long a look counts. It moves by up to a day from link to link, so that not all are looked at in one hour."""
TROUBLE_AGAIN = timedelta(days=1)
"""When a page that answered with an error, or was not found for the first time, is looked at once more."""
FAILURES_BELIEVED = 2
MOST_AT_ONCE = 200


def ask_for_due(session: Session, moment: datetime | None = None) -> int:
    """How many links of all schools were put into the queue: those never looked at, changed since, or due again."""
    moment = moment or now()
    newest = and_(Version.school_id == Item.school_id, Version.id == Item.current_version_id)
    of_item = and_(LinkCheck.school_id == Item.school_id, LinkCheck.item_id == Item.id)
    chosen = (
        select(Item.school_id, Item.id)
        .join(Version, newest)
        .outerjoin(LinkCheck, of_item)
        .where(
            Item.kind == ItemKind.LINK,
            Item.withdrawn_at.is_(None),
            ~is_asked_for((JobKind.CHECK_LINK, JobKind.KEEP_PAGE), Item.school_id, Item.id),
            or_(LinkCheck.item_id.is_(None), LinkCheck.url != Version.url, LinkCheck.next_at <= moment),
        )
        .order_by(Item.received_at.desc(), Item.id)
        .limit(MOST_AT_ONCE)
    )
    due: dict[str, list[str]] = {}
    for school_id, item_id in session.execute(chosen):
        due.setdefault(school_id, []).append(item_id)
    for school_id, ids in due.items():
        enqueue_all(session, JobKind.CHECK_LINK, school_id, ids, urgency=Urgency.LATER)
    return sum(map(len, due.values()))


def ask_for_check(session: Session, *, actor: Actor, item_id: str) -> None:
    """The link will be looked at now. Invalid for what is no link."""
    found = item(session, actor, item_id)
    _link_of(session, found)
    enqueue(session, JobKind.CHECK_LINK, found.school_id, found.id)


def ask_to_keep_page(session: Session, *, actor: Actor, item_id: str) -> None:
    """The text of the page, as a stranger finds it, will be fetched and kept as a version of the link."""
    found = item(session, actor, item_id)
    if not may_change(actor, found):
        raise NotAllowed(msg("Only the owner of this item or a coordinator may change it."))
    version = _link_of(session, found)
    row = _check_row(session, found, version.url)
    row.page, row.page_why = PageState.WAITING, None
    enqueue(session, JobKind.KEEP_PAGE, found.school_id, found.id, person=actor.person_id)


def keep_findings(session: Session, *, school_id: str, findings: Mapping[str, tuple[str, Finding]]) -> None:
    """What was found at the addresses of these items (id -> address and finding) is kept.

    Nothing is kept of an item that is gone, or has another address meanwhile: that one is looked at next.
    """
    chosen = select(Item).where(Item.school_id == school_id, Item.id.in_(findings)).order_by(Item.id)
    items = list(session.scalars(chosen.with_for_update()))
    versions = current_versions(session, school_id, items)
    changed = []
    for found in items:
        url, finding = findings[found.id]
        if versions[found.id].url != url:
            continue
        row = _check_row(session, found, url)
        was_closed = needs_copy(versions[found.id], row)
        _take(row, finding)
        if needs_copy(versions[found.id], row) != was_closed:
            changed.append(found.id)
    enqueue_all(session, JobKind.INDEX_ITEM, school_id, changed, urgency=Urgency.LATER)


def keep_page(
    session: Session, *, actor: Actor, item_id: str, url: str, blob: StoredBlob, seen_at: datetime
) -> Version | None:
    """The text of a page, as a new version of its link; None where that text is the newest version already.

    Conflict where the link has another address meanwhile.
    """
    found = item(session, actor, item_id)
    newest = _link_of(session, found)
    if newest.url != url:
        raise Conflict(msg("The link has another address meanwhile. Ask for its text once more."))
    day = seen_at.date()
    added = None
    if newest.sha256 != blob.sha256:
        added = replace(
            session,
            actor=actor,
            item_id=item_id,
            blob=blob,
            file_name=f"{newest.file_name[:200]} {day}.txt",
            media_type="text/plain",
            comment=msg("The page's text on %(day)s", day=day).in_language(school_of(session, actor).language),
            url=url,
        )
    say_how_keeping_went(session, found.school_id, found.id, PageState.KEPT if added else PageState.SAME)
    return added


def say_how_keeping_went(
    session: Session, school_id: str, item_id: str, state: PageState, why: Message | None = None
) -> None:
    """How keeping the page's text went, and why, for whoever asked; nothing of an item that is gone."""
    row = session.get(LinkCheck, (school_id, item_id))
    if row is not None:
        row.page, row.page_at, row.page_why = state, now(), as_kept(why)


def attach_copy(
    session: Session, *, actor: Actor, item_id: str, blob: StoredBlob, file_name: str, media_type: str
) -> Version:
    """The file, as the newest version of a link: it keeps its address, and visitors get the file beside it.

    Invalid for what is no link, and where that file is there already.
    """
    found = item(session, actor, item_id)
    newest = _link_of(session, found)
    if newest.sha256 == blob.sha256:
        raise Invalid(msg("This copy is there already, byte for byte. Nothing was changed."), field="files")
    added = replace(
        session,
        actor=actor,
        item_id=item_id,
        blob=blob,
        file_name=file_name,
        media_type=media_type,
        url=newest.url,
    )
    record(session, actor, "links.attach_copy", "item", found.id, version=added.id)
    return added


def _link_of(session: Session, found: Item) -> Version:
    """The newest version of a link; Invalid for anything else."""
    if found.kind != ItemKind.LINK:
        raise Invalid(msg("This is no link. Only links are looked at and have copies."), field="item")
    return current_version(session, found)


def _check_row(session: Session, found: Item, url: str) -> LinkCheck:
    """The row of an item, begun anew where it has another address."""
    row = session.get(LinkCheck, (found.school_id, found.id))
    if row is None:
        row = LinkCheck(
            school_id=found.school_id, item_id=found.id, state=LinkState.NOT_CHECKED, page=PageState.NONE, host=""
        )
        session.add(row)
    if row.url != url:
        row.url, row.state, row.page, row.failures, row.next_at = url, LinkState.NOT_CHECKED, PageState.NONE, 0, now()
        row.status, row.checked_at, row.page_at, row.page_why, row.host = None, None, None, None, ""
    return row


def _take(row: LinkCheck, finding: Finding) -> None:
    row.failures = row.failures + 1 if finding.state != LinkState.OPENS else 0
    row.state, row.status, row.host = finding.state, finding.status, finding.host[:253]
    row.checked_at = now()
    is_passing = finding.state in (LinkState.UNCLEAR, LinkState.GONE, LinkState.NOT_FOUND)
    # The id of an item decides the hour, so that a folder of links filed at once is spread over a day.
    spread = timedelta(minutes=sum(row.item_id.encode()) % 1440)
    soon = is_passing and row.failures < FAILURES_BELIEVED
    row.next_at = row.checked_at + (TROUBLE_AGAIN if soon else CHECKED_AGAIN) + spread
