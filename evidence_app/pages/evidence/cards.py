"""Filing cards as templates draw them: what was found out about a file, and what the person has said so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from evidence_app.domain import accounts, evidence, extraction
from evidence_app.domain.evidence import Hold, Item, ItemKind, Visibility
from evidence_app.domain.extraction import ReadingState
from evidence_app.domain.guarding import Signs
from evidence_app.domain.intake import Card, CardState, EntryState, Shown
from evidence_app.extensions import actor, reading, school
from evidence_app.web.documents import kind_words, sign_of
from evidence_app.web.nodes import NodeWords, nodes
from evidence_app.web.templating import say, size

REASONS_SHOWN = 2
WITHOUT_WORDS = frozenset({"image", "video", "sound", "series"})
"""Signs of what is filed for what is seen and heard in it: that it has no words is nothing amiss."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A practice on a card: suggested with its reason, or chosen by the person."""

    node: NodeWords
    because: str
    checked: bool
    declined: bool
    suggested: bool


@dataclass(frozen=True, slots=True)
class CardView:
    """One card, with who filed the item that has the same bytes or is likely another version of it."""

    card: Card
    name: str
    line: str
    sign: str
    thumb_url: str
    chips: tuple[Chip, ...]
    note: str
    title: str
    purpose: str
    trouble: str
    known_owner: str
    likely_owner: str
    may_change_likely: bool

    @property
    def id(self) -> str:
        """The item's id."""
        return self.card.item.id

    @property
    def state(self) -> str:
        """The kind of state sign."""
        return str(self.card.state)

    @property
    def unread(self) -> str:
        """In a word or two, why its words cannot be found though it can be filed; empty where they can, or need not."""
        text = self.card.text
        if self.card.state != CardState.READY or self.card.item.kind == ItemKind.LINK:
            return ""
        if text is None:
            return str(say(extraction.state_words(ReadingState.FAILED)))
        is_empty = text.state == ReadingState.NO_TEXT and self.sign not in WITHOUT_WORDS
        return str(say(extraction.state_words(ReadingState(text.state)))) if text.is_unread or is_empty else ""

    @property
    def shows_as_asked(self) -> NodeWords | None:
        """The practice of the request it answers, which it shows by that."""
        return nodes()[self.card.asked.node_key] if self.card.asked else None

    @property
    def was_there(self) -> bool:
        """Whether the item was there before, so that only practices are added to it."""
        return self.card.entry_state == EntryState.KNOWN

    @property
    def ticked_unasked(self) -> list[NodeWords]:
        """The practices that a suggestion has ticked on it and that saving would give it, nothing being said of it."""
        if self.card.state != CardState.READY or self.card.said is not None:
            return []
        return [chip.node for chip in self.chips if chip.suggested and chip.checked]

    @property
    def shows_already(self) -> list[NodeWords]:
        """The practices it is tagged to."""
        return nodes().of(tag.node_key for tag in self.card.tags)


def said_of(form: MultiDict[str, str], item_id: str) -> Shown:
    """What a posted card says; names of fields end in the item's id."""
    keys = [*form.getlist(f"practices-{item_id}"), *form.getlist(f"more-{item_id}")]
    return Shown(
        item_id=item_id,
        node_keys=tuple(dict.fromkeys(key for key in keys if key)),
        note=form.get(f"note-{item_id}", ""),
        declined=tuple(form.getlist(f"declined-{item_id}")),
        title=form.get(f"title-{item_id}"),
        purpose=form.get(f"purpose-{item_id}"),
    )


def views_of(cards: list[Card], said: Mapping[str, Shown] | None = None) -> list[CardView]:
    """The cards, with what was said about them: now, or before and not saved yet."""
    owners = accounts.names_of(
        reading(), school().id, {k.owner_id for card in cards for k in (*card.known, *card.likely)}
    )
    seen = evidence.signs_of_held(
        reading(), school().id, [card.item.id for card in cards if card.item.held == Hold.PRIVATE]
    )
    posted = said or {}
    return [_view(card, posted.get(card.item.id, card.said), owners, seen.get(card.item.id)) for card in cards]


