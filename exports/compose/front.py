"""What stands before the first chapter: cover, document control, sign-off, how to read."""

from __future__ import annotations

from exports.blocks import Cell, Column, Figure, Paragraph, Row, Tab, Table, Text
from exports.compose.composer import NOTHING, Composer, rich
from exports.model import Approval, Response


def cover(c: Composer, document: str) -> None:
    """The first page."""
    cover, words = c.report.cover, c.words
    if cover.logo:
        alt = cover.logo.alt or words("cover.logo", school=cover.school)
        c.add(Figure(cover.logo.sha256, cover.logo.media_type, alt, look="CoverLogo", width_mm=19))
    c.plain(cover.school, "CoverSchool")
    c.plain(cover.place, "CoverPlace")
    c.plain(title(c, document), "Title")
    c.plain(subtitle(c), "Subtitle")
    facts = (
        ("cover.ib_code", cover.ib_code),
        ("cover.period", words.period(cover.period_start, cover.period_end)),
        ("cover.visit", words.period(cover.visit_start, cover.visit_end)),
        ("cover.edition", edition_in_words(c)),
        ("cover.head", cover.head),
    )
    for key, value in facts:
        if value:
            c.para("CoverFact", Text(words(key), "Label"), Tab(), Text(value))


def title(c: Composer, document: str) -> str:
    """The title on the cover: the school's own for the self-study, else the usual words."""
    own = c.report.cover.title if document == "self-study" else ""
    return own or c.words(f"title.{document}")


def subtitle(c: Composer) -> str:
    """Programmes and years in one line."""
    cover = c.report.cover
    names = c.words.joined([p.name for p in c.report.programmes])
    years = "–".join(dict.fromkeys(date[:4] for date in (cover.period_start, cover.period_end) if date))
    if years and names:
        return c.words("cover.subtitle", programmes=names, years=years)
    return names or (c.words("cover.years", years=years) if years else "")


def edition_in_words(c: Composer) -> str:
    """ "2, frozen on 18 November 2026", or that it is a draft."""
    edition, words = c.edition, c.words
    number = words.number(edition.number) if edition.number else words("edition.draft")
    if edition.frozen_at:
        return words("edition.frozen", number=number, date=words.day(edition.frozen_at))
    return number


def document_control(c: Composer, document: str) -> None:
    """Which edition this is, who wrote and approved it, and the sign-off."""
    words = c.words
    c.heading(1, words("control"), anchor="control")
    c.fixed("control.lead" if c.edition.number else "control.draft", "Lead")
    c.add(_edition_table(c, document))
    if document != "self-study":
        c.fixed("control.part", "TableNote")
        return
    if c.report.approvals:
        c.add(_approvals_table(c))
    _sign_off(c)


def _edition_table(c: Composer, document: str) -> Table:
    words, edition = c.words, c.edition
    redacted = sum(e.redacted for e in c.exhibits.values())
    exhibits = words.count("exhibits", len(c.exhibits))
    if redacted:
        exhibits = words("control.redacted", exhibits=exhibits, n=words.number(redacted))
    snapshot = edition.snapshot_id
    if snapshot and edition.frozen_at:
        snapshot = words("control.taken", snapshot=snapshot, moment=words.moment(edition.frozen_at))
    facts = [
        (words("cover.edition"), c.cell(edition_in_words(c))),
        (words("control.compiled_by"), c.cell(edition.compiled_by)),
        (words("control.snapshot"), c.cell(snapshot or words.moment(edition.frozen_at))),
        ("SHA-256", c.cell_of("Checksum", Text(edition.snapshot_sha256)) if edition.snapshot_sha256 else c.cell("")),
        (words("exhibits"), c.cell(exhibits)),
        *(_answers_in_words(c) if document == "self-study" else ()),
    ]
    empty = c.cell("")
    return Table(
        "ControlTable",
        (Column(words("control.record"), 30), Column(words("control.value"), 132)),
        tuple((c.cell(label, "TableLabel"), value) for label, value in facts if value != empty),
        words("control.edition"),
        words("control.edition.about"),
        caption=words("control.edition"),
        first_label=True,
    )


def _answers_in_words(c: Composer) -> tuple[tuple[str, Cell], ...]:
    """How many answers are written, and who approved them; said plainly where not all of them are."""
    words = c.words
    answers = [response for practice in c.report.practices() for response in practice.responses]
    written = [answer for answer in answers if answer.status != "not_started"]
    approved = [answer for answer in written if answer.status == "approved"]
    if not answers:
        return ()
    count = words("control.answers.written", n=words.number(len(written)), total=words.number(len(answers)))
    who = _approvers_in_words(c, approved, len(answers)) if approved else words("approved.none")
    return (words("control.answers"), c.cell(count)), (words("approvals.approved"), c.cell(who))


