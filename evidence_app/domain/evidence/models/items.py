"""Evidence items and their versions: the facts. The bytes are in the blob store under the version's SHA-256."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    literal_column,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evidence_app.database import Base, SchoolOwned, school_key
from evidence_app.domain.evidence.models.states import ADDRESS_ONLY, SERIES, Hold, ItemKind, Visibility


class Item(SchoolOwned, Base):
    """One thing filed. It keeps its identity when a new version arrives; `current_version_id` names the newest.

    `held` follows from the flags of its versions; the database itself refuses to open an item further than it allows.
    `came_in_bulk`: with a drive or an import, so that nobody chose its facts for it alone.
    """

    __tablename__ = "items"
    __table_args__ = (
        school_key("campus_id", "campuses"),
        school_key("subject_id", "subjects"),
        school_key("year_group_id", "year_groups"),
        CheckConstraint("shown_to is null or shown_from is null or shown_from <= shown_to", name="period"),
        CheckConstraint(
            "held = '' or visibility = 'private' or (held = 'release' and visibility = 'staff')", name="held"
        ),
        Index("ix_items_received", "school_id", "received_at"),
        Index("ix_items_owner", "school_id", "owner_id"),
        Index("ix_items_visibility", "school_id", "visibility"),
        Index("ix_items_folder", "school_id", "folder"),
        # All that says who sees an item: counting looks at nothing else.
        Index("ix_items_seen", "school_id", "withdrawn_at", "leaving_at", "visibility", "owner_id"),
    )

    kind: Mapped[ItemKind] = mapped_column(String(4))
    title: Mapped[str] = mapped_column(String(300))
    purpose: Mapped[str] = mapped_column(String(300), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    document_kind: Mapped[str] = mapped_column(String(60), default="")
    campus_id: Mapped[str | None] = mapped_column(String(26))
    subject_id: Mapped[str | None] = mapped_column(String(26))
    year_group_id: Mapped[str | None] = mapped_column(String(26))
    school_year: Mapped[str] = mapped_column(String(9), default="")
    shown_from: Mapped[date | None]
    shown_to: Mapped[date | None]
    received_at: Mapped[datetime]
    review_by: Mapped[date | None]
    language: Mapped[str] = mapped_column(String(2), default="")
    visibility: Mapped[Visibility] = mapped_column(String(9))
    held: Mapped[Hold] = mapped_column(String(7), default=Hold.NONE)
    owner_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    folder: Mapped[str] = mapped_column(String(1000), default="")
    came_in_bulk: Mapped[bool] = mapped_column(default=False)
    current_version_id: Mapped[str] = mapped_column(String(26))
    changed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    leaving_at: Mapped[datetime | None]
    """When it was asked that it be erased for good: from then on nobody sees it, and nothing brings it back."""

    offered: Mapped[list[ItemProgramme]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="ItemProgramme.programme"
    )
    versions: Mapped[list[Version]] = relationship(
        primaryjoin="and_(Version.school_id == Item.school_id, Version.item_id == Item.id, Version.part == 0)",
        order_by="Version.number.desc()",
        viewonly=True,
    )

    @property
    def programmes(self) -> tuple[str, ...]:
        """The programmes the item is about; none means the whole school."""
        return tuple(row.programme for row in self.offered)


REVIEWED = Item.review_by.is_not(None)
# Few items have a day on which they are looked at again, and each home page asks for those that are overdue.
Index("ix_items_review", Item.school_id, Item.review_by, sqlite_where=REVIEWED, postgresql_where=REVIEWED)

HELD_BACK = or_(
    Item.visibility == literal_column("'private'"), Item.leaving_at.is_not(None), Item.withdrawn_at.is_not(None)
)
"""The few of a school's items that are not open to all who may see what is open. Their index is looked at where a
question has this condition to the letter."""
# It holds all that says who sees them: without it SQLite reads every row of a large school instead.
Index(
    "ix_items_held_back",
    Item.school_id,
    Item.id,
    Item.visibility,
    Item.leaving_at,
    Item.withdrawn_at,
    Item.owner_id,
    sqlite_where=HELD_BACK,
    postgresql_where=HELD_BACK,
)


class ItemProgramme(Base):
    """A programme an item is about."""

    __tablename__ = "item_programmes"
    __table_args__ = (school_key("item_id", "items", ondelete="CASCADE"),)

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    programme: Mapped[str] = mapped_column(String(3), primary_key=True)


class Version(SchoolOwned, Base):
    """The immutable content of an item at a time; a note's is its Markdown text.

    A link's content is its address, or a copy of what stands there: then `url` is the address of the original.
    A version may be several files in an order (`is_series`): each of them is a row of this table too, whose `part`
    counts from 1 those that came in with the version of its `number`; `part` is 0 for the version itself.
    """

    __tablename__ = "versions"
    __table_args__ = (
        school_key("item_id", "items", ondelete="CASCADE"),
        UniqueConstraint("school_id", "item_id", "number", "part"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("size_bytes >= 0", name="size"),
        Index("ix_versions_sha256", "school_id", "sha256"),
        Index("ix_versions_name_stem", "school_id", "name_stem"),
    )

    item_id: Mapped[str] = mapped_column(String(26))
    number: Mapped[int]
    part: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(120))
    file_name: Mapped[str] = mapped_column(String(300))
    name_stem: Mapped[str] = mapped_column(String(120), default="")
    """What the name has in common with those of other versions, see `version_stem`; "" for a link or a note."""
    url: Mapped[str] = mapped_column(Text, default="")
    added_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    added_at: Mapped[datetime]
    comment: Mapped[str] = mapped_column(String(300), default="")

    @property
    def is_address_only(self) -> bool:
        """Whether this is a link without a copy, so that there is nothing to show but the address."""
        return self.media_type == ADDRESS_ONLY

    @property
    def is_series(self) -> bool:
        """Whether it is several files in an order."""
        return self.media_type == SERIES


class SeriesPart(Base):
    """One file of a version that is a series: where it stands, counted from 1, and its caption."""

    __tablename__ = "series_parts"
    __table_args__ = (
        school_key("version_id", "versions", ondelete="CASCADE"),
        school_key("part_id", "versions", ondelete="CASCADE"),
        CheckConstraint("place > 0", name="place"),
        Index("ix_series_parts_part", "school_id", "part_id"),
    )

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    version_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[str] = mapped_column(String(26))
    caption: Mapped[str] = mapped_column(String(300), default="")


class ItemAccess(SchoolOwned, Base):
    """A person or a group that may open a private item; custodians may also say who else may.

    A person's name counts while `standing` is that of their membership: not after they left, nor after a link has
    opened their account, until a custodian confirms it.
    """

    __tablename__ = "item_access"
    __table_args__ = (
        school_key("item_id", "items", ondelete="CASCADE"),
        school_key("group_id", "groups"),
        CheckConstraint("(person_id is null) <> (group_id is null)", name="one_subject"),
        Index("ix_item_access_item", "school_id", "item_id"),
        Index("ix_item_access_person", "school_id", "person_id"),
    )

    item_id: Mapped[str] = mapped_column(String(26))
    person_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("people.id"))
    group_id: Mapped[str | None] = mapped_column(String(26))
    is_custodian: Mapped[bool] = mapped_column(default=False)
    standing: Mapped[str] = mapped_column(String(26), default="")


class FilingKey(Base):
    """The key a browser or phone sent with a filing, so that sending it twice files it once. Kept for some days."""

    __tablename__ = "filing_keys"
    __table_args__ = (school_key("item_id", "items", ondelete="CASCADE"),)

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(26))
    created_at: Mapped[datetime]
