"""Which pages there are, and how each is pictured: in whose window, at which address."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.routing import Rule

from evidence_app.domain.access import Role


@dataclass(frozen=True)
class Picture:
    """One page: its name, whose window it is in (None: nobody is signed in), and its address; `{…}` are known ids."""

    name: str
    role: Role | None
    address: str


HERE = "/{school_key}"
ANSWER = HERE + "/study/{evaluation_id}/answers/{response_id}"
COMPARED = HERE + "/evidence/{versions_id}/versions/{earlier_id}/compare"
PICTURES = (
    Picture("sign-in", None, "/sign-in"),
    Picture("invitation", None, "/invitation/{token}"),
    Picture("set-up", None, "{empty_installation}/setup/{setup}"),
    Picture("schools", Role.HEAD, "/"),
    Picture("home-teacher", Role.TEACHER, f"{HERE}/"),
    Picture("home-coordinator", Role.COORDINATOR, f"{HERE}/"),
    Picture("home-head", Role.HEAD, f"{HERE}/"),
    Picture("home-reader", Role.READER, f"{HERE}/"),
    Picture("filing", Role.TEACHER, f"{HERE}/evidence/new"),
    Picture("filing-link", Role.TEACHER, f"{HERE}/evidence/new/link"),
    Picture("filing-note", Role.TEACHER, f"{HERE}/evidence/new/note"),
    Picture("drives", Role.TEACHER, f"{HERE}/evidence/drives"),
    Picture("drive-plan", Role.TEACHER, f"{HERE}/evidence/drives/{{drive_id}}"),
    Picture("drive-folder", Role.TEACHER, f"{HERE}/evidence/drives/{{drive_id}}/folders?folder=C. Culture"),
    Picture("library", Role.COORDINATOR, f"{HERE}/evidence/"),
    Picture("library-search", Role.TEACHER, f"{HERE}/evidence/?q=inclusion"),
    Picture("item", Role.COORDINATOR, f"{HERE}/evidence/{{item_id}}"),
    Picture("item-text", Role.COORDINATOR, f"{HERE}/evidence/{{item_id}}?view=text"),
    Picture("item-facts", Role.COORDINATOR, f"{HERE}/evidence/{{item_id}}/edit"),
    Picture("item-new-version", Role.COORDINATOR, f"{HERE}/evidence/{{item_id}}/versions/new"),
    Picture("item-versions-compared", Role.COORDINATOR, COMPARED),
    Picture("item-link", Role.COORDINATOR, f"{HERE}/evidence/{{link_id}}"),
    Picture("item-link-copy", Role.COORDINATOR, f"{HERE}/evidence/{{link_id}}/copy"),
    Picture("item-series", Role.COORDINATOR, f"{HERE}/evidence/{{series_id}}"),
    Picture("item-series-order", Role.COORDINATOR, f"{HERE}/evidence/{{series_id}}/series"),
    Picture("item-erase", Role.ADMINISTRATOR, f"{HERE}/evidence/{{item_id}}/erase"),
    Picture("item-access", Role.TEACHER, f"{HERE}/evidence/{{private_id}}/access"),
    Picture("links", Role.COORDINATOR, f"{HERE}/evidence/links"),
    Picture("questions", Role.LEARNING_SUPPORT, f"{HERE}/evidence/questions"),
    Picture("question", Role.LEARNING_SUPPORT, f"{HERE}/evidence/{{asked_id}}/question"),
    Picture("suggestions", Role.COORDINATOR, f"{HERE}/review/suggestions/"),
    Picture("suggestions-by-folder", Role.COORDINATOR, f"{HERE}/review/suggestions/?by=folder"),
    Picture("bin", Role.COORDINATOR, f"{HERE}/evidence/bin"),
    Picture("handed-over", Role.TEACHER, f"{HERE}/evidence/handed-over"),
    Picture("coverage", Role.COORDINATOR, f"{HERE}/coverage/"),
    Picture("calendar", Role.COORDINATOR, f"{HERE}/calendar/"),
    Picture("insight", Role.COORDINATOR, f"{HERE}/insight/"),
    Picture("policies", Role.COORDINATOR, f"{HERE}/policies/"),
    Picture("coverage-gaps", Role.COORDINATOR, f"{HERE}/coverage/?show=gaps"),
    Picture("practice", Role.COORDINATOR, f"{HERE}/practice/0301-02"),
    Picture("review", Role.COORDINATOR, f"{HERE}/review/?tag={{tag_id}}"),
    Picture("requests", Role.COORDINATOR, f"{HERE}/requests/"),
    Picture("requests-new", Role.COORDINATOR, f"{HERE}/requests/new"),
    Picture("request", Role.COORDINATOR, f"{HERE}/requests/{{request_id}}"),
    Picture("request-change", Role.COORDINATOR, f"{HERE}/requests/{{request_id}}/change"),
    Picture("study", Role.COORDINATOR, f"{HERE}/study/{{evaluation_id}}"),
    Picture("study-all", Role.COORDINATOR, f"{HERE}/study/all"),
    Picture("study-new", Role.COORDINATOR, f"{HERE}/study/new"),
    Picture("study-frame", Role.COORDINATOR, f"{HERE}/study/{{evaluation_id}}/frame"),
    Picture("study-dates", Role.COORDINATOR, f"{HERE}/study/{{evaluation_id}}/dates"),
    Picture("study-people", Role.COORDINATOR, f"{HERE}/study/{{evaluation_id}}/people"),
    Picture("study-introduction", Role.COORDINATOR, f"{HERE}/study/{{evaluation_id}}/introductions/school"),
    Picture("study-standard", Role.COORDINATOR, f"{HERE}/study/{{evaluation_id}}/standards/0301"),
    Picture("study-copy-out", Role.COORDINATOR, f"{HERE}/study/{{evaluation_id}}/copy-out"),
    Picture("answer", Role.COORDINATOR, ANSWER),
    Picture("answer-history", Role.COORDINATOR, f"{ANSWER}/history"),
    Picture("answer-compared", Role.COORDINATOR, f"{HERE}/study/{{evaluation_id}}/answers/{{drafted_id}}/compare"),
    Picture("exhibit", Role.COORDINATOR, f"{HERE}/study/{{evaluation_id}}/exhibits/{{number}}"),
    Picture("plan", Role.COORDINATOR, f"{HERE}/plan/{{plan_id}}"),
    Picture("plan-new", Role.COORDINATOR, f"{HERE}/plan/new"),
    Picture("plan-edit", Role.COORDINATOR, f"{HERE}/plan/{{plan_id}}/edit"),
    Picture("plan-action-new", Role.COORDINATOR, f"{HERE}/plan/{{plan_id}}/actions/new"),
    Picture("plan-action", Role.COORDINATOR, f"{HERE}/plan/{{plan_id}}/actions/{{action_id}}"),
    Picture("findings", Role.COORDINATOR, f"{HERE}/plan/findings"),
    Picture("findings-new", Role.COORDINATOR, f"{HERE}/plan/findings/new"),
    Picture("finding", Role.COORDINATOR, f"{HERE}/plan/findings/{{finding_id}}"),
    Picture("milestones", Role.COORDINATOR, f"{HERE}/milestones/{{path_id}}"),
    Picture("milestones-step", Role.COORDINATOR, f"{HERE}/milestones/{{path_id}}/{{step_id}}"),
    Picture("reports", Role.COORDINATOR, f"{HERE}/reports/"),
    Picture("reports-compared", Role.COORDINATOR, f"{HERE}/reports/{{evaluation_id}}/compare"),
    Picture("shares", Role.COORDINATOR, f"{HERE}/shares/"),
    Picture("shares-new", Role.COORDINATOR, f"{HERE}/shares/new"),
    Picture("share", Role.COORDINATOR, f"{HERE}/shares/{{share_id}}"),
    Picture("admin-people", Role.ADMINISTRATOR, f"{HERE}/admin/"),
    Picture("admin-person", Role.ADMINISTRATOR, f"{HERE}/admin/people/{{person_id}}"),
    Picture("admin-groups", Role.ADMINISTRATOR, f"{HERE}/admin/groups"),
    Picture("admin-group", Role.ADMINISTRATOR, f"{HERE}/admin/groups/{{group_id}}"),
    Picture("admin-group-new", Role.ADMINISTRATOR, f"{HERE}/admin/groups/new"),
    Picture("admin-handover", Role.ADMINISTRATOR, f"{HERE}/admin/people/{{person_id}}/handover"),
    Picture("admin-mail", Role.ADMINISTRATOR, f"{HERE}/admin/mail"),
    Picture("admin-disk", Role.ADMINISTRATOR, f"{HERE}/admin/disk"),
    Picture("installation", Role.ADMINISTRATOR, "/installation"),
    Picture("installation-new-school", Role.ADMINISTRATOR, "/installation/schools/new"),
    Picture("installation-disk", Role.ADMINISTRATOR, "/installation/disk"),
    Picture("admin-school", Role.ADMINISTRATOR, f"{HERE}/admin/school"),
    Picture("admin-frameworks", Role.ADMINISTRATOR, f"{HERE}/admin/frameworks"),
    Picture("admin-framework", Role.ADMINISTRATOR, f"{HERE}/admin/frameworks/ib-psp-2020"),
    Picture("admin-health", Role.ADMINISTRATOR, f"{HERE}/admin/health"),
    Picture("settings", Role.TEACHER, "/me"),
    Picture("help", Role.COORDINATOR, f"{HERE}/help/"),
)
NO_PAGE = Picture("not-found", Role.TEACHER, f"{HERE}/evidence/nothing")
ROOM = {
    "room-door": "visitor.door",
    "room": "visitor.part",
    "room-exhibits": "visitor.exhibits",
    "room-search": "visitor.search",
}
"""Pictures of the visitor's room -> the page they are of; `room_pictures` takes them, through a share."""