def _approvers_in_words(c: Composer, approved: list[Response], total: int) -> str:
    """Who approved these of all answers, and when the last one was."""
    words = c.words
    # A report frozen by an earlier version names nobody here.
    names = words.joined(list(dict.fromkeys(answer.approved_by for answer in approved if answer.approved_by)))
    key = "counted" if not names else "whole" if len(approved) == total else "partly"
    last = words.day(max(answer.status_on for answer in approved))
    return words(f"approved.{key}", n=words.number(len(approved)), total=words.number(total), names=names, date=last)


def _approvals_table(c: Composer) -> Table:
    words = c.words
    columns = ("approvals.part", "approvals.written", "approvals.approved", "approvals.on")
    rows: list[Row] = [
        (
            c.cell(a.part, "TableLabel"),
            c.cell(a.written_by),
            c.cell(_approved_by(c, a)),
            c.cell(words.day(a.approved_on, short=True)),
        )
        for a in c.report.approvals
    ]
    return Table(
        "ReportTable",
        tuple(Column(words(key), share) for key, share in zip(columns, (30, 46, 52, 34), strict=True)),
        tuple(rows),
        words("approvals"),
        words("approvals.about"),
        caption=words("approvals"),
    )


def _approved_by(c: Composer, part: Approval) -> str:
    """Who approved a part; of how many of its answers, where that is not all of them."""
    words = c.words
    if not part.approved_by:
        return words("approved.none")
    if part.approved == part.answers:
        return part.approved_by
    n, total = words.number(part.approved), words.number(part.answers)
    return words("approved.some", n=n, total=total, names=part.approved_by)


def _sign_off(c: Composer) -> None:
    words, edition = c.words, c.edition
    if not edition.number:
        return
    c.heading(2, words("sign"), anchor="sign-off")
    for signature in edition.signatures:
        moment = words.moment(signature.signed_at)
        c.fixed("sign.signed", name=signature.name, role=signature.role, moment=moment)
        if signature.snapshot_sha256 != edition.snapshot_sha256:
            c.fixed("sign.other", "Callout", name=signature.name)
    c.fixed("sign.ink" if edition.signatures else "sign.unsigned")
    signers = edition.signers or ((words("cover.head"), c.report.cover.head),)
    columns = zip(("sign.role", "sign.name", "sign.signature", "sign.date"), (30, 50, 52, 30), strict=True)
    rows = tuple(tuple(c.cell(text, "SignLine") for text in (role, name, NOTHING, NOTHING)) for role, name in signers)
    heads = tuple(Column(words(key), share) for key, share in columns)
    c.add(Table("ReportTable", heads, rows, words("sign"), words("sign.about"), together=True))


def how_to_read(c: Composer) -> None:
    """Codes, levels and how to open exhibits."""
    words = c.words
    c.heading(1, words("read"), anchor="how-to-read")
    c.fixed("read.lead", "Lead")
    c.heading(2, words("read.codes"))
    c.fixed("read.codes.text", framework=c.report.framework or words("framework"))
    c.fixed("read.numbers.text")
    c.heading(2, words("read.levels"))
    if c.report.scale:
        c.add(_levels_table(c))
    c.fixed("read.levels.note", "TableNote")
    c.heading(2, words("read.exhibits"))
    c.fixed("read.exhibits.text" if c.edition.share_url else "read.exhibits.offline")
    c.fixed("read.exhibits.help", "Callout")


def _levels_table(c: Composer) -> Table:
    words = c.words
    values = [level.value for level in reversed(c.report.scale)] + [0]
    rows = tuple(
        (
            c.cell_of("TableLabel", Text(c.mark(value), "RatingMark")),
            c.rating(value),
            c.cell(c.level(value).meaning, "TableInset"),
        )
        for value in values
    )
    columns = (
        Column(words("level.mark"), 30),
        Column(words("level"), 42, "TableInsetHead"),
        Column(words("level.school"), 90, "TableInsetHead"),
    )
    return Table(
        "RatingTable", columns, rows, words("read.levels"), words("levels.about"), caption=words("levels.caption")
    )


def end_note(c: Composer) -> None:
    """The last line of the document."""
    c.fixed("end", "TableNote")


def words_appendix(c: Composer, letter: str) -> None:
    """The words of this report in the order of the alphabet; the school's own meaning wins over the usual one."""
    words = c.words
    c.heading(1, words("appendix.words"), words("appendix", letter=letter), anchor="words")
    own = {w.word: w.meaning for w in c.report.words}
    usual = {words(f"word.{key}"): words(f"word.{key}.meaning") for key in USUAL_WORDS}
    programmes = {p.key: p.name for p in c.report.programmes if p.name != p.key}
    meanings = {**usual, **programmes, **own}
    rows = tuple(
        (
            c.cell(word, "TableLabel"),
            Cell((Paragraph("TableText", rich(meaning) if word in usual else c.inline(meaning)),)),
        )
        for word, meaning in sorted(meanings.items(), key=lambda item: item[0].casefold())
        if word and meaning
    )
    columns = (Column(words("word"), 30), Column(words("word.meaning"), 132))
    c.add(Table("ReportTable", columns, rows, words("appendix.words"), words("appendix.words.about")))


USUAL_WORDS = ("edition", "exhibit", "practice", "programme", "room", "snapshot", "standard")
