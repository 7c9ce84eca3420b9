"""A school's drive of any size: which documents lie on it, and the files themselves, the same for the same seed."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path, PurePosixPath

from evidence_app.demo import cast
from evidence_app.demo.bank import codes, frames, sentences
from evidence_app.demo.dice import Dice, deal, dice, shuffled
from evidence_app.demo.documents import write_document
from evidence_app.demo.filling import title_of
from evidence_app.demo.places import cut_name, file_name_for, folder_for, junk_names, with_oddities
from evidence_app.demo.sketch import Setting, Sketch

SEED = "alder bay"
PROCESSES = 2
PART = 20
"""How many documents a process writes at a time."""
FORMATS = {
    "pdf": 30, "docx": 28, "jpg": 14, "pptx": 9, "xlsx": 6, "png": 3, "url": 3, "csv": 2, "rtf": 2, "odt": 1,
    "md": 0.6, "txt": 0.6, "html": 0.6, "eml": 0.2,
}  # fmt: skip
"""Share of each kind of file on a real drive, in per cent."""
STANDARDS = {
    "0101": 3, "0201": 5, "0202": 8, "0203": 6, "0301": 12, "0401": 24, "0402": 16, "0403": 10, "0404": 16,
}  # fmt: skip
"""Share of the documents of each standard, in per cent."""
LANGUAGES = {"en": 70, "fr": 8, "es": 7, "it": 5, "mixed": 10}
EXACT_COPIES, NEAR_COPIES, JUNK, SCANS_OF_PDF = 0.09, 0.12, 0.02, 1 / 6
YEARS_BACK = {0: 34, 1: 27, 2: 18, 3: 12, 4: 9}
MONTHS = {8: 4, 9: 16, 10: 8, 11: 8, 12: 4, 1: 15, 2: 6, 3: 13, 4: 13, 5: 6, 6: 5, 7: 2}
"""When documents are written: most of them in September, in January and in the months before a visit."""
SUITS = {
    "docx": ("policy", "handbook", "plan", "minutes", "report", "letter", "unit", "unit2", "reflection", "form"),
    "pptx": ("slides",),
    "xlsx": ("sheet", "log"),
    "csv": ("log", "sheet"),
    "jpg": ("photo", "reflection"),
    "png": ("photo", "slides"),
    "html": ("page", "letter", "handbook"),
}
"""Kinds of document that go with a format; every kind but photographs and tables goes with the others."""
NEEDS_GRADE = ("{grade}", "{subject}", "{unit}")


@dataclass(frozen=True, slots=True)
class Drive:
    """A folder full of documents: where it is, what is true of each, and how many files are junk."""

    folder: Path
    sketches: tuple[Sketch, ...]
    junk: int


def make_drive(folder: Path, *, documents: int, today: date, truth: Path | None = None) -> Drive:
    """The folder, filled with so many documents and some junk; `truth` is written as a table of what each shows."""
    sketches = plan_drive(documents, today)
    for place in sorted({PurePosixPath(sketch.path).parent.as_posix() for sketch in sketches}):
        (folder / place).mkdir(parents=True, exist_ok=True)
    originals = {sketch.path: sketch for sketch in sketches}
    batches = [(folder, [originals[s.copy_of or s.path] for s in part], part) for part in _parts(sketches, PART)]
    if len(batches) > PROCESSES:
        # Forking from a process with threads is unsafe; fresh children cost a second once.
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
            list(pool.map(_write_part, batches))
    else:
        for batch in batches:
            _write_part(batch)
    folders = sorted({PurePosixPath(sketch.path).parent.as_posix() for sketch in sketches})
    junk = junk_names(round(documents * JUNK), folders, dice(SEED, "junk"))
    for path in junk:
        (folder / path).write_bytes(b"\x00\x00\x00\x01Bud1" + path.encode())
    if truth is not None:
        write_truth(truth, sketches)
    return Drive(folder, tuple(sketches), len(junk))


def write_truth(path: Path, sketches: Sequence[Sketch]) -> None:
    """A CSV table with one line for each document: where it lies, its language, what it shows, whose copy it is."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("path", "language", "codes", "year", "programme", "duplicate_of", "near_duplicate_of"))
        for one in sketches:
            shown = (one.path, one.language, ";".join(one.codes), one.school_year, one.programme)
            table.writerow((*shown, one.copy_of, one.near_copy_of))