NO_PAGES = frozenset(
    {
        "account.form_token",
        "calendar.feed",
        "coverage.table",
        "evidence.card",
        "evidence.complete",
        "evidence.drive_given",
        "evidence.drive_progress",
        "evidence.drive_report",
        "evidence.drive_saying",
        "evidence.edit_folder",
        "evidence.existing",
        "evidence.like",
        "evidence.original",
        "evidence.picture",
        "evidence.pieces_so_far",
        "evidence.practice_codes",
        "evidence.practices",
        "evidence.summary",
        "evidence.together",
        "reports.compilation",
        "reports.download",
        "static",
        "study.pane",
        "study.pick",
        "visitor.file",
        "visitor.nothing",
        "visitor.offline",
        "visitor.page",
    }
)
"""What answers with a file or with a part of a page."""
LEADS_ON = frozenset(
    {
        "evidence.newest_drive",
        "milestones.newest",
        "plan.newest",
        "study.current",
        "visitor.change_type",
        "visitor.exhibit",
        "visitor.first",
        "visitor.link",
    }
)
"""What only leads on to a page that has its own address."""


def page_rules(app: Flask) -> list[Rule]:
    """The routes of every page of the application, read from itself: a new one is there without anybody adding it."""
    return [r for r in app.url_map.iter_rules() if "GET" in (r.methods or ()) and r.endpoint not in NO_PAGES]


def pictured(app: Flask) -> set[str]:
    """The endpoints of all pages that a picture is taken of."""
    adapter = app.url_map.bind("localhost")
    addresses = [picture.address.format_map(_AnyId(empty_installation="")) for picture in PICTURES]
    return {adapter.match(urlsplit(address).path)[0] for address in addresses} | set(ROOM.values())


class _AnyId(dict[str, str]):
    """Something that stands for every id in an address."""

    def __missing__(self, name: str) -> str:
        return "1"
