"""Formats that are text: plain, Markdown, HTML, RTF, mail, and the shortcut to a web address."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from evidence_app.demo.draft import Bullets, Draft, Heading, Paragraph, Table
from evidence_app.demo.sketch import Sketch

SITE = "https://www.alderbay.example"


def as_lines(draft: Draft) -> list[str]:
    """The draft as lines without marks, an empty one between blocks."""
    lines = [draft.title, "", draft.byline, ""]
    for block in draft.blocks:
        if isinstance(block, (Heading, Paragraph)):
            lines.append(block.text)
        elif isinstance(block, Bullets):
            lines += [f"- {line}" for line in block.lines]
        else:
            lines += ["  ".join(row) for row in (block.head, *block.rows)]
        lines.append("")
    return lines


def address_of(sketch: Sketch) -> str:
    """The page of the school's site where a document can be read."""
    slug = re.sub(r"[^a-z0-9]+", "-", sketch.title.casefold()).strip("-")
    return f"{SITE}/{sketch.main_code[:2]}/{slug}-{sketch.number}"


def write_plain(_sketch: Sketch, draft: Draft) -> bytes:
    """The draft as plain text."""
    return "\n".join(as_lines(draft)).encode()


def write_markdown(_sketch: Sketch, draft: Draft) -> bytes:
    """The draft as Markdown."""
    lines = [f"# {draft.title}", "", f"*{draft.byline}*", ""]
    for block in draft.blocks:
        if isinstance(block, Heading):
            lines.append(f"## {block.text}")
        elif isinstance(block, Paragraph):
            lines.append(block.text)
        elif isinstance(block, Bullets):
            lines += [f"- {line}" for line in block.lines]
        else:
            lines += [f"| {' | '.join(row)} |" for row in (block.head, ("---",) * len(block.head), *block.rows)]
        lines.append("")
    return "\n".join(lines).encode()


def write_html(_sketch: Sketch, draft: Draft) -> bytes:
    """The draft as a page of the website."""
    body = [f"<h1>{escape(draft.title)}</h1>", f"<p><em>{escape(draft.byline)}</em></p>"]
    for block in draft.blocks:
        if isinstance(block, Heading):
            body.append(f"<h2>{escape(block.text)}</h2>")
        elif isinstance(block, Paragraph):
            body.append(f"<p>{escape(block.text)}</p>")
        elif isinstance(block, Bullets):
            body.append("<ul>" + "".join(f"<li>{escape(line)}</li>" for line in block.lines) + "</ul>")
        else:
            body.append(_html_table(block))
    page = (
        f'<!doctype html>\n<html lang="{draft.language}"><head><meta charset="utf-8"><title>{escape(draft.title)}'
        f"</title></head><body>\n{chr(10).join(body)}\n</body></html>\n"
    )
    return page.encode()


def write_rtf(_sketch: Sketch, draft: Draft) -> bytes:
    """The draft as RTF, in which letters beyond ASCII are numbers."""
    lines = as_lines(draft)
    body = "\\par\n".join([f"{{\\b\\fs36 {_rtf(lines[0])}}}", *(_rtf(line) for line in lines[1:])])
    return f"{{\\rtf1\\ansi\\deff0{{\\fonttbl{{\\f0 Times;}}}}\n{body}\\par}}".encode("ascii")


def write_mail(sketch: Sketch, draft: Draft) -> bytes:
    """The draft as a saved mail."""
    mail = EmailMessage()
    mail["Subject"] = draft.title
    mail["From"] = "office@alderbay.example"
    mail["To"] = "staff@alderbay.example"
    mail["Date"] = format_datetime(datetime.combine(sketch.written_on, time(9), UTC))
    mail.set_content("\n".join(as_lines(draft)[2:]), cte="8bit")
    return mail.as_bytes()


def write_shortcut(sketch: Sketch, _draft: Draft) -> bytes:
    """A shortcut to where the document can be read: no content of its own."""
    return f"[InternetShortcut]\r\nURL={address_of(sketch)}\r\n".encode()


def _html_table(table: Table) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in table.head)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    return f"<table><tr>{head}</tr>{rows}</table>"


def _rtf(text: str) -> str:
    text = re.sub(r"([\\{}])", r"\\\1", text)
    return "".join(letter if letter.isascii() else f"\\u{ord(letter)}?" for letter in text)
