"""Texts that would run in a careless page, and the rows of a school in which all that people wrote is such a text."""

from __future__ import annotations

import itertools
import re

from sqlalchemy import String, Table, update
from sqlalchemy.orm import Session

from evidence_app.domain.tables import ALL_TABLES
from tests.exports.awkward import TEXTS

MARK = "xss-canary"
CALL = "parent.canaryRan=1"
PAYLOADS = (
    f"<{MARK}>",
    f"<{MARK}><script>{CALL}</script>",
    f"</title></textarea></select></style></script><{MARK}><script>{CALL}</script>",
    f'"><{MARK}><img src=x onerror={CALL}>',
    f"'><{MARK}><svg/onload={CALL}>",
    f"--><{MARK}><body onload={CALL}>",
    f"]]><{MARK}><script>{CALL}</script>",
    f'" autofocus onfocus="{CALL}" x="{MARK}',
    f"' autofocus onfocus='{CALL}' x='{MARK}",
    f"` onmouseover={CALL} {MARK}",
    f"x onpointerenter={CALL} {MARK}",
    f"<{MARK}><details open ontoggle={CALL}>",
    f"<{MARK}><iframe srcdoc='<script>{CALL}</script>'>",
    f"<{MARK}><a href=javascript:{CALL}>press</a>",
    f"[{MARK}](javascript:{CALL})",
    f"[{MARK}](JaVaScRiPt&#58;{CALL})",
    f"[{MARK}](data:text/html;base64,PHNjcmlwdD5wYXJlbnQuY2FuYXJ5UmFuPTE8L3NjcmlwdD4=)",
    f"[{MARK}](vbscript:{CALL})",
    f"![{MARK}](x onerror={CALL})",
    f"![{MARK}](javascript:{CALL})",
    f"<javascript:{CALL}> {MARK}",
    f"[{MARK}][1]\n\n[1]: javascript:{CALL}",
    f"[{MARK}]: javascript:{CALL} 'x'",
    f'[{MARK}](https://x.example "onmouseover={CALL}")',
    f'[{MARK}](https://x.example/"onmouseover="{CALL}")',
    f"| <{MARK}> |\n| - |\n| <script>{CALL}</script> |",
    f"```<{MARK}>\n<script>{CALL}</script>\n```",
    f"> <{MARK}><script>{CALL}</script>",
    f"[[E-0301-02-01]]<{MARK}>",
    f"[^<{MARK}>]\n\n[^<{MARK}>]: <script>{CALL}</script>",
    f"&lt;{MARK}&gt;&lt;script&gt;{CALL}&lt;/script&gt;",
    f"&#60;{MARK}&#62;",
    f"%3C{MARK}%3E%3Cscript%3E{CALL}%3C/script%3E",
    f"\\u003c{MARK}\\u003e\\u003cscript\\u003e{CALL}",
    f"\\x3c{MARK}\\x3e",
    f"<{MARK}\x0b/onclick={CALL}>",
    f"<<{MARK}><script >{CALL}</script >",
    f"<{MARK}><SCRIPT/x>{CALL}</SCRIPT/x>",
    f"<{MARK}><scr<script>ipt>{CALL}</scr</script>ipt>",
    f"<{MARK}><math><mtext></form><form><mglyph><style></math><img src onerror={CALL}>",
    f"<{MARK}><noscript><p title='</noscript><img src=x onerror={CALL}>'>",
    f"<{MARK}><svg><animate onbegin={CALL} attributeName=x dur=1s>",
    f"<{MARK}><svg><script>{CALL}</script></svg>",
    f"<{MARK}><video><source onerror={CALL}></video>",
    f"<{MARK}><audio src onerror={CALL}>",
    f"<{MARK}><object data=javascript:{CALL}>",
    f"<{MARK}><embed src=javascript:{CALL}>",
    f"<{MARK}><form action=javascript:{CALL}><button>go</button></form>",
    f"<{MARK}><input type=image src=x onerror={CALL}>",
    f"<{MARK}><meta http-equiv=refresh content='0;url=javascript:{CALL}'>",
    f"<{MARK}><link rel=stylesheet href='data:text/css,*{{x:expression({CALL})}}'>",
    f"<{MARK}><base href=//evil.example/>",
    f"<{MARK}><div hx-get='/x' hx-trigger='load' hx-on:click='{CALL}'>",
    f"<{MARK}><button hx-on::load='{CALL}'>",
    f"<{MARK}><template><script>{CALL}</script></template>",
    f"<{MARK}><marquee onstart={CALL}>",
    f"<{MARK}><x contenteditable onblur={CALL}>",
    "{{7*7}}{{ config }}{% raw %}" + MARK,
    "${7*7}#{7*7}<%= 7*7 %>" + MARK,
    f"=cmd|'/c calc'!A1 {MARK}",
    f"+ADw-{MARK}+AD4-+ADw-script+AD4-{CALL}",
    f"\u202e<{MARK}>\u2066<script>{CALL}</script>",
)

NO_WORDS = re.compile(
    r"sha256|hash|_key|digest|salt|kind|_type|reached|home|number|room|subject(_id)?|what|action|part|code|key|"
    r"path|url|email|(source|leaving|texts|bundle|snapshot)_sha256"
)
"""Columns that are names, codes and addresses of our own making, or that no page could be asked for without."""


def words_of(table: Table) -> list[str]:
    """The columns of a table that hold what somebody wrote, or what was read in a file."""
    return [
        column.name
        for column in table.columns
        if isinstance(column.type, String)
        and not column.primary_key
        and not column.foreign_keys
        and (column.type.length is None or column.type.length > 26)
        and not NO_WORDS.fullmatch(column.name.removeprefix("password_"))
        and not NO_WORDS.search(column.name.rpartition("_")[2])
    ]


def write_everywhere(session: Session) -> int:
    """How many texts of the database are payloads or awkward otherwise now: each another, cut to what its column holds.

    A lone surrogate is not among them: SQLite refuses it.
    """
    written = 0
    turns = itertools.cycle([*PAYLOADS, *(text for name, text in TEXTS.items() if name != "surrogate")])
    for table in ALL_TABLES:
        columns = words_of(table)
        if not columns:
            continue
        keys = list(table.primary_key.columns)
        for row in session.execute(table.select()).mappings().all():
            values = {}
            for name in columns:
                length = getattr(table.columns[name].type, "length", None)
                # A number before it, since some names of a school must differ.
                values[name] = f"{written} {next(turns)}"[:length]
                written += 1
            same = [key == row[key.name] for key in keys]
            session.execute(update(table).where(*same).values(**values))
    return written