def plan_drive(documents: int, today: date, seed: str = SEED) -> list[Sketch]:
    """What lies on the drive, by path. Every practice has a document as soon as there are as many as practices."""
    exact, near = round(documents * EXACT_COPIES), round(documents * NEAR_COPIES)
    originals = _originals(documents - exact - near, today, seed)
    throws = dice(seed, "copies")
    taken = {_folded(sketch.path) for sketch in originals}
    chosen = throws.choices(originals, k=exact + near) if originals else []
    copies = [
        _copy(original, len(originals) + number, is_exact=number < exact, throws=throws, taken=taken)
        for number, original in enumerate(chosen)
    ]
    return sorted([*originals, *copies], key=lambda sketch: sketch.path)


def _originals(count: int, today: date, seed: str) -> list[Sketch]:
    throws = dice(seed, "plan", count)
    formats = shuffled(deal(FORMATS, count), throws)
    languages = shuffled(deal(LANGUAGES, count), throws)
    about = _codes_of(count, throws)
    taken: set[str] = set()
    scans = round(formats.count("pdf") * SCANS_OF_PDF)
    sketches = []
    for number, (code, format, language) in enumerate(zip(about, formats, languages, strict=True)):
        is_scan = format == "pdf" and scans > 0
        scans -= is_scan
        sketches.append(_sketch(f"{seed}/{number}", number, code, format, language, is_scan, today, taken))
    return sketches


def _codes_of(count: int, throws: Dice) -> list[str]:
    """A main practice for each document: one for every practice first, the rest by the weight of its standard."""
    every = list(codes())
    if count < len(every):
        return throws.sample(every, count)
    weights = {
        code: STANDARDS[code[:4]] / sum(other[:4] == code[:4] for other in every) * throws.uniform(0.5, 1.5)
        for code in every
    }
    return shuffled([*every, *deal(weights, count - len(every))], throws)


def _sketch(
    seed: str, number: int, code: str, format: str, language: str, is_scan: bool, today: date, taken: set[str]
) -> Sketch:
    throws = dice(seed)
    also_in = throws.choice(("fr", "es", "it")) if language == "mixed" else ""
    language = "en" if language == "mixed" else language
    kind, title = _kind(sentences(language)[code].titles, format, throws)
    is_about_lessons = code[:2] == "04" or any(slot in title for slot in NEEDS_GRADE)
    programme = throws.choices((*cast.PROGRAMMES, ""), weights=(19, 17, 14, 50))[0]
    if not programme and is_about_lessons:
        programme = throws.choice(cast.PROGRAMMES)
    if code in ("0301-02", "0301-03", "0301-04", "0301-05") and kind == "policy":
        programme = ""
    written_on = _day(today, throws)
    sketch = Sketch(
        number=number,
        seed=seed,
        path="",
        format=format,
        kind=kind,
        title=title,
        language=language,
        also_in=also_in,
        codes=_all_codes(code, throws),
        setting=Setting(
            owner=throws.choice(cast.filers_of(code, programme)),
            programme=programme,
            grade=throws.choice(cast.GRADES[programme or "PYP"]),
            subject=throws.choice(tuple(frames("en").subjects)),
            unit=throws.randrange(len(frames("en").units)),
            school_year=school_year(written_on),
            written_on=written_on,
        ),
        is_scan=is_scan,
    )
    sketch = replace(sketch, title=title_of(sketch))
    return replace(sketch, path=_free_path(sketch, throws, taken))


