"""Markdown made safe to parse.

Fenced code and passages that would cost too much are set aside before the parser sees them.

The Markdown library needs quadratic time for passages full of unmatched brackets, and recursion for deep nesting.
People do not write such text; a file pasted by accident is such text, and it must neither hang nor kill the worker.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

OPEN, CLOSE = "\ue000", "\ue001"
TOKEN = re.compile(f"{OPEN}(code|plain)(\\d+){CLOSE}")
FENCE = re.compile(r"^( {0,12}(?:(?:[-+*]|\d{1,9}[.)]) +)?)(`{3,}|~{3,})[^`]*$")
MARKER = re.compile(r"^( {28,})(?=(?:[-+*]|\d{1,9}[.)]) )")
RULE = re.compile(r"^ {0,3}(?:[-*_] ?){3,}$", re.MULTILINE)
QUOTE = re.compile(r"^ {0,3}(?:> ?){4,}")
MAX_LENGTH = 400_000
# Steps the parser may spend on marks in one text, each about 0.1 microseconds.
BUDGET = 2_000_000
SMALL = 20_000
DEEPEST = 24


@dataclass(slots=True)
class Guarded:
    """A text the parser can take.

    `stash` holds what was set aside, `dense` and `deep` the lines (from 1) it concerned.
    """

    text: str
    stash: list[str] = field(default_factory=list)
    dense: list[int] = field(default_factory=list)
    deep: list[int] = field(default_factory=list)

    def put(self, kind: str, text: str) -> str:
        """A token that stands for `text` in the Markdown."""
        self.stash.append(text)
        return f"{OPEN}{kind}{len(self.stash) - 1}{CLOSE}"


def guard(text: str) -> Guarded:
    """The text with fenced code, too dense passages and too deep nesting taken care of; line numbers stay recorded."""
    guarded = Guarded("")
    lines = _set_fences_aside(text.replace(OPEN, "").replace(CLOSE, "").expandtabs(4).split("\n"), guarded)
    passages: list[str] = []
    spent = 0
    for first, passage in _passages([_flatten(line, number, guarded) for number, line in lines]):
        content = "\n".join(passage)
        cost = _cost(content)
        if cost > SMALL and spent + cost > BUDGET:
            guarded.dense.append(lines[first][0])
            content = guarded.put("plain", content)
        else:
            spent += cost
        passages.append(content)
    guarded.text = "\n\n".join(passages)
    return guarded


def _cost(passage: str) -> int:
    """Characters the parser looks at, about: up to the end for each mark, up to where it closes for a bracket.

    What it finds it takes out of the passage, which copies the rest: that is fifty times cheaper than looking.
    """
    marks = sum(passage.count(mark) for mark in "<\\`") + len(RULE.findall(passage))
    copies = passage.count("[") // 50
    return (marks + copies) * len(passage) + _reach(passage, "[", "]") + _reach(passage, "](", ")")


def _reach(passage: str, opening: str, closing: str) -> int:
    """The distances from each opening mark to the one that closes it, or to the end where none does, all together."""
    opened: list[int] = []
    together = 0
    for mark in re.finditer(f"{re.escape(opening)}|{re.escape(closing)}", passage):
        if mark[0] == opening:
            opened.append(mark.start())
        elif opened:
            together += mark.start() - opened.pop()
    return together + sum(len(passage) - at for at in opened)


def _set_fences_aside(lines: list[str], guarded: Guarded) -> list[tuple[int, str]]:
    """(line number, line) with each fenced block replaced by one token line between blank lines."""
    out: list[tuple[int, str]] = []
    at = 0
    while at < len(lines):
        match = FENCE.match(lines[at])
        end = _fence_end(lines, at, match) if match else 0
        if match and end:
            indent = len(match[1])
            code = [line[min(indent, len(line) - len(line.lstrip(" "))) :] for line in lines[at + 1 : end]]
            out += [(at + 1, ""), (at + 1, match[1] + guarded.put("code", "\n".join(code))), (end + 1, "")]
            at = end + 1
        else:
            out.append((at + 1, lines[at]))
            at += 1
    return out


def _fence_end(lines: list[str], at: int, opening: re.Match[str]) -> int:
    """The index of the closing fence; an unclosed fence runs to the end of the text."""
    mark = opening[2]
    for n in range(at + 1, len(lines)):
        line = lines[n].strip()
        if len(line) >= len(mark) and set(line) == {mark[0]}:
            return n
    return len(lines)


def _flatten(line: str, number: int, guarded: Guarded) -> str:
    """A line nested no deeper than people can follow and the parser can take."""
    for pattern, instead in ((MARKER, " " * DEEPEST), (QUOTE, "> > > ")):
        if pattern.match(line):
            guarded.deep.append(number)
            line = pattern.sub(instead, line)
    return line


def _passages(lines: list[str]) -> list[tuple[int, list[str]]]:
    """(index of its first line, lines) of each run of lines without a blank one."""
    out: list[tuple[int, list[str]]] = []
    fresh = True
    for n, line in enumerate(lines):
        if not line.strip():
            fresh = True
        elif fresh:
            out.append((n, [line]))
            fresh = False
        else:
            out[-1][1].append(line)
    return out
