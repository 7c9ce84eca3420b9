"""One item on one page: what it is, what it shows, its versions, where it is cited, and who can see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext

from evidence_app.domain import (
    accounts,
    evidence,
    extraction,
    intake,
    scanning,
    schools,
    selfstudy,
    suggesting,
    tagging,
    upkeep,
)
from evidence_app.domain.access import ALLOWED, Action, Role
from evidence_app.domain.evidence import Flag, Item, ItemKind, Opens, Settled, Version, Visibility
from evidence_app.domain.extraction import ReadingState, VersionText
from evidence_app.domain.suggesting import SaidAt, Suggestion, where_said
from evidence_app.domain.tagging import Tag, TagState
from evidence_app.extensions import actor, may, reading, school
from evidence_app.i18n import LANGUAGES, Message, msg
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.files import scan_state
from evidence_app.pages.evidence.links import link_view
from evidence_app.pages.evidence.preview import part_views, preview_of
from evidence_app.pages.evidence.results import around
from evidence_app.web.access import open_to
from evidence_app.web.documents import document_kind_words, kind_words, programme_words, sign_of
from evidence_app.web.fragments import wants_fragment
from evidence_app.web.nodes import NodeWords, nodes
from evidence_app.web.searching import more_like
from evidence_app.web.templating import say, size

SUGGESTIONS_SHOWN = 3
ALIKE_SHOWN = 4
READ_AGAIN = (ReadingState.FAILED, ReadingState.TOOL_MISSING, ReadingState.NO_READER)
"""States that may be better at another time: after a program was installed, or when the machine has less to do."""
WHY_CLOSED = {
    Opens.UNCONFIRMED: msg("closed to them until somebody who looks after it confirms it is them"),
    Opens.LIMITED: msg("closed to them: their place here is limited"),
    Opens.LEFT: msg("has left"),
}
"""Why somebody who is named on a private item does not open it."""


@dataclass(frozen=True, slots=True)
class TagView:
    """One tag of the item, and whether the asker may take it away."""

    tag: Tag
    node: NodeWords
    rated_by: str
    removable: bool


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A practice the item seems to show."""

    node: NodeWords
    fit: Message
    because: str
    said: SaidAt | None
    page_url: str


@dataclass(frozen=True, slots=True)
class LikelyView:
    """Another item that is likely a version of the same document, and whether the asker may give it a new version."""

    item: Item
    may_change: bool


@dataclass(frozen=True, slots=True)
class GuardView:
    """A question about pupils' data, and whether the asker may answer it. `version_number` is 0 for the newest."""

    flag: Flag
    answer: Message | None
    copy: Item | None
    may_answer: bool
    version_number: int


@pages.get("/<item_id>")
@open_to(Action.READ_EVIDENCE)
def item(school_key: str, item_id: str) -> str:
    found = evidence.item(reading(), actor(), item_id, withdrawn=True)
    version = evidence.current_version(reading(), found)
    if wants_fragment():
        return render_template("evidence/_preview.html", preview=preview_of(found, version), item=found)
    return render_template("evidence/item.html", **item_context(found, version), preview=preview_of(found, version))


@pages.get("/<item_id>/like")
@open_to(Action.READ_EVIDENCE)
def like(school_key: str, item_id: str) -> str:
    """A few items that are like this one, for its page to take in."""
    return render_template("evidence/_like.html", found=more_like(item_id, limit=ALIKE_SHOWN), item_id=item_id)


