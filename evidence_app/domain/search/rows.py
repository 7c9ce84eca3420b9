"""The one place where rows become a search document."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.accounts import names_of
from evidence_app.domain.evidence import Flag, Item, ItemProgramme, Version, current_versions, visible_items
from evidence_app.domain.extraction import VersionText, texts_of
from evidence_app.domain.frameworks import followed
from evidence_app.domain.links import closed_among
from evidence_app.domain.scanning import infected_among
from evidence_app.domain.schools import Campus, School, Subject, YearGroup
from evidence_app.domain.search.protocol import IndexDocument
from evidence_app.domain.tagging import Tag

ITEMS_AT_ONCE = 200
BY_TITLE = (
    *("id", "title", "received_at", "purpose", "folder", "kind", "document_kind", "school_year"),
    *("subject_id", "year_group_id", "campus_id", "owner_id", "visibility", "language", "shown_from", "shown_to"),
)
"""What of an item's row is read where there is no index."""


def documents_for(session: Session, school_id: str, item_ids: Collection[str]) -> list[IndexDocument]:
    """The documents of those of these items that are in use. What is in the bin, or gone, has none."""
    in_use = select(Item).where(Item.school_id == school_id, Item.id.in_(item_ids), Item.withdrawn_at.is_(None))
    items = list(session.scalars(in_use))
    versions = current_versions(session, school_id, items)
    texts = texts_of(session, school_id, [v.id for v in versions.values()], with_text=True)
    tags: dict[str, list[Tag]] = {}
    for tag in session.scalars(select(Tag).where(Tag.school_id == school_id, Tag.item_id.in_(item_ids))):
        tags.setdefault(tag.item_id, []).append(tag)
    words = _Words(session, school_id, items)
    asked = select(Flag.item_id).where(
        Flag.school_id == school_id, Flag.item_id.in_(item_ids), Flag.settled_as.is_(None)
    )
    flagged = set(session.scalars(asked))
    shut = closed_among(session, school_id, item_ids)
    bad = infected_among(session, school_id, item_ids)
    return [
        _document(
            i,
            versions[i.id],
            texts.get(versions[i.id].id),
            tags.get(i.id, []),
            words,
            {"question": i.id in flagged, "closed": i.id in shut, "infected": i.id in bad},
        )
        for i in items
    ]


def all_documents(
    session: Session, school_id: str, without: Collection[str] = frozenset()
) -> Iterator[list[IndexDocument]]:
    """The documents of a whole school, some at a time, so that memory stays flat however many there are."""
    for ids in all_ids(session, school_id):
        if wanted := [id for id in ids if id not in without]:
            yield documents_for(session, school_id, wanted)
            session.expunge_all()


def all_ids(session: Session, school_id: str) -> Iterator[list[str]]:
    """The ids of all items in use, some at a time, in order."""
    last = ""
    while True:
        following = select(Item.id).where(Item.school_id == school_id, Item.id > last, Item.withdrawn_at.is_(None))
        ids = list(session.scalars(following.order_by(Item.id).limit(ITEMS_AT_ONCE)))
        if not ids:
            return
        yield ids
        last = ids[-1]


def documents_by_title(session: Session, actor: Actor) -> Iterator[IndexDocument]:
    """What the actor may see now, as documents without text, names of files and tags: what one row says of
    each. The newest received come first.
    """
    words = _Words(session, actor.school_id)
    programmes: dict[str, tuple[str, ...]] = {}
    about = select(ItemProgramme.item_id, ItemProgramme.programme).where(ItemProgramme.school_id == actor.school_id)
    for item_id, programme in session.execute(about):
        programmes[item_id] = (*programmes.get(item_id, ()), programme)
    chosen = visible_items(actor).order_by(Item.received_at.desc(), Item.id)
    columns = [getattr(Item, name) for name in BY_TITLE]
    for row in session.execute(chosen.with_only_columns(*columns).execution_options(yield_per=1000)):
        yield IndexDocument(
            item_id=row.id,
            title=row.title,
            received_at=row.received_at,
            purpose=row.purpose,
            folder=row.folder,
            programmes=programmes.get(row.id, ()),
            kind=row.kind,
            document_kind=row.document_kind,
            school_year=row.school_year,
            subjects=_one(words.subjects, row.subject_id),
            year_groups=_one(words.year_groups, row.year_group_id),
            campuses=_one(words.campuses, row.campus_id),
            owner=row.owner_id,
            owner_name=words.owner(row.owner_id),
            visibility=row.visibility,
            language=row.language or words.language,
            shown_on=row.shown_to or row.shown_from,
        )