def view_of(card: Card, said: Shown | None = None) -> CardView:
    """One card."""
    return views_of([card], {card.item.id: said} if said else None)[0]


def _view(card: Card, said: Shown | None, owners: Mapping[str, str], seen: Signs | None) -> CardView:
    thumb = card.thumbnail
    return CardView(
        card=card,
        name=card.version.file_name
        if card.item.kind == ItemKind.FILE and not card.version.is_series
        else card.item.title,
        line=_line(card),
        sign=sign_of(card.item, card.version.media_type),
        thumb_url=url_for(
            "evidence.picture", school_key=school().key, item_id=card.item.id, version_id=card.version.id, page=0
        )
        if thumb
        else "",
        chips=tuple(chip for chip in _chips(card, said) if not card.asked or chip.node.key != card.asked.node_key),
        note=said.note if said else "",
        title=(said.title if said else None) or card.item.title,
        purpose=card.item.purpose if said is None or said.purpose is None else said.purpose,
        trouble=_trouble(card, seen),
        known_owner=_owner(card.known, owners),
        likely_owner=_owner(card.likely, owners),
        may_change_likely=bool(card.likely) and evidence.may_change(actor(), card.likely[0]),
    )


def _chips(card: Card, said: Shown | None) -> list[Chip]:
    suggested = {s.node_key: s for s in card.suggestions}
    chips = []
    for key, suggestion in suggested.items():
        because = "; ".join(say(reason.message) for reason in suggestion.because[:REASONS_SHOWN])
        checked = key in said.node_keys if said else suggestion.sure
        declined = bool(said) and said is not None and key in said.declined
        chips.append(Chip(nodes()[key], because, checked and not declined, declined, suggested=True))
    chosen = [key for key in (said.node_keys if said else ()) if key not in suggested]
    return chips + [Chip(nodes()[key], gettext("you chose it"), True, False, suggested=False) for key in chosen]


def _line(card: Card) -> str:
    if card.state == CardState.READING:
        return str(gettext("Safe with us. You can close this page and come back."))
    came, is_private = [], card.item.visibility == Visibility.PRIVATE
    if card.entry_state == EntryState.MAILED:
        came = [gettext("Came by e-mail; nobody else sees it yet") if is_private else gettext("Came by e-mail")]
    if card.entry_state != EntryState.KNOWN and not is_private:
        came.append(gettext("others see it already"))
    if card.item.kind == ItemKind.LINK:
        return " · ".join([*came, card.version.url])
    words = [*came, kind_words(card.item, card.version, card.text), size(evidence.size_of(reading(), card.version))]
    return " · ".join(words)


def _trouble(card: Card, seen: Signs | None) -> str:
    """What to know of it in plain words: that it is held back, or why nothing is suggested; empty when all is well."""
    if card.state != CardState.READY:
        return ""
    if seen is not None:
        stays = gettext("It stays private until you have answered for it on its page.")
        return " ".join((str(say(seen.looks.label)), str(say(seen.belongs)), str(stays)))
    if card.item.kind == ItemKind.LINK:
        return ""
    if card.text is None:
        return str(gettext("The text could not be read. The file is kept; choose the practice yourself."))
    if card.text.is_unread:
        return " ".join(str(say(words)) for words in extraction.next_steps(card.text))
    if card.text.reading_warnings:
        return str(say(extraction.warning_sentence(card.text.reading_warnings[0])))
    if card.text.state == ReadingState.NO_TEXT:
        return str(gettext("There is no text in it to read. Choose the practice yourself."))
    return ""


def _owner(items: Sequence[Item], owners: Mapping[str, str]) -> str:
    """Who filed the first of these."""
    if not items:
        return ""
    return str(gettext("you")) if items[0].owner_id == actor().person_id else owners.get(items[0].owner_id, "")
