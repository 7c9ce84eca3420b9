"""The nodes of a catalogue file, each checked against the code grammar and against the nodes before it."""

from __future__ import annotations

from standards.frame import Frame
from standards.grammar import CodeRule
from standards.model import CONFIDENCES, COVERAGES, FALLBACK_LANGUAGE, Node, Phrases
from standards.yaml_text import Place, Value

REQUIRED = ("code", "label")
LISTS = ("keywords", "evidence", "prompts")
KNOWN = (
    *REQUIRED, "summary", *LISTS, "parent", "programmes", "short_name", "confidence", "coverage", "not_seen", "note",
)  # fmt: skip
LABEL_LIMIT = 60


def read_nodes(value: Value, frame: Frame) -> list[Node]:
    """The nodes in the file's order; raises CatalogueError."""
    found: dict[str, Node] = {}
    lines: dict[str, int] = {}
    for entry in value.items("The nodes"):
        node = read_node(entry, frame, found)
        if node.code in found:
            first = f"The first is on line {lines[node.code]}: keep one."
            raise entry.within(node.code).place.error(f"The code {node.code} stands twice.", first)
        found[node.code], lines[node.code] = node, entry.place.line
    if not found:
        raise value.place.error("The framework has no nodes.", "Write at least one.")
    check_not_seen(value.place.file, frame, found, lines)
    return list(found.values())


def read_node(value: Value, frame: Frame, before: dict[str, Node]) -> Node:
    """One node, whose parent must be among those before it; raises CatalogueError."""
    entries = value.entries("A node")
    code = entries["code"].text("A code") if "code" in entries else ""
    value = value.within(code)
    fields = value.fields("A node", KNOWN, REQUIRED)
    rule = rule_of(fields["code"], code, frame)
    parent = read_parent(fields, code, rule, frame, before)
    label = fields["label"].text("The label")
    if len(label) > LABEL_LIMIT:
        place = fields["label"].place
        raise place.error(
            f"The label has {len(label)} letters, {LABEL_LIMIT} at most fit.", "Shorten it; say more in the summary."
        )
    summary = {FALLBACK_LANGUAGE: fields["summary"].text("The summary")} if "summary" in fields else {}
    return Node(
        key=f"{frame.key}/{code}",
        code=code,
        level=rule.level,
        parent_key=parent.key if parent else None,
        programmes=read_programmes(fields, code, rule, frame, parent),
        labels={FALLBACK_LANGUAGE: label},
        summaries=summary,
        keywords=read_phrases(fields, "keywords"),
        evidence_kinds=read_phrases(fields, "evidence"),
        prompts=read_phrases(fields, "prompts"),
        kind=rule.kind or rule.level,
        short_name=fields["short_name"].text("The short name") if "short_name" in fields else code,
        confidence=fields["confidence"].chosen("The confidence", CONFIDENCES)
        if "confidence" in fields
        else "published",
        coverage=fields["coverage"].chosen("The coverage", COVERAGES) if "coverage" in fields else "",
        not_seen=fields["not_seen"].texts("A code not seen") if "not_seen" in fields else (),
        note=fields["note"].text("The note") if "note" in fields else "",
    )


def rule_of(value: Value, code: str, frame: Frame) -> CodeRule:
    """The grammar rule the code obeys; raises CatalogueError."""
    for rule in frame.grammar:
        if rule.matches(code):
            return rule
    shapes = "; ".join(f"{rule.kind or rule.level} like {rule.example}" for rule in frame.grammar)
    raise value.place.error(f"The code {code!r} is ill-formed.", f"Codes of this framework: {shapes}.")


def read_parent(
    fields: dict[str, Value], code: str, rule: CodeRule, frame: Frame, before: dict[str, Node]
) -> Node | None:
    """The node above, from the grammar or from the field `parent`, of an outer level; raises CatalogueError."""
    place = fields["parent"].place if "parent" in fields else fields["code"].place
    worked_out = rule.parent_of(code)
    written = fields["parent"].text("The parent") if "parent" in fields else worked_out
    order = [level.name for level in frame.levels]
    if worked_out and written != worked_out:
        raise place.error(f"The parent is given as {written!r}; the code says {worked_out!r}.", "Leave the parent out.")
    if not written:
        if rule.level != order[0]:
            raise place.error(f"The {rule.level} {code} needs a parent.", "Add a line `parent: <code>`.")
        return None
    if written not in before:
        raise place.error(
            f"The parent {written!r} does not stand before it.", "Add the parent above, or correct the code."
        )
    parent = before[written]
    same_level_kind = parent.level == rule.level and rule.kind not in ("", parent.kind)
    if order.index(parent.level) >= order.index(rule.level) and not same_level_kind:
        what = f"The {rule.level} {code} cannot stand below the {parent.level} {parent.code}."
        raise place.error(what, f"Levels from the outside in: {', '.join(order)}.")
    return parent


def read_programmes(
    fields: dict[str, Value], code: str, rule: CodeRule, frame: Frame, parent: Node | None
) -> tuple[str, ...]:
    """The programmes: as written, else as the code tells, else the parent's, else all; raises CatalogueError."""
    told = rule.programme_of(code)
    inherited = parent.programmes if parent else tuple(frame.programmes)
    written = (told,) if told else inherited
    place = fields["code"].place
    if "programmes" in fields:
        place = fields["programmes"].place
        written = tuple(
            entry.chosen("The programme", frame.programmes) for entry in fields["programmes"].items("Programmes")
        )
    if told and written != (told,):
        what = f"The code belongs to {told}, the programmes say {', '.join(written)}."
        raise place.error(what, "Leave the programmes out.")
    if parent and not set(written) <= set(parent.programmes):
        outside = ", ".join(sorted(set(written) - set(parent.programmes)))
        raise place.error(f"Its parent {parent.code} is not of {outside}.", "Correct the programmes of one of the two.")
    return written


def read_phrases(fields: dict[str, Value], name: str) -> Phrases:
    """The English phrases of one list field; none if it is not there."""
    return {FALLBACK_LANGUAGE: fields[name].texts(f"The field {name}")} if name in fields else {}


def check_not_seen(file: str, frame: Frame, found: dict[str, Node], lines: dict[str, int]) -> None:
    """Every code listed as not seen is well-formed and indeed absent; raises CatalogueError."""
    for node in found.values():
        place = Place(file, lines[node.code], node.code)
        for code in node.not_seen:
            if code in found:
                raise place.error(f"{code} is listed as not seen and stands in the file.", "Take it out of `not_seen`.")
            if not any(rule.matches(code) for rule in frame.grammar):
                raise place.error(f"{code!r} is listed as not seen and is ill-formed.", "Correct it.")