def item_context(found: Item, version: Version) -> dict[str, Any]:
    """What the page of an item shows beside its preview."""
    text = extraction.texts_of(reading(), found.school_id, [version.id]).get(version.id)
    tags = tagging.tags_of(reading(), actor(), found.id)
    versions = evidence.versions_of(reading(), actor(), found.id)
    guard = _guard(found, versions)
    ids = {found.owner_id, *(v.added_by for v in versions), *(t.decided_by or "" for t in tags)}
    ids |= {view.flag.settled_by or "" for view in guard}
    names = accounts.names_of(reading(), found.school_id, ids)
    return {
        "item": found,
        "version": version,
        "versions": versions,
        "names": names,
        "sign": sign_of(found, version.media_type),
        "facts": _facts(found, version, text, names),
        "state": _state(version, text),
        "next_steps": _next_steps(version, text),
        "may_be_read_again": text is not None and ReadingState(text.state) in READ_AGAIN,
        "is_unread": text is not None and text.is_unread,
        "is_locked": text is not None and text.state == ReadingState.ENCRYPTED,
        "tags": [_tag_view(tag, names) for tag in tags],
        "suggestions": _suggestions(found, version),
        "may_choose_passages": may(Action.TAG_EVIDENCE)
        and found.withdrawn_at is None
        and suggesting.may_choose_passages(reading(), found),
        "choices": nodes().choices(),
        "cited": selfstudy.cited_in(reading(), actor(), found.id) if may(Action.READ_STUDY) else [],
        "nodes": nodes(),
        "begun_for": intake.begun_among(reading(), actor(), [found.id]).get(found.id),
        "named": _named(found) if found.visibility == Visibility.PRIVATE else None,
        "may_change": evidence.may_change(actor(), found),
        "may_erase": upkeep.may_erase(reading(), actor(), found),
        "guard": guard,
        "damaged": upkeep.damaged_among(reading(), versions),
        "scan": scan_state(version),
        "threat": _threat(version),
        "link": link_view(version) if found.kind == ItemKind.LINK else None,
        "support_group": accounts.learning_support_group(reading(), found.school_id),
        "around": around(found.id),
        "likely": _likely(found),
        "parts": part_views(found, version),
    }


def _threat(version: Version) -> str:
    """What a scanner calls what it found; empty where it found nothing."""
    scan = scanning.scan_of(reading(), version)
    return scan.threat if scan else ""


def _facts(found: Item, version: Version, text: VersionText | None, names: dict[str, str]) -> list[tuple[str, Any]]:
    kind = kind_words(found, version, text)
    is_copy = found.kind == ItemKind.LINK and not version.is_address_only
    kind = gettext("Link with a copy: %(kind)s", kind=kind) if is_copy else kind
    stored = f", {size(evidence.size_of(reading(), version))}" if is_copy or found.kind == ItemKind.FILE else ""
    divisions = schools.divisions_of(reading(), actor())
    named = {campus.id: campus.name for campus in divisions.campuses}
    named |= {subject.id: subject.name for subject in divisions.subjects}
    named |= {year_group.id: year_group.name for year_group in divisions.year_groups}
    programmes = programme_words(found)
    return [
        (
            gettext("Kind"),
            ", ".join(part for part in (document_kind_words(found.document_kind), kind + stored) if part),
        ),
        (gettext("Programmes"), programmes),
        (gettext("Grade"), named.get(found.year_group_id or "")),
        (gettext("Subject"), named.get(found.subject_id or "")),
        (gettext("Campus"), named.get(found.campus_id or "")),
        (gettext("School year"), found.school_year),
        (gettext("Filed by"), names.get(found.owner_id, "")),
        (gettext("Language"), LANGUAGES.get(found.language, found.language)),
        (gettext("File name"), _file_name(found, version)),
        (gettext("Folder"), found.folder),
    ]


def _file_name(found: Item, version: Version) -> str:
    """The name the file came with, where it says more than the title; a link and a note came without one."""
    if found.kind != ItemKind.FILE or version.is_series or version.file_name.rpartition(".")[0] == found.title:
        return ""
    return version.file_name


def _state(version: Version, text: VersionText | None) -> Message:
    """How the reading of the text went, in a word or two."""
    if version.is_address_only:
        return msg("A link: kept, not opened")
    return extraction.state_words(ReadingState(text.state)) if text else msg("Reading the text")


def _next_steps(version: Version, text: VersionText | None) -> list[Message]:
    """What is amiss with its text and what to do about it; nothing where nothing is."""
    return [] if text is None or version.is_address_only else extraction.next_steps(text)


