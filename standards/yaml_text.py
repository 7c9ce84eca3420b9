"""Reads YAML so that every value still knows its line: errors can then say where to look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import yaml

from standards.model import CatalogueError

# The C parser is many times faster and gives the same marks; PyYAML without libyaml has only the other.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEPTH_LIMIT = 20
NULL_TAG = "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which file one is reading, for error messages."""

    file: str
    line: int
    code: str = ""

    def error(self, what: str, remedy: str) -> CatalogueError:
        """The error to raise here."""
        return CatalogueError(self.file, self.line, self.code, what, remedy)


@dataclass(frozen=True, slots=True)
class Value:
    """One value of the file: a text, a list or a set of fields, with its place. Texts stay as written: `01` is "01"."""

    node: yaml.Node
    place: Place

    def within(self, code: str) -> Value:
        """The same value, with its errors naming this code."""
        return Value(self.node, Place(self.place.file, self.place.line, code))

    def _at(self, node: yaml.Node) -> Value:
        return Value(node, Place(self.place.file, node.start_mark.line + 1, self.place.code))

    def text(self, name: str) -> str:
        """The value as a non-empty text; raises CatalogueError."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.place.error(
                f"{name} must be one text.", "Write a text after the colon, in quotes if it has a colon."
            )
        text = self.node.value.strip()
        if self.node.tag == NULL_TAG or not text:
            raise self.place.error(f"{name} is empty.", "Write a text, or leave the whole line out.")
        return str(text)

    def items(self, name: str) -> list[Value]:
        """The entries of a list; raises CatalogueError if it is none."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.place.error(f"{name} must be a list.", "Write one entry a line, each after a dash.")
        return [self._at(entry) for entry in self.node.value]

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of non-empty texts without repetition; raises CatalogueError."""
        found: list[str] = []
        for entry in self.items(name):
            text = entry.text(name)
            if text in found:
                raise entry.place.error(f"{name} says {text!r} twice.", "Leave one of the two out.")
            found.append(text)
        return tuple(found)

    def entries(self, name: str) -> dict[str, Value]:
        """Free keys with their values, in order; raises CatalogueError on a key given twice."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.place.error(f"{name} must be a set of fields.", "Write `field: value` lines, indented below it.")
        found: dict[str, Value] = {}
        for key_node, value_node in self.node.value:
            key = self._at(key_node).text(f"A field of {name}")
            if key in found:
                place = self._at(key_node).place
                raise place.error(
                    f"{name} has {key!r} twice.", f"The first is on line {found[key].place.line}: keep one."
                )
            found[key] = Value(value_node, self._at(key_node).place)
        return found

    def fields(self, name: str, known: Iterable[str], required: Iterable[str] = ()) -> dict[str, Value]:
        """Known fields with their values; raises CatalogueError on an unknown, missing or repeated one."""
        found = self.entries(name)
        allowed = tuple(known)
        for key, value in found.items():
            if key not in allowed:
                raise value.place.error(f"{name} has an unknown field {key!r}.", f"Known fields: {', '.join(allowed)}.")
        for key in required:
            if key not in found:
                raise self.place.error(f"{name} lacks the field {key!r}.", f"Add a line `{key}: ...` to it.")
        return found

    def chosen(self, name: str, choices: Iterable[str]) -> str:
        """A text that is one of the choices; raises CatalogueError."""
        text, allowed = self.text(name), tuple(choices)
        if text not in allowed:
            raise self.place.error(f"{name} {text!r} is not known.", f"Use one of: {', '.join(allowed)}.")
        return text


def parse(text: str, file: str) -> Value:
    """The whole file as one value; raises CatalogueError where it is not YAML, or empty."""
    try:
        refuse_deep_nesting(text, file)
        root = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        what = f"This is not YAML: {error.problem or error.context}."
        raise CatalogueError(
            file, line, "", what, "Check the indentation, the quotes and the colons of this line."
        ) from error
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        what = f"This is not YAML: {error}."
        raise CatalogueError(file, 0, "", what, "Save the file as plain text in UTF-8.") from error
    if root is None:
        raise CatalogueError(file, 0, "", "The file is empty.", "Write a catalogue into it, or delete it.")
    return Value(root, Place(file, root.start_mark.line + 1))


def refuse_deep_nesting(text: str, file: str) -> None:
    """Nothing, or CatalogueError: the composer calls itself for every level, and enough of them end the process."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH_LIMIT:
            line = event.start_mark.line + 1 if event.start_mark else 0
            what = f"The fields are nested more than {DEPTH_LIMIT} deep."
            raise CatalogueError(file, line, "", what, "A catalogue needs far fewer: check the indentation.")
