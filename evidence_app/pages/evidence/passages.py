"""Practices for a passage that somebody chose in the text of an item, to tag it with these very words."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from flask_babel import gettext

from evidence_app.domain import evidence, suggesting, tagging
from evidence_app.domain.access import Action
from evidence_app.domain.suggesting import LONGEST_PASSAGE
from evidence_app.extensions import actor, reading
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.item import item_context
from evidence_app.pages.evidence.preview import preview_of
from evidence_app.web.access import open_to
from evidence_app.web.fragments import wants_fragment
from evidence_app.web.nodes import NodeWords, nodes
from evidence_app.web.templating import say

QUOTED_CHARACTERS = 400
"""How much of the passage goes into the line that says how it shows it, which holds 500."""


@dataclass(frozen=True, slots=True)
class PracticeOfPassage:
    """A node the passage seems to show. Without `is_sure` it is a guess; `is_tagged` is what the item has already."""

    node: NodeWords
    because: str
    is_sure: bool
    is_tagged: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """The words somebody chose, what is quoted of them in a tag, and what they seem to show."""

    words: str
    quoted: str
    found: list[PracticeOfPassage]


@pages.post("/<item_id>/passage")
@open_to(Action.TAG_EVIDENCE)
def passage(school_key: str, item_id: str) -> str:
    chosen = _passage(item_id, " ".join(request.form.get("passage", "").split())[:LONGEST_PASSAGE])
    found = evidence.item(reading(), actor(), item_id)
    if wants_fragment():
        return render_template("evidence/_passage_found.html", passage=chosen, item=found)
    version = evidence.current_version(reading(), found)
    preview = preview_of(found, version)
    return render_template("evidence/item.html", **item_context(found, version), preview=preview, passage=chosen)


def _passage(item_id: str, words: str) -> Passage:
    suggested = suggesting.suggest_for_passage(reading(), actor(), item_id, words)
    tagged = {tag.node_key for tag in tagging.tags_of(reading(), actor(), item_id)}
    return Passage(
        words=words,
        quoted=gettext("“%(words)s”", words=_shortened(words)),
        found=[
            PracticeOfPassage(
                node=nodes()[one.node_key],
                because=str(say(one.because[0].message)) if one.because else "",
                is_sure=one.sure,
                is_tagged=one.node_key in tagged,
            )
            for one in suggested
        ],
    )


def _shortened(words: str) -> str:
    """The words as far as they fit, ended between two words."""
    if len(words) <= QUOTED_CHARACTERS:
        return words
    return f"{words[:QUOTED_CHARACTERS].rpartition(' ')[0]} …"
