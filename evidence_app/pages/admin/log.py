"""What the entries of the audit log are about, by name: as far as the reader may see it now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import shorten

from flask import url_for

from evidence_app.domain import accounts, planning, reports, requests, selfstudy, sharing, tagging
from evidence_app.domain.access import Action, can
from evidence_app.domain.audit import AuditEntry
from evidence_app.domain.reports import Compilation, Edition, Snapshot
from evidence_app.extensions import actor, reading, school
from evidence_app.pages.study.desk import answer_url
from evidence_app.web.nodes import nodes

FINDING_CHARS = 80


@dataclass(frozen=True, slots=True)
class Named:
    """What something is called, and where it is; the address is "" for what has no page any more."""

    title: str
    url: str = ""


def named_in(entries: Sequence[AuditEntry]) -> dict[int, Named]:
    """Sequence of an entry -> what it is about, for what the reader may see now; a query or two for each kind."""
    kinds: dict[str, set[str]] = {}
    for entry in entries:
        kinds.setdefault(entry.subject_kind, set()).add(entry.subject_id)
    key = school().key
    found = {
        (kind, id): named
        for kind, names in NAMES.items()
        if kind in kinds
        for id, named in names(kinds[kind], key).items()
    }
    items = tagging.items_told_of(reading(), actor(), entries) if kinds.keys() & {"item", "tag"} else {}
    of_items = {
        sequence: Named(item.title, url_for("evidence.item", school_key=key, item_id=item.id))
        for sequence, item in items.items()
    }
    of_others = {
        entry.sequence: found[entry.subject_kind, entry.subject_id]
        for entry in entries
        if (entry.subject_kind, entry.subject_id) in found
    }
    return of_items | of_others


def _people(ids: set[str], key: str) -> dict[str, Named]:
    """Everybody who is or was here; who left has no page."""
    members = {one.person_id for one in accounts.members_of(reading(), actor())}
    return {
        id: Named(name, url_for("admin.person", person_id=id, school_key=key) if id in members else "")
        for id, name in accounts.names_of(reading(), actor().school_id, ids).items()
    }


def _groups(ids: set[str], key: str) -> dict[str, Named]:
    groups = [one for one in accounts.groups_of_school(reading(), actor()) if one.id in ids]
    return {one.id: Named(one.name, url_for("admin.group", group_id=one.id, school_key=key)) for one in groups}


def _requests(ids: set[str], key: str) -> dict[str, Named]:
    titles = requests.request_titles(reading(), actor(), ids)
    return {
        id: Named(title, url_for("requests.request_page", request_id=id, school_key=key))
        for id, title in titles.items()
    }


def _evaluations(ids: set[str], key: str) -> dict[str, Named]:
    readable = selfstudy.evaluations_of(reading(), actor()) if can(actor(), Action.READ_STUDY) else []
    found = [one for one in readable if one.id in ids]
    return {one.id: Named(one.name, url_for("study.overview", evaluation_id=one.id, school_key=key)) for one in found}


def _plans(ids: set[str], key: str) -> dict[str, Named]:
    readable = planning.plans_of(reading(), actor()) if can(actor(), Action.READ_PLAN) else []
    found = [one for one in readable if one.id in ids]
    return {one.id: Named(one.name, url_for("plan.plan", plan_id=one.id, school_key=key)) for one in found}


def _responses(ids: set[str], key: str) -> dict[str, Named]:
    """A practice, by its name, with the programme it is answered for."""
    found = selfstudy.responses_among(reading(), actor(), ids)
    words = {one.id: nodes()[one.node_key] for one in found}
    return {
        one.id: Named(
            f"{words[one.id].label} {words[one.id].code}, {one.programme}", answer_url(one.evaluation_id, one.id)
        )
        for one in found
    }


def _actions(ids: set[str], key: str) -> dict[str, Named]:
    found = planning.actions_among(reading(), actor(), ids) if can(actor(), Action.READ_PLAN) else []
    return {
        one.action.id: Named(
            one.action.title, url_for("plan.action", plan_id=one.plan.id, action_id=one.action.id, school_key=key)
        )
        for one in found
    }


def _findings(ids: set[str], key: str) -> dict[str, Named]:
    """A finding has no title: it is called by the beginning of what it says."""
    readable = planning.findings_of(reading(), actor()) if can(actor(), Action.READ_PLAN) else []
    found = [one for one in readable if one.id in ids]
    return {
        one.id: Named(
            shorten(one.text, FINDING_CHARS, placeholder="…"),
            url_for("plan.finding", finding_id=one.id, school_key=key),
        )
        for one in found
    }


def _shares(ids: set[str], key: str) -> dict[str, Named]:
    lines = sharing.shares_of(reading(), actor()) if can(actor(), Action.SHARE_REPORT) else []
    return {
        one.share.id: Named(
            ", ".join(filter(None, (one.evaluation.name, one.share.note))),
            url_for("shares.share", share_id=one.share.id, school_key=key),
        )
        for one in lines
        if one.share.id in ids
    }


def _reported(made: type[Snapshot | Edition | Compilation]) -> Callable[[set[str], str], dict[str, Named]]:
    """The names of what is made of a self-study: that of the self-study, on the page of its reports."""

    def names(ids: set[str], key: str) -> dict[str, Named]:
        frames = reports.evaluations_behind(reading(), actor(), made, ids)
        return {
            id: Named(frame.name, url_for("reports.overview", evaluation=frame.id, school_key=key))
            for id, frame in frames.items()
        }

    return names


NAMES = {
    "action": _actions,
    "compilation": _reported(Compilation),
    "edition": _reported(Edition),
    "evaluation": _evaluations,
    "finding": _findings,
    "group": _groups,
    "person": _people,
    "plan": _plans,
    "request": _requests,
    "response": _responses,
    "share": _shares,
    "snapshot": _reported(Snapshot),
}
"""By the kind of what an act was done to; items and their tags are named together."""