def indexed_ids(session: Session, school_id: str) -> frozenset[str]:
    """The ids the index of a school should hold: all items in use."""
    return frozenset(session.scalars(select(Item.id).where(Item.school_id == school_id, Item.withdrawn_at.is_(None))))


class _Words:
    """The names behind the ids of many items, the school's language, and what it follows, fetched once."""

    def __init__(self, session: Session, school_id: str, items: Collection[Item] = ()) -> None:
        self._session, self._school_id = session, school_id
        self.language = session.get_one(School, school_id).language
        self._owners = names_of(session, school_id, {i.owner_id for i in items})
        self.subjects = _names(session, Subject, school_id)
        self.year_groups = _names(session, YearGroup, school_id)
        self.campuses = _names(session, Campus, school_id)
        self._catalogues = followed(session, school_id)

    def owner(self, person_id: str) -> str:
        """What a person is called."""
        if person_id not in self._owners:
            self._owners[person_id] = names_of(self._session, self._school_id, {person_id}).get(person_id, "")
        return self._owners[person_id]

    def above(self, node_key: str) -> list[str]:
        """The keys of what stands above a node in its catalogue; none where the school does not follow it any more."""
        return [n.key for book in self._catalogues if node_key in book for n in book.ancestors(node_key)]


def _names(session: Session, kind: type[Subject | YearGroup | Campus], school_id: str) -> dict[str, str]:
    rows = session.execute(select(kind.id, kind.name).where(kind.school_id == school_id))
    return {row.id: row.name for row in rows}


def _document(
    item: Item,
    version: Version,
    text: VersionText | None,
    tags: Collection[Tag],
    words: _Words,
    asks: Mapping[str, bool],
) -> IndexDocument:
    flags = {
        "text": text is not None and bool(text.text.strip()),
        "ocr": text is not None and text.state == "read by OCR",
        "purpose": bool(item.purpose),
        "tags": bool(tags),
        **asks,
    }
    return IndexDocument(
        item_id=item.id,
        title=item.title,
        received_at=item.received_at,
        purpose=f"{item.purpose}\n{item.description}".strip(),
        body=text.text if text else "",
        file_name=version.file_name,
        folder=item.folder,
        how="\n".join(tag.note for tag in tags if tag.note),
        nodes=tuple(sorted(tag.node_key for tag in tags)),
        broader_nodes=tuple(sorted({key for tag in tags for key in words.above(tag.node_key)})),
        programmes=item.programmes,
        kind=item.kind,
        document_kind=item.document_kind,
        school_year=item.school_year,
        subjects=_one(words.subjects, item.subject_id),
        year_groups=_one(words.year_groups, item.year_group_id),
        campuses=_one(words.campuses, item.campus_id),
        owner=item.owner_id,
        owner_name=words.owner(item.owner_id),
        visibility=item.visibility,
        # Nobody knows: then most likely the school's own, which is also how snippets are marked.
        language=item.language or words.language,
        text_state=text.state if text else "waiting",
        tag_states=tuple(sorted({tag.state for tag in tags})),
        strength=max((tag.strength for tag in tags), default=0),
        flags=frozenset(flag for flag, has in flags.items() if has),
        shown_on=item.shown_to or item.shown_from,
    )


def _one(names: dict[str, str], id: str | None) -> tuple[str, ...]:
    return (names[id],) if id in names else ()
