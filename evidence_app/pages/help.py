"""Help: how to begin, the words of these pages, what does not belong here and where it goes, and the keys."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for

from evidence_app.domain.access import Action, can
from evidence_app.extensions import actor
from evidence_app.i18n import Message, msg
from evidence_app.web.access import Door, open_to

pages = Blueprint("help", __name__, url_prefix="/<school_key>/help")


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way: what to do, why, and the page where it is done. Shown to those whose role includes it."""

    action: Action
    title: Message
    text: Message
    endpoint: str

    def url(self, school_key: str) -> str:
        """The page where the step is taken."""
        return url_for(self.endpoint, school_key=school_key)


STEPS = (
    Step(
        Action.MANAGE_SCHOOL,
        msg("Describe the school"),
        msg("Programmes, campuses, subjects, year groups and the colour of these pages."),
        "admin.school_facts",
    ),
    Step(
        Action.MANAGE_PEOPLE,
        msg("Let people in"),
        msg("Add each person with a role; send them the link you get. Put those who are asked together into a group."),
        "admin.people",
    ),
    Step(
        Action.MANAGE_SCHOOL,
        msg("Lay your own wording over the frameworks"),
        msg("If your school has its own copy of the standards, bring it as a sheet. It stays in your school."),
        "admin.frameworks",
    ),
    Step(
        Action.FILE_EVIDENCE,
        msg("File what you have"),
        msg(
            "Drop files, take a photo, paste a link or write a note. Each file is read, and the practices it seems to "
            "show are offered with the reason. Take or leave them, and add one line on how it shows it."
        ),
        "evidence.new",
    ),
    Step(
        Action.FILE_EVIDENCE,
        msg("Bring in the shared drive"),
        msg(
            "Years of shared folders come in at once, packed as a ZIP. A plan says first what would come in, and which "
            "practice each folder shows."
        ),
        "evidence.drives",
    ),
    Step(
        Action.READ_EVIDENCE,
        msg("Find it again"),
        msg("One box searches titles, texts and people, in all forms of a word; filters narrow it down."),
        "evidence.library",
    ),
    Step(
        Action.READ_EVIDENCE,
        msg("Answer what is asked of you"),
        msg("A request says what would help and by when. Answer it with something new or with what you filed before."),
        "requests.board",
    ),
    Step(
        Action.REVIEW_TAGS,
        msg("Review what colleagues propose"),
        msg("Accept with a strength, move to a better practice, or return it with a word. Only accepted tags count."),
        "review.queue",
    ),
    Step(
        Action.READ_COVERAGE,
        msg("See what is missing"),
        msg("Practices down, programmes across: how much evidence, how strong, how old, and who is on it."),
        "coverage.matrix",
    ),
    Step(
        Action.ASK_FOR_EVIDENCE,
        msg("Ask for it"),
        msg("One small thing at a time, from a person or a group, by a day."),
        "requests.new",
    ),
    Step(
        Action.WRITE_STUDY,
        msg("Write the self-study"),
        msg(
            "One answer for each practice and programme: a rating, a text, and the exhibits it rests on. Two people "
            "may write at once; nobody's words are lost."
        ),
        "study.current",
    ),
)
"""The way from an empty school to a self-study, in order."""

FIELDS = (
    ("node:0301", msg("a practice, or all below a standard")),
    ("programme:DP,MYP", msg("one of these programmes")),
    ("by:me", msg("filed by me, or by somebody: by:rossi")),
    ("kind:policy", msg("by a word of its kind; also file, link, note, or the whole name in quotation marks")),
    ("year:2024-25", msg("of a school year")),
    ("subject:arts", msg("of a subject, by a word of its name")),
    ('group:"Grade 9"', msg("of a year group, by its name or a word of it")),
    ("campus:hill", msg("of a campus, by a word of its name")),
    ("language:fr", msg("written in a language")),
    ("visibility:staff", msg("seen by: private, staff, shareable, public")),
    ("is:untagged", msg("without a practice yet; also tagged, proposed, accepted, returned, cited, flagged")),
    ("is:closed", msg("a link that visitors cannot open; is:infected a file in which malware was found")),
    ("has:citations", msg("cited in the self-study; also text, ocr, purpose, tags")),
    ("strength:3", msg("rated strong; 2 adequate, 1 weak")),
    ("state:returned", msg("with a tag that came back; also proposed, accepted")),
    ("after:2024-09 before:2025-07", msg("of these days")),
)
"""Every field the search box knows, each with an example that can be typed as it stands, and what it finds."""


@pages.get("/")
@open_to(Door.MEMBER)
def help(school_key: str) -> str:
    steps = [(step, step.url(school_key)) for step in STEPS if can(actor(), step.action)]
    return render_template("help/help.html", steps=steps, fields=FIELDS)
