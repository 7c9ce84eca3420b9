"""Suggesting for items of a school, with what the school's own tags teach."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import (
    Hold,
    Item,
    Version,
    Visibility,
    current_versions,
    items_by_id,
    visible_items,
    visible_to,
)
from evidence_app.domain.extraction import VersionText, texts_of
from evidence_app.domain.frameworks import followed
from evidence_app.domain.requests import asked_of_people, request_titles
from evidence_app.domain.schools import School
from evidence_app.domain.suggesting.beside import suggest_beside
from evidence_app.domain.suggesting.engine import Suggestion, suggest
from evidence_app.domain.suggesting.kinds import kind_of
from evidence_app.domain.suggesting.model import model_for
from evidence_app.domain.suggesting.models import DeclinedSuggestion, ItemDigest, ItemSuggestion
from evidence_app.domain.suggesting.neighbours import Neighbours, TaggedItem, text_digest
from evidence_app.domain.suggesting.profile import DocumentProfile
from evidence_app.domain.suggesting.reasons import Because, says
from evidence_app.domain.tagging import Tag, TagState
from standards import Node

FRAMEWORK = "ib-psp-2020"
MOST_TEACHERS = 3000
SUGGESTIONS_KEPT = 5


@dataclass(frozen=True, slots=True)
class Suggested:
    """What was found out about one item."""

    item_id: str
    suggestions: list[Suggestion]
    digest: str
    document_kind: str | None


def neighbours_of(session: Session, school_id: str) -> Neighbours:
    """What the school accepted and what it declined as teachers: no item that is private; the newest first.

    Who of the staff may open which of them is asked when a reason is shown, see `suggestions_for`.
    """
    accepted: dict[str, set[str]] = {}
    yes = select(Tag.item_id, Tag.node_key).where(Tag.school_id == school_id, Tag.state == TagState.ACCEPTED)
    for item_id, node_key in session.execute(yes.order_by(Tag.decided_at.desc(), Tag.id).limit(MOST_TEACHERS)):
        accepted.setdefault(item_id, set()).add(node_key)
    no = select(DeclinedSuggestion.item_id).where(DeclinedSuggestion.school_id == school_id)
    newest = no.order_by(DeclinedSuggestion.declined_at.desc(), DeclinedSuggestion.item_id).limit(MOST_TEACHERS)
    chosen = (
        select(Item.id, Item.title, ItemDigest.digest, Version.file_name)
        .join(ItemDigest, (ItemDigest.school_id == Item.school_id) & (ItemDigest.item_id == Item.id))
        .join(Version, (Version.school_id == Item.school_id) & (Version.id == Item.current_version_id))
        .where(
            Item.school_id == school_id,
            Item.id.in_({*accepted, *session.scalars(newest)}),
            Item.visibility != Visibility.PRIVATE,
            Item.withdrawn_at.is_(None),
        )
        .order_by(Item.id)
    )
    about = session.execute(chosen).all()
    declined = declined_of(session, school_id, [row.id for row in about])
    return Neighbours(
        TaggedItem(
            item_id=row.id,
            title=row.title,
            file_name=row.file_name,
            digest=row.digest,
            accepted=frozenset(accepted.get(row.id, ())),
            declined=declined.get(row.id, frozenset()),
        )
        for row in about
    )


def named_nodes(name: str) -> list[Node]:
    """The practices and requirements a name of a file or folder says by code ("0301-02") or number ("Culture 2.2").

    Where it says none, the nearest to each code of 2014 in it ("C3.10").
    """
    model = model_for(FRAMEWORK)
    found = [node for node in model.codes.find(name).values() if node.key in model.named]
    return found or [nodes[0] for nodes in model.codes.find_older(name).values()]


def suggest_for_items(
    session: Session, school_id: str, item_ids: Collection[str], neighbours: Neighbours
) -> list[Suggested]:
    """What each of these items in use seems to show; no practice where the school has turned suggestions off."""
    items = list(
        session.scalars(
            select(Item).where(Item.school_id == school_id, Item.id.in_(item_ids), Item.withdrawn_at.is_(None))
        )
    )
    versions = current_versions(session, school_id, items)
    texts = texts_of(session, school_id, [v.id for v in versions.values()], with_text=True)
    declined = declined_of(session, school_id, [i.id for i in items])
    asked = asked_of_people(session, school_id, {i.owner_id for i in items})
    suggests = session.get_one(School, school_id).suggests
    frameworks = frozenset(catalogue.key for catalogue in followed(session, school_id))
    found = []
    for i in items:
        profile = profile_of(i, versions[i.id], texts.get(versions[i.id].id))
        requested = {one.node_key: (one.id, one.title) for one in asked.get(i.owner_id, ())}
        made = _suggest(i, profile, neighbours, declined.get(i.id, frozenset()), requested, frameworks)
        found.append(made if suggests else replace(made, suggestions=[]))
    return found


def profile_of(item: Item, version: Version, text: VersionText | None) -> DocumentProfile:
    """The item as the suggestions see it."""
    return DocumentProfile(
        file_name=version.file_name,
        folder=item.folder,
        title=(text.title if text else "") or item.title,
        headings=tuple(text.headings) if text else (),
        text=text.text if text else "",
        language=item.language or (text.language if text else "") or None,
    )


def of_item() -> ColumnElement[bool]:
    """The condition under which an `ItemSuggestion` belongs to an `Item`."""
    return (Item.school_id == ItemSuggestion.school_id) & (Item.id == ItemSuggestion.item_id)


def waiting(actor: Actor) -> ColumnElement[bool]:
    """The condition on `ItemSuggestion` beside its `Item`: the item is in use, offered, the actor's, undecided.

    For a few suggestions: each that leans on an item looks it up.
    """
    leant_on = visible_items(actor).where(Item.id == ItemSuggestion.leans_on).correlate(ItemSuggestion)
    return and_(visible_to(actor), Item.withdrawn_at.is_(None), is_offered(), undecided(actor, leant_on.exists()))


def is_offered() -> ColumnElement[bool]:
    """The condition on `Item` under which anything is suggested for it: no question keeps it private.

    An individual's plan is nobody's evidence of learning support; where it belongs is said in the place of practices.
    """
    return Item.held != Hold.PRIVATE


def undecided(actor: Actor, leans_on_open: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition on `ItemSuggestion` under which it waits for a yes or a no.

    Nobody tagged the item so or declined it, the reasons are not all about an item that is not open to the actor, as
    `leans_on_open` tells, and the school has suggestions turned on.
    """
    same = (ItemSuggestion.school_id, ItemSuggestion.item_id, ItemSuggestion.node_key)
    is_tagged, is_declined = (
        exists().where(
            *(mine == theirs for mine, theirs in zip((kind.school_id, kind.item_id, kind.node_key), same, strict=True))
        )
        for kind in (Tag, DeclinedSuggestion)
    )
    suggests = exists().where(School.id == actor.school_id, School.suggests)
    may_be_told = or_(ItemSuggestion.leans_on == "", leans_on_open)
    return and_(may_be_told, not_(is_tagged), not_(is_declined), suggests)