def _kind(known: Mapping[str, str], format: str, throws: Dice) -> tuple[str, str]:
    """A kind of document that goes with the format, and its title; any kind where none of the known ones does."""
    suited = SUITS.get(format) or tuple(kind for kind in known if kind not in ("photo", "sheet"))
    kind = throws.choice([kind for kind in suited if kind in known] or list(known))
    return kind, known[kind]


def _all_codes(code: str, throws: Dice) -> tuple[str, ...]:
    """The main practice and up to two others, mostly of the same standard: few papers are about one thing alone."""
    near = [other for other in codes() if other[:4] == code[:4] and other != code]
    far = [other for other in codes() if other[:4] != code[:4]]
    count = throws.choices((0, 1, 2), weights=(50, 38, 12))[0]
    others: list[str] = []
    while len(others) < count:
        other = throws.choice(near if throws.random() < 0.7 else far)
        if other not in others:
            others.append(other)
    return (code, *others)


def school_year(day: date) -> str:
    """The school year of a day: from August, "2025-26"."""
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def _day(today: date, throws: Dice) -> date:
    """A school day of the last five years, not after today."""
    first_year = int(school_year(today)[:4]) - throws.choices(tuple(YEARS_BACK), weights=tuple(YEARS_BACK.values()))[0]
    month = throws.choices(tuple(MONTHS), weights=tuple(MONTHS.values()))[0]
    day = date(first_year + (month < 8), month, throws.randint(1, 28))
    return day if day <= today else today - timedelta(days=1 + (day - today).days % 75)


def _free_path(sketch: Sketch, throws: Dice, taken: set[str]) -> str:
    name = file_name_for(sketch.title, sketch.format, sketch.main_code, sketch.written_on, throws)
    return _unused(f"{_folder(sketch, sketch.main_code, throws)}/{name}", taken)


def _folder(sketch: Sketch, code: str, throws: Dice) -> str:
    where = sketch.setting
    return folder_for(
        code, where.programme, where.grade, frames("en").subjects[where.subject], where.school_year, throws
    )


def _unused(path: str, taken: set[str]) -> str:
    """The path, with a number before its ending if another file has it already, however its letters are written."""
    stem, _, ending = path.rpartition(".")
    tries = 1
    while _folded(path) in taken:
        tries += 1
        folder, _, name = stem.rpartition("/")
        path = f"{folder}/{name.encode()[:230].decode(errors='ignore')} {tries}.{ending}"
    taken.add(_folded(path))
    return path


def _folded(path: str) -> str:
    """What a disk that minds neither case nor composition takes for the same path."""
    return unicodedata.normalize("NFC", path).casefold()


def _copy(original: Sketch, number: int, *, is_exact: bool, throws: Dice, taken: set[str]) -> Sketch:
    """The same document once more, in another place, or a version of it that differs a little."""
    folder = PurePosixPath(original.path).parent.as_posix()
    if throws.random() < 0.6:
        folder = _folder(original, throws.choice(original.codes), throws)
    name = PurePosixPath(original.path).stem
    ending = PurePosixPath(original.path).suffix[1:]
    if throws.random() < 0.5 or not is_exact:
        name = throws.choice(("Copy of {}", "{} (2)", "{} - Copy", "{} v2", "{} FINAL")).format(name)
        if len(name.encode()) < 100:
            name = PurePosixPath(with_oddities(name, ending, throws)).stem
    path = _unused(f"{folder}/{cut_name(name, ending)}", taken)
    if is_exact:
        return replace(original, number=number, path=path, copy_of=original.path)
    return replace(original, number=number, path=path, near_copy_of=original.path)


def _parts(sketches: Sequence[Sketch], size: int) -> Iterator[list[Sketch]]:
    for start in range(0, len(sketches), size):
        yield list(sketches[start : start + size])


def _write_part(batch: tuple[Path, list[Sketch], list[Sketch]]) -> None:
    """Write some documents; a copy gets the bytes of its original, written anew from the same sketch."""
    folder, sources, wanted = batch
    for source, sketch in zip(sources, wanted, strict=True):
        write_document(source, folder / sketch.path)
