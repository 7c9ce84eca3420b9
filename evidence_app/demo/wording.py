"""From a sketch to words: the sentences of the bank, put together as a document of its kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from evidence_app.demo.bank import Sentences, frames, sentences
from evidence_app.demo.cast import STAFF_NAMES
from evidence_app.demo.dice import Dice, dice
from evidence_app.demo.draft import Block, Bullets, Draft, Heading, Paragraph, Table
from evidence_app.demo.filling import Filler
from evidence_app.demo.sketch import PICTURES, SHEETS, Sketch

LONGEST_SECTIONS = 7
ROWS_OF_A_REGISTER = (12, 60)


def draft_of(sketch: Sketch) -> Draft:
    """The words of a document; a near copy has those of its original but for a few."""
    throws = dice("words", sketch.seed)
    filler = Filler(sketch.setting, throws)
    writing = _Writing(sketch, filler, throws)
    blocks = list(writing.blocks())
    if sketch.also_in:
        blocks += writing.summary_in(sketch.also_in)
    if sketch.near_copy_of:
        blocks = writing.changed_a_little(blocks)
    kind = sketch.kind.rstrip("2")
    opening = throws.choice(writing.frame.openings.get(kind) or writing.frame.openings["slides"])
    return Draft(sketch.title, filler.fill(opening, sketch.language), sketch.language, tuple(blocks))


class _Writing:
    """One document being written."""

    def __init__(self, sketch: Sketch, filler: Filler, throws: Dice) -> None:
        self.sketch, self.filler, self.throws = sketch, filler, throws
        self.frame = frames(sketch.language)
        self.heads = self.frame.headings
        self.bank = [sentences(sketch.language)[code] for code in sketch.codes]
        # Most documents are short and a few are long, as on every drive.
        self.sections = min(LONGEST_SECTIONS, max(1, round(throws.lognormvariate(0.7, 0.6))))

    def blocks(self) -> Iterator[Block]:
        """The blocks of a document of this kind, or of what its format asks for."""
        if self.sketch.format in SHEETS:
            yield from self._sheets()
        elif self.sketch.format in PICTURES:
            yield Bullets(self._points(self.bank[0]))
        elif self.sketch.format == "pptx":
            yield from self._slides()
        else:
            ways = {
                "policy": self._policy,
                "handbook": self._policy,
                "plan": self._policy,
                "page": self._letter,
                "letter": self._letter,
                "minutes": self._minutes,
                "unit": self._unit,
                "reflection": self._reflection,
                "form": self._form,
                "log": self._register,
                "sheet": self._register,
            }
            yield from ways.get(self.sketch.kind.rstrip("2"), self._report)()

    def summary_in(self, language: str) -> list[Block]:
        """A short part in another language, as schools of two languages have it."""
        other = sentences(language)[self.sketch.main_code]
        lines = [self.filler.fill(line, language) for line in (*other.rules[:2], *other.done[:1])]
        return [Heading(frames(language).headings["summary"]), Paragraph(" ".join(lines))]

    def changed_a_little(self, blocks: list[Block]) -> list[Block]:
        """The same blocks with a paragraph more, as a later version has."""
        throws = dice("near", self.sketch.number)
        extra = Filler(self.sketch.setting, throws).fill(throws.choice(self.frame.talk), self.sketch.language)
        place = throws.randint(0, len(blocks))
        return [*blocks[:place], Paragraph(extra), *blocks[place:]]

    def _say(self, lines: Sequence[str], count: int) -> str:
        """So many of these sentences as one paragraph, in their order."""
        chosen = sorted(self.throws.sample(range(len(lines)), min(count, len(lines))))
        return " ".join(self.filler.fill(lines[n], self.sketch.language) for n in chosen)

    def _points(self, about: Sentences) -> tuple[str, ...]:
        chosen = self.throws.sample(about.points, min(len(about.points), self.throws.randint(3, 5)))
        return tuple(self.filler.fill(point, self.sketch.language) for point in chosen)

    def _steps(self, count: int) -> tuple[str, ...]:
        chosen = self.throws.sample(self.frame.steps, min(count, len(self.frame.steps)))
        return tuple(self.filler.fill(step, self.sketch.language) for step in chosen)

    def _closing(self) -> Paragraph:
        return Paragraph(self._say(self.frame.closings, 1))

    def _policy(self) -> Iterator[Block]:
        yield Heading(self.heads["believe"])
        main, *others = self.bank
        rules = self.throws.sample(main.rules, len(main.rules))
        half = len(rules) // 2
        yield Paragraph(self._say(rules[:half], half))
        yield Bullets(self._points(main))
        yield Heading(self.heads["practice"])
        yield Paragraph(self._say(rules[half:], half))
        for about in others:
            yield Paragraph(self._say(about.rules, 3))
        for _ in range(self.sections):
            yield Heading(f"{self.heads['learned']}, {self.filler.fill('{campus}', self.sketch.language)}")
            yield Paragraph(self._say(self.bank[0].done, 2) + " " + self._say(self.frame.talk, 2))
        yield Heading(self.heads["duties"])
        yield self._table("duties", self._duties())
        yield self._closing()

    def _minutes(self) -> Iterator[Block]:
        yield Paragraph(f"{self.heads['present']}: " + ", ".join(self.throws.sample(STAFF_NAMES, 5)))
        yield Heading(self.heads["agenda"])
        yield Bullets(self._points(self.bank[0]))
        for _ in range(self.sections):
            about = self.throws.choice(self.bank)
            yield Heading(f"{self.heads['notes']}, {self.filler.day(self.frame)}")
            yield Paragraph(self._say(about.done, 2) + " " + self._say(self.frame.talk, 2))
        for about in self.bank[1:]:
            yield Paragraph(self._say(about.done, 1) + " " + self._say(about.rules, 1))
        yield Heading(self.heads["decisions"])
        yield self._table("decisions", [(step, name, month) for name, step, month in self._duties()])

    def _report(self) -> Iterator[Block]:
        yield Heading(self.heads["summary"])
        yield Paragraph(self._say(self.bank[0].done, 2))
        for about in self.bank:
            yield Heading(self.heads["findings"])
            yield Paragraph(self._say(about.done, 3) + " " + self._say(self.frame.talk, self.sections))
        yield Heading(self.heads["data"])
        yield self._figures()
        yield Heading(self.heads["next"])
        yield Bullets(self._steps(3))
        yield self._closing()

    def _letter(self) -> Iterator[Block]:
        for about in self.bank:
            yield Paragraph(self._say(about.rules, 2))
            yield Paragraph(self._say(about.done, 2) + " " + self._say(self.frame.talk, 1))
        yield Bullets(self._points(self.bank[0]))
        yield self._closing()

    def _unit(self) -> Iterator[Block]:
        title, idea = self.frame.units[self.sketch.setting.unit % len(self.frame.units)]
        yield Paragraph(f"{title}. {idea}.")
        yield Heading(self.heads["before"])
        yield Paragraph(self._say(self.bank[0].rules, 2))
        yield Bullets(self._points(self.bank[0]))
        yield Heading(self.heads["during"])
        for about in self.bank:
            yield Paragraph(self._say(about.done, 2))
        rows = []
        for week in range(1, self.sections + 3):
            point = self._points(self.throws.choice(self.bank))[0]
            rows.append((str(week), point, self.throws.choice(self.frame.evidence)))
        yield self._table("weeks", rows)
        yield Heading(self.heads["after"])
        yield Paragraph(self._say(self.bank[0].done, 2) + " " + self._say(self.frame.talk, 2))

    def _reflection(self) -> Iterator[Block]:
        for about in self.bank:
            yield Paragraph(self._say(about.done, 2))
        yield Bullets(self._points(self.bank[0]))
        yield Paragraph(self._say(self.bank[0].done, 1) + " " + self._say(self.frame.talk, 1))

    def _form(self) -> Iterator[Block]:
        yield Paragraph(self._say(self.bank[0].rules, 2))
        yield Heading(self.heads["fields"])
        yield self._table("fields", [(field, "") for field in self.frame.fields], head=(self.heads["fields"], ""))
        yield Bullets(self._points(self.bank[0]))
        yield self._closing()

    def _slides(self) -> Iterator[Block]:
        for number in range(self.throws.randint(4, 12)):
            about = self.bank[number % len(self.bank)]
            point, *others = self._points(about)
            yield Heading(point)
            yield Bullets((self._say(about.rules if number % 2 else about.done, 1), *others[:2]))

    def _sheets(self) -> Iterator[Block]:
        yield from self._register()
        yield self._figures()

    def _register(self) -> Iterator[Block]:
        rows = []
        for number in range(self.throws.randint(*ROWS_OF_A_REGISTER)):
            about = self.throws.choice(self.bank)
            entry = self._say(about.done, 1) if number % 4 == 0 else self.throws.choice(self._points(about))
            day = self.sketch.written_on - timedelta(days=self.throws.randrange(200))
            person, remark = self.throws.choice(STAFF_NAMES), self.throws.choice(self.frame.remarks)
            rows.append((_iso(day), entry, person, remark))
        yield self._table("rows", sorted(rows))

    def _figures(self) -> Table:
        share = self.throws.randint(48, 80)
        rows = []
        for grade in range(1, 13):
            rows.append((f"Grade {grade}", str(self.throws.randint(14, 66)), f"{min(share + grade, 100)} %"))
        return self._table("data", rows)

    def _duties(self) -> list[tuple[str, str, str]]:
        return [
            (self.throws.choice(STAFF_NAMES), step, self.throws.choice(self.frame.months)) for step in self._steps(4)
        ]

    def _table(self, name: str, rows: Sequence[tuple[str, ...]], head: tuple[str, ...] = ()) -> Table:
        label = {"rows": "Register", "data": self.heads["data"]}.get(name, name)
        return Table(label, head or self.frame.columns[name], tuple(rows))


def _iso(day: date) -> str:
    return day.isoformat()