def suggestions_for(session: Session, actor: Actor, item_ids: Collection[str]) -> dict[str, list[Suggestion]]:
    """Item id -> kept suggestions, best first, of those of these items that the actor sees.

    Nodes that are tagged or were declined are left out, and all of them where the school has turned suggestions off. A
    reason names another item by its present title, and only if the actor may open that item; a suggestion that has no
    other reason is left out for this actor.
    """
    chosen = select(ItemSuggestion).join(Item, of_item()).where(waiting(actor), ItemSuggestion.item_id.in_(item_ids))
    rows = list(session.scalars(chosen.order_by(ItemSuggestion.position)))
    named = {b["params"]["item"] for row in rows for b in row.because if "item" in b["params"]}
    titles = {id: i.title for id, i in items_by_id(session, actor, named).items()} if named else {}
    asked = {b["params"]["request"] for row in rows for b in row.because if "request" in b["params"]}
    titles |= request_titles(session, actor, asked) if asked else {}
    mine = _tagged_by(session, actor, named)
    found: dict[str, list[Suggestion]] = {}
    for row in rows:
        because = tuple(_reasons(row, titles, mine))
        if because or not row.because:
            found.setdefault(row.item_id, []).append(Suggestion(row.node_key, row.score, because, row.is_sure))
    return found


def _tagged_by(session: Session, actor: Actor, item_ids: Collection[str]) -> frozenset[tuple[str, str]]:
    """Item id and node key of what the actor tagged so, of these items."""
    if not item_ids:
        return frozenset()
    own = (Tag.school_id == actor.school_id, Tag.tagged_by == actor.person_id, Tag.item_id.in_(item_ids))
    return frozenset((item_id, key) for item_id, key in session.execute(select(Tag.item_id, Tag.node_key).where(*own)))


def _reasons(row: ItemSuggestion, titles: Mapping[str, str], mine: Collection[tuple[str, str]]) -> Iterator[Because]:
    """The reasons of one suggestion; `titles` are those of the other items, and the requests, the reader may open,
    `mine` what the reader tagged.
    """
    for because in row.because:
        params: dict[str, str] = because["params"]
        if "request" in params:
            title = titles.get(params["request"])
            yield says("requested", **params, title=title) if title else says("requested_of_owner")
        elif "item" not in params:
            yield says(because["code"], **params)
        elif params["item"] in titles:
            is_own = because["code"] == "like_tagged" and (params["item"], row.node_key) in mine
            yield says("like_own_tagged" if is_own else because["code"], **params, title=titles[params["item"]])


def digests_of(session: Session, school_id: str, item_ids: Collection[str]) -> dict[str, str]:
    """Item id -> the words of its text by which it is compared with others, for `likeness`."""
    chosen = select(ItemDigest).where(ItemDigest.school_id == school_id, ItemDigest.item_id.in_(item_ids))
    return {row.item_id: row.digest for row in session.scalars(chosen)}


def declined_of(session: Session, school_id: str, item_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """Item id -> node keys that people declined for it."""
    found: dict[str, set[str]] = {}
    chosen = select(DeclinedSuggestion).where(
        DeclinedSuggestion.school_id == school_id, DeclinedSuggestion.item_id.in_(item_ids)
    )
    for row in session.scalars(chosen):
        found.setdefault(row.item_id, set()).add(row.node_key)
    return {id: frozenset(keys) for id, keys in found.items()}


def _suggest(
    item: Item,
    profile: DocumentProfile,
    neighbours: Neighbours,
    declined: frozenset[str],
    requested: Mapping[str, tuple[str, str]],
    frameworks: Collection[str],
) -> Suggested:
    learned = neighbours.near(profile, without=frozenset({item.id})) if len(neighbours) else []
    practices = suggest(
        profile,
        model_for(FRAMEWORK),
        learned,
        declined,
        item.programmes,
        SUGGESTIONS_KEPT,
        requested=requested,
    )
    beside = suggest_beside(profile, practices, learned, declined, frameworks)
    return Suggested(item.id, [*practices, *beside], text_digest(profile), kind_of(profile))
