"""One practice on one page: what it means, what shows it, what is asked, what we say about it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import Blueprint, render_template, request

import exports
import standards
from evidence_app.domain import frameworks, planning, requests, schools, selfstudy, suggesting, tagging
from evidence_app.domain.access import Action, can
from evidence_app.domain.evidence import Item, Version, current_versions
from evidence_app.domain.extraction import thumbnails_of
from evidence_app.domain.tagging import TaggedItem
from evidence_app.extensions import actor, reading
from evidence_app.i18n import Message
from evidence_app.web.access import open_to
from evidence_app.web.documents import sign_of
from evidence_app.web.narratives import Narratives
from evidence_app.web.nodes import said_once
from evidence_app.web.templating import say

pages = Blueprint("practice", __name__, url_prefix="/<school_key>/practice")
FITTING_SHOWN = 6
REASONS_SHOWN = 2


@dataclass(frozen=True)
class Shown:
    """Evidence of a practice as a row of the page: the tag with its item, and what its thumbnail is made of."""

    tagged: TaggedItem
    version_id: str
    has_thumbnail: bool
    sign: str


@dataclass(frozen=True)
class Fitting:
    """An item nobody tagged that seems to show the practice, or the requirement `node_key` below it, and why."""

    item: Item
    node_key: str
    fit: Message
    because: str
    more_like_it: int
    version_id: str
    has_thumbnail: bool
    sign: str


@dataclass(frozen=True)
class Said:
    """What one evaluation says about the practice in one programme; without `html` where nothing is written yet."""

    evaluation: selfstudy.Evaluation
    programme: str
    response: selfstudy.Response
    html: exports.SafeHtml | None


@pages.get("/<code>")
@open_to(Action.READ_EVIDENCE)
def practice(school_key: str, code: str) -> str:
    node = frameworks.require_node(reading(), actor().school_id, code)
    catalogue = frameworks.catalogue_for(reading(), actor().school_id, node.key.partition("/")[0])
    keys = [node.key, *(below.key for below in catalogue.descendants(node.key))]
    programme = request.args.get("programme", "")
    return render_template(
        "practice/practice.html",
        node=node,
        above=said_once(catalogue.ancestors(node.key)),
        below=catalogue.children(node.key),
        programme=programme,
        shown=_evidence(keys, programme),
        fitting=_fitting(keys),
        asked=requests.requests_for(reading(), actor(), keys),
        offered=schools.school_of(reading(), actor()).programmes,
        said=_said(node),
        actions=planning.actions_for(reading(), actor(), keys) if can(actor(), Action.READ_PLAN) else [],
        nodes=catalogue,
    )


def _evidence(keys: list[str], programme: str) -> list[Shown]:
    found = [
        one
        for one in tagging.evidence_for(reading(), actor(), keys)
        if not programme or not one.item.programmes or programme in one.item.programmes
    ]
    versions = current_versions(reading(), actor().school_id, [one.item for one in found])
    pictures = thumbnails_of(reading(), actor().school_id, [v.id for v in versions.values()])
    return [_shown(one, versions[one.item.id], pictures) for one in found]


def _fitting(keys: list[str]) -> list[Fitting]:
    """What the school may have already, for whoever may tag it."""
    if not can(actor(), Action.TAG_EVIDENCE):
        return []
    found = suggesting.items_fitting(reading(), actor(), keys, most=FITTING_SHOWN)
    versions = current_versions(reading(), actor().school_id, [one.item for one in found])
    pictures = thumbnails_of(reading(), actor().school_id, [v.id for v in versions.values()])
    return [
        Fitting(
            item=one.item,
            node_key=one.suggestion.node_key,
            fit=one.suggestion.fit,
            because="; ".join(str(say(reason.message)) for reason in one.suggestion.because[:REASONS_SHOWN]),
            more_like_it=one.more_like_it,
            version_id=versions[one.item.id].id,
            has_thumbnail=versions[one.item.id].id in pictures,
            sign=sign_of(one.item, versions[one.item.id].media_type),
        )
        for one in found
    ]


def _shown(one: TaggedItem, version: Version, pictures: Collection[str]) -> Shown:
    return Shown(one, version.id, version.id in pictures, sign_of(one.item, version.media_type))


def _said(node: standards.Node) -> list[Said]:
    """What the evaluations say about this practice, open ones first, printed as readers of the report see it."""
    if not can(actor(), Action.READ_STUDY):
        return []
    found = []
    for evaluation in selfstudy.evaluations_of(reading(), actor()):
        responses = [
            (programme, response)
            for programme in selfstudy.programmes_for(actor(), evaluation)
            if (response := selfstudy.response_at(reading(), actor(), evaluation.id, node.key, programme)) is not None
        ]
        narratives = Narratives(evaluation.id) if any(response.narrative for _, response in responses) else None
        for programme, response in responses:
            html = narratives.print(response.narrative).html if narratives and response.narrative else None
            found.append(Said(evaluation, programme, response, html))
    return found
