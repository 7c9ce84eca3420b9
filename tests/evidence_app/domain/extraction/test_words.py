"""Every state and every warning has a sentence, whatever a child makes up."""

from __future__ import annotations

import re
from pathlib import Path

from evidence_app.domain.extraction import ReadingState, ReadingWarning, extract, state_words, warning_sentence
from evidence_app.domain.extraction.words import WARNINGS

ROOM = Path(extract.__file__).parent
USED = re.compile(
    r"""(?:warn|Damaged|TooLarge|ToolMissing|Encrypted|ReadingWarning|ChildFault|_memory_fault|with_warning)\(\s*"([a-z]+(?:-[a-z]+)*)"
    |ReadingState\.\w+,\s"([a-z-]+)"|code:\sstr\s=\s"([a-z-]+)"|super\(\).__init__\(ReadingState.\w+,\s"([a-z-]+)""",
    re.VERBOSE,
)


def test_every_state_has_words() -> None:
    assert len({str(state_words(state)) for state in ReadingState}) == len(ReadingState)


def test_every_code_in_the_room_has_a_sentence_and_every_sentence_is_used() -> None:
    code = "\n".join(path.read_text() for path in ROOM.rglob("*.py") if path.name != "words.py")
    used = {group for match in USED.finditer(code) for group in match.groups() if group}

    assert used == set(WARNINGS)


def test_sentence_carries_its_values() -> None:
    sentence = warning_sentence(ReadingWarning("pages-cut", {"read": 2000, "pages": 5000}))

    assert str(sentence) == "Only the first 2000 of 5000 pages were read. The file is kept whole."


def test_made_up_warning_has_a_plain_sentence() -> None:
    plain = str(WARNINGS["child-talked-nonsense"])

    assert str(warning_sentence(ReadingWarning("made-up"))) == plain
    assert str(warning_sentence(ReadingWarning("pages-cut", {"wrong": 1}))) == plain
