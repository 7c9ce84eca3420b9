"""What the entries of the audit log are about, by name: as far as the reader may see it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from evidence_app.domain import accounts, planning, requests, selfstudy, tagging
from evidence_app.domain.access import Action, can
from evidence_app.domain.audit import AuditEntry
from evidence_app.extensions import actor, reading, school


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


NAMES = {
    "evaluation": _evaluations,
    "group": _groups,
    "person": _people,
    "plan": _plans,
    "request": _requests,
}
"""By the kind of what an act was done to; items and their tags are named together."""
