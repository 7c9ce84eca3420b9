"""Filling the slots of sentences: with a grade, a unit and people, and with numbers that differ each time."""

from __future__ import annotations

import re
from datetime import timedelta

from evidence_app.demo.bank import Frames, frames
from evidence_app.demo.cast import CAMPUSES, STAFF_NAMES
from evidence_app.demo.dice import Dice, dice
from evidence_app.demo.sketch import Setting, Sketch

_SLOT = re.compile(r"\{(\w+)\}")


class Filler:
    """Fills the slots of sentences for one text: the same grade and unit throughout, other numbers each time."""

    def __init__(self, setting: Setting, throws: Dice) -> None:
        self._setting = setting
        self._throws = throws
        self._people = (setting.owner, throws.choice([name for name in STAFF_NAMES if name != setting.owner]))

    def fill(self, text: str, language: str) -> str:
        """The sentence with every slot filled, in the words of its language, its first letter a capital."""
        frame = frames(language)
        text = text.replace("{month} {year}", "{moment}")
        filled = _SLOT.sub(lambda slot: self._word(slot[1], frame), text)
        return filled[:1].upper() + filled[1:]

    def day(self, frame: Frames, within_days: int = 120) -> str:
        """A day shortly before the document was written, in words."""
        day = self._setting.written_on - timedelta(days=self._throws.randrange(within_days))
        return frame.day.format(day=day.day, month=frame.months[day.month - 1])

    def _word(self, slot: str, frame: Frames) -> str:
        setting, throws = self._setting, self._throws
        title, idea = frame.units[setting.unit % len(frame.units)]
        first_year = int(setting.school_year[:4])
        words = {
            "grade": setting.grade,
            "subject": frame.subjects[setting.subject],
            "unit": title,
            "idea": idea,
            "programme": setting.programme or "PYP",
            "year": setting.school_year,
            "nextyear": str(first_year + 2),
            "span": f"{first_year}-{first_year + 3}",
            "session": f"{'MN'[throws.randrange(2)]}{(first_year + 1) % 100:02d}",
            "person": self._people[0],
            "person2": self._people[1],
        }
        if slot in words:
            return words[slot]
        if slot == "moment":
            return f"{frame.months[setting.written_on.month - 1]} {setting.written_on.year}"
        drawn = {
            "day": lambda: self.day(frame),
            "month": lambda: throws.choice(frame.months),
            "campus": lambda: throws.choice(CAMPUSES),
            "n": lambda: str(throws.randint(3, 9)),
            "m": lambda: str(throws.randint(12, 68)),
            "p": lambda: str(throws.randint(52, 94)),
        }
        return drawn[slot]()


def title_of(sketch: Sketch) -> str:
    """The title of a sketch whose `title` still has slots."""
    return Filler(sketch.setting, dice("title", sketch.seed)).fill(sketch.title, sketch.language)