def _tag_view(tag: Tag, names: dict[str, str]) -> TagView:
    own = tag.tagged_by == actor().person_id and tag.state != TagState.ACCEPTED
    return TagView(
        tag=tag,
        node=nodes()[tag.node_key],
        rated_by=names.get(tag.decided_by or "", "") if tag.state == TagState.ACCEPTED else "",
        removable=may(Action.TAG_EVIDENCE) and (own or may(Action.REVIEW_TAGS)),
    )


def _suggestions(found: Item, version: Version) -> list[SuggestionView]:
    if not may(Action.TAG_EVIDENCE) or found.withdrawn_at is not None:
        return []
    kept = suggesting.suggestions_for(reading(), actor(), [found.id]).get(found.id, [])
    practices = [one for one in kept if nodes().level(one.node_key) in ("practice", "requirement")]
    beside = [one for one in kept if one not in practices]
    text = extraction.text_of(reading(), version) if kept else None
    return [_suggestion_view(found, one, text) for one in (*practices[:SUGGESTIONS_SHOWN], *beside)]


def _suggestion_view(found: Item, one: Suggestion, text: VersionText | None) -> SuggestionView:
    said = where_said(one.because, text.text or "", text.page_starts) if text else None
    place = {"view": "text", "_anchor": f"p{said.page}"} if said and said.page else {"view": "text"}
    return SuggestionView(
        node=nodes()[one.node_key],
        fit=one.fit,
        because=str(say(one.because[0].message)) if one.because else "",
        said=said,
        page_url=url_for("evidence.item", school_key=school().key, item_id=found.id, **place),  # type: ignore[arg-type]
    )


def _likely(found: Item) -> list[LikelyView]:
    """What is likely a version of the same document, for somebody who could make one item of the two."""
    if found.withdrawn_at is not None or not evidence.may_change(actor(), found):
        return []
    others = intake.likely_versions(reading(), actor(), [found]).get(found.id, [])
    return [LikelyView(other, evidence.may_change(actor(), other)) for other in others]


def _guard(found: Item, versions: list[Version]) -> list[GuardView]:
    """What is asked about the item and what was answered: of its newest version, and of earlier ones while open."""
    may_answer = found.withdrawn_at is None and evidence.may_settle(reading(), actor(), found)
    numbers = {version.id: version.number for version in versions[1:]}
    flags = evidence.flags_of(reading(), actor(), found.id)
    copies = evidence.items_by_id(reading(), actor(), [flag.copy_item_id for flag in flags if flag.copy_item_id])
    return [
        GuardView(
            flag=flag,
            answer=Settled(flag.settled_as).label if flag.settled_as else None,
            copy=copies.get(flag.copy_item_id),
            may_answer=may_answer,
            version_number=numbers.get(flag.version_id, 0),
        )
        for flag in flags
        if flag.holds or flag.version_id == found.current_version_id
    ]


def _named(found: Item) -> dict[str, Any]:
    """Who may open a private item, by name."""
    named = evidence.access_names(reading(), actor(), found.id)
    people = accounts.names_of(reading(), found.school_id, named.person_ids)
    groups = {g.id: g.name for g in accounts.groups_of_school(reading(), actor())}
    listed = evidence.openers_of(reading(), actor(), found.id)
    openers = {one.person_id for one in listed if one.opens == Opens.YES}
    return {
        "people": [(one, one.name or people.get(one.person_id, "")) for one in listed],
        "words": WHY_CLOSED,
        "custodians": sum(one.is_custodian and one.opens == Opens.YES for one in listed),
        "groups": [groups[id] for id in named.group_ids if id in groups],
        "reviewers": [
            member.person.name
            for member in accounts.members_of(reading(), actor())
            if member.person_id in openers and Action.REVIEW_TAGS in ALLOWED[Role(member.role)]
        ],
        "is_custodian": actor().person_id in named.custodian_ids,
    }
