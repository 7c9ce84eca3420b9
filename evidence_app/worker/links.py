"""Looking at links as a stranger, and keeping the text of pages; nothing is connected to unless link checks are on."""

from __future__ import annotations

import mimetypes
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain import accounts, evidence, intake, links
from evidence_app.domain.evidence import Item, Version
from evidence_app.domain.jobs import Job
from evidence_app.domain.links import Finding, LinkState, PageState
from evidence_app.errors import AppError, NoRoom, NotFound
from evidence_app.outside import Limits
from evidence_app.worker.tools import Tools
from storage_adapters import Blob

Results = Callable[[Session], None]

HOSTS_AT_ONCE: Final = 4
PAGE_LIMITS: Final = Limits(body_bytes=8 << 20, seconds=30.0, seconds_each=20.0)
"""How much is fetched of a page whose text somebody wants kept: it may be a document of some size."""


def check_links(tools: Tools, jobs: Sequence[Job]) -> Results:
    """Looks at the links these jobs name, one after the other on one host, with a pause; hosts beside each other."""
    found = {version.item_id: version.url for version in _links(tools, jobs)} if _is_allowed(tools) else {}
    by_host: dict[str, list[tuple[str, str]]] = {}
    for item_id, url in found.items():
        by_host.setdefault(urlsplit(url).hostname or "", []).append((item_id, url))

    def look(of_host: Sequence[tuple[str, str]]) -> list[tuple[str, tuple[str, Finding]]]:
        seen: dict[str, Finding] = {}
        for _, url in of_host:
            if url in seen:
                continue
            if seen:
                time.sleep(tools.pause_seconds)
            seen[url] = links.look_at(tools.stranger, url)
        return [(item_id, (url, seen[url])) for item_id, url in of_host]

    with ThreadPoolExecutor(HOSTS_AT_ONCE) as threads:
        findings = dict(pair for pairs in threads.map(look, by_host.values()) for pair in pairs)
    return lambda session: links.keep_findings(session, school_id=jobs[0].school_id, findings=findings)


def keep_page(tools: Tools, jobs: Sequence[Job]) -> Results:
    """Fetches one page and keeps its text as a version of its link, with the address and the day on top.

    Who asked must still be allowed to: the question is put again, as they are now. What the page would run, load or
    show is not kept, nor its HTML.
    """
    job = jobs[0]
    version = next(iter(_links(tools, jobs)), None)
    if version is None or not _is_allowed(tools):
        return lambda session: links.say_how_keeping_went(session, job.school_id, job.subject, PageState.NONE)
    seen_at = now()
    finding = links.look_at(tools.stranger, version.url, PAGE_LIMITS)
    text = _text_of(tools, finding, seen_at) if finding.state == LinkState.OPENS else ""
    try:
        blob = _stored(tools, version, text, job.payload["person"]) if text else None
    except NoRoom as error:
        why = error.message
        return lambda session: links.say_how_keeping_went(session, job.school_id, job.subject, PageState.NO_ROOM, why)
    except NotFound:
        return lambda session: links.say_how_keeping_went(session, job.school_id, job.subject, PageState.NONE)

    def keep(session: Session) -> None:
        links.keep_findings(session, school_id=job.school_id, findings={job.subject: (version.url, finding)})
        session.flush()
        if blob is None:
            how = PageState.EMPTY if finding.state == LinkState.OPENS else PageState.CLOSED
            links.say_how_keeping_went(session, job.school_id, job.subject, how)
            return
        try:
            actor = accounts.actor_in(session, job.payload["person"], job.school_id)
            links.keep_page(session, actor=actor, item_id=job.subject, url=version.url, blob=blob, seen_at=seen_at)
        except AppError:
            # Whoever asked has left, or the link is not theirs any more, or has another address: nothing is kept.
            links.say_how_keeping_went(session, job.school_id, job.subject, PageState.NONE)

    return keep


def _stored(tools: Tools, version: Version, text: str, person_id: str) -> Blob:
    """The text in the store; what is there already where the page still says the same, on another day.

    Raises NoRoom as for any file of whoever asked, and NotFound where they have left.
    """
    if version.media_type == "text/plain" and version.size_bytes <= PAGE_LIMITS.body_bytes:
        there = tools.blobs.read_verified(version.school_id, version.sha256, max_bytes=PAGE_LIMITS.body_bytes)
        if there.decode(errors="replace").partition("\n\n")[2] == text.partition("\n\n")[2]:
            return Blob(version.sha256, version.size_bytes)
    content = text.encode()
    with tools.database.reading() as session:
        actor = accounts.actor_in(session, person_id, version.school_id)
        intake.require_room(session, tools.blobs, actor=actor, size_bytes=len(content))
    return tools.blobs.put(version.school_id, [content])


def _is_allowed(tools: Tools) -> bool:
    return tools.backends.settings.link_checks


def _links(tools: Tools, jobs: Sequence[Job]) -> list[Version]:
    """The newest versions of the items these jobs name that have an address, among those in use."""
    with tools.database.reading() as session:
        named = Item.id.in_([job.subject for job in jobs])
        chosen = select(Item).where(Item.school_id == jobs[0].school_id, named, Item.withdrawn_at.is_(None))
        found = evidence.current_versions(session, jobs[0].school_id, list(session.scalars(chosen)))
    return [version for version in found.values() if version.url]


def _text_of(tools: Tools, finding: Finding, seen_at: datetime) -> str:
    """The words of a page with its title, address and day above them; "" where it has none."""
    answer = finding.answer
    if answer is None or not answer.is_whole:
        return ""
    ending = mimetypes.guess_extension(answer.media_type) or ""
    with tempfile.TemporaryFile() as page:
        page.write(answer.body)
        page.seek(0)
        reading = tools.readers.read(page, file_name=f"page{ending}", with_ocr=False)
    if not reading.text.strip():
        return ""
    head = [reading.title, answer.url, f"{seen_at:%Y-%m-%d}"]
    return "\n".join(line for line in head if line) + f"\n\n{reading.text.strip()}\n"
