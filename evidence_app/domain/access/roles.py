"""Roles and the actions each one may take. What is not in the table is refused."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from evidence_app.errors import NotAllowed
from evidence_app.i18n import Labelled, msg

if TYPE_CHECKING:
    from evidence_app.domain.access.actor import Actor


class Role(Labelled):
    """What a person is in one school. No role opens a private item: that needs a name or a group on the item."""

    ADMINISTRATOR = "administrator", msg("Administrator")
    HEAD = "head", msg("Head")
    COORDINATOR = "coordinator", msg("Coordinator")
    TEACHER = "teacher", msg("Teacher")
    LEARNING_SUPPORT = "learning_support", msg("Learning support")
    READER = "reader", msg("Reader")
    NOBODY = "nobody", msg("Nobody")


class Action(Labelled):
    """Everything that needs permission, named verb first; the labels finish the sentence "you may not"."""

    READ_EVIDENCE = "read evidence", msg("read evidence")
    FILE_EVIDENCE = "file evidence", msg("file evidence")
    EDIT_ANY_EVIDENCE = "edit evidence of others", msg("edit evidence of others")
    RELEASE_EVIDENCE = "make evidence public", msg("make evidence public")
    ERASE_EVIDENCE = "erase evidence for good", msg("erase evidence for good")
    TAG_EVIDENCE = "tag evidence", msg("tag evidence")
    REVIEW_TAGS = "review tags", msg("review tags")
    ASK_FOR_EVIDENCE = "ask for evidence", msg("ask for evidence")
    READ_COVERAGE = "read coverage", msg("read coverage")
    READ_STUDY = "read the self-study", msg("read the self-study")
    WRITE_STUDY = "write the self-study", msg("write the self-study")
    MANAGE_STUDY = "open an evaluation and assign its parts", msg("open an evaluation and assign its parts")
    APPROVE_STUDY = "approve parts of the self-study", msg("approve parts of the self-study")
    READ_PLAN = "read the action plan", msg("read the action plan")
    WRITE_PLAN = "write the action plan", msg("write the action plan")
    COMPILE_REPORT = "compile the report", msg("compile the report")
    SHARE_REPORT = "share a snapshot with visitors", msg("share a snapshot with visitors")
    MANAGE_PEOPLE = "manage people and roles", msg("manage people and roles")
    MANAGE_SCHOOL = "manage the school's settings and frameworks", msg("manage the school's settings and frameworks")
    READ_AUDIT = "read the audit log", msg("read the audit log")


_READER = frozenset({Action.READ_EVIDENCE, Action.READ_STUDY, Action.READ_PLAN})
_TEACHER = _READER | {Action.FILE_EVIDENCE, Action.TAG_EVIDENCE}
_COORDINATOR = _TEACHER | {
    Action.EDIT_ANY_EVIDENCE,
    Action.RELEASE_EVIDENCE,
    Action.REVIEW_TAGS,
    Action.ASK_FOR_EVIDENCE,
    Action.READ_COVERAGE,
    Action.WRITE_STUDY,
    Action.MANAGE_STUDY,
    Action.APPROVE_STUDY,
    Action.WRITE_PLAN,
    Action.COMPILE_REPORT,
    Action.SHARE_REPORT,
}
_HEAD = _TEACHER | {
    Action.READ_COVERAGE,
    Action.WRITE_STUDY,
    Action.APPROVE_STUDY,
    Action.COMPILE_REPORT,
    Action.READ_AUDIT,
}

ALLOWED: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.READER: _READER,
        Role.TEACHER: _TEACHER,
        Role.LEARNING_SUPPORT: _TEACHER | {Action.WRITE_STUDY},
        Role.COORDINATOR: _COORDINATOR,
        Role.HEAD: _HEAD,
        Role.ADMINISTRATOR: _COORDINATOR
        | {Action.ERASE_EVIDENCE, Action.MANAGE_PEOPLE, Action.MANAGE_SCHOOL, Action.READ_AUDIT},
        Role.NOBODY: frozenset(),
    }
)


def can(actor: Actor, action: Action) -> bool:
    """Whether the actor's role includes this action."""
    return action in ALLOWED[actor.role]


def require(actor: Actor, action: Action) -> None:
    """Nothing, when the actor may; NotAllowed otherwise, saying which role the actor has and who can help."""
    if not can(actor, action):
        raise NotAllowed(
            msg(
                "Your role here, %(role)s, may not do this: %(action)s. Ask an administrator of your school.",
                role=actor.role.label,
                action=action.label,
            )
        )
