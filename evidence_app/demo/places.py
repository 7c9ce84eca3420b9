"""Folders and file names as they really are on a school's drive: half a system, half not."""

from __future__ import annotations

import unicodedata
from datetime import date

from evidence_app.demo.dice import Dice
from evidence_app.demo.sketch import PICTURES

CATEGORIES = {"01": "A. Purpose", "02": "B. Environment", "03": "C. Culture", "04": "D. Learning"}
SHORT = {
    "0101-01": "Mission",
    "0101-02": "Leadership",
    "0101-03": "Learner profile",
    "0201-01": "IB rules",
    "0201-02": "Coordinators",
    "0201-03": "Timetable",
    "0201-04": "Improvement",
    "0201-05": "Budget",
    "0202-01": "Rooms and library",
    "0202-02": "Learning support",
    "0202-03": "Well-being",
    "0202-04": "Guidance",
    "0202-05": "Community",
    "0203-01": "IB guides",
    "0203-02": "PD",
    "0203-03": "Planning time",
    "0301-01": "Admissions",
    "0301-02": "Inclusion policy",
    "0301-03": "Academic integrity",
    "0301-04": "Language policy",
    "0301-05": "Assessment policy",
    "0301-06": "Policy review",
    "0401-01": "Curriculum map",
    "0401-02": "Planning",
    "0401-03": "For families",
    "0402-01": "ATL",
    "0402-02": "Portfolios",
    "0402-03": "Collaboration",
    "0402-04": "Ethics",
    "0402-05": "Action and service",
    "0402-06": "Agency",
    "0402-07": "Identity",
    "0403-01": "Inquiry",
    "0403-02": "Concepts",
    "0403-03": "Contexts",
    "0403-04": "Group work",
    "0403-05": "Differentiation",
    "0404-01": "Feedback",
    "0404-02": "Tasks",
    "0404-03": "Exams and moderation",
    "0404-04": "Exhibition PP EE",
}
STRAYS = (
    "OLD",
    "To sort",
    "Noor's folder",
    "New folder (2)",
    "Photos open day 2023",
    "2014 standards - do not delete/C3.10",
    "2014 standards - do not delete/B2",
    "Evaluation/C1 1a",
    "from Jun",
    "scans library copier",
    "DP/M26",
    "Desktop PC 3",
    "staff share backup 2022",
    "Evaluation/Student support 3",
    "Evaluation/Culture 2",
    "New folder",
    "MYP/old coordinator",
)
STRAY_SHARE = 0.07
BUSY_STANDARDS = ("0401", "0402", "0404")
FORBIDDEN_BY_WINDOWS = '?:"*<>|'
LONGEST_NAME_BYTES = 250
_TAIL = "with comments of the team and of the families who came to the evening and what we answered to them afterwards"
_ENDINGS = (" FINAL", " (2)", " v3", " v4 clean", "_new", " - Copy", " draft", " FINAL FINAL", " updated", " for visit")
_CAMERAS = ("IMG_{:04d}", "DSC{:05d}", "PXL_{:08d}", "WhatsApp Image {:05d}", "Photo {:d}")
_SERVICE_NAMES = (".DS_Store", "Thumbs.db", "desktop.ini", "~$nutes.docx")


def folder_for(code: str, programme: str, grade: str, subject: str, school_year: str, throws: Dice) -> str:
    """The folder of a document: by category, practice and year, deeper where there is much, sometimes anywhere."""
    if throws.random() < STRAY_SHARE:
        return throws.choice(STRAYS)
    folder = f"{CATEGORIES[code[:2]]}/{code} {SHORT[code]}"
    if code[:4] not in BUSY_STANDARDS or not programme:
        return f"{folder}/{school_year}"
    if code[:4] == "0402":
        return f"{folder}/{programme}/{school_year}"
    return f"{folder}/{programme}/{grade if programme == 'PYP' else subject}"


def file_name_for(title: str, format: str, code: str, written_on: date, throws: Dice) -> str:
    """A file name as people give it: mostly the title, with what clings to names over the years."""
    if format in PICTURES and throws.random() < 0.5:
        return f"{throws.choice(_CAMERAS).format(throws.randrange(9999))}.{throws.choice((format, format.upper()))}"
    stem = title.replace("/", "-")
    way = throws.random()
    if way < 0.12:
        stem = stem.replace(" ", "_")
    elif way < 0.2:
        stem = f"{code} {stem}"
    elif way < 0.26:
        stem = f"{_old_label(code)} {stem}"
    elif way < 0.32:
        stem = stem.lower()
    if throws.random() < 0.3:
        stem += throws.choice(_ENDINGS)
    elif throws.random() < 0.12:
        stem += f" {written_on:%Y%m%d}"
    return with_oddities(stem, format, throws)


def with_oddities(stem: str, format: str, throws: Dice) -> str:
    """The name, now and then too long, in decomposed letters, or with a sign that Windows refuses."""
    way = throws.random()
    if way < 0.01:
        stem = f"{stem}, {_TAIL}, {_TAIL}"
    elif way < 0.06:
        stem = f"{stem} {_TAIL}"
    elif way < 0.1:
        stem = unicodedata.normalize("NFD", f"{stem} café" if stem.isascii() else stem)
    elif way < 0.13:
        stem += throws.choice(FORBIDDEN_BY_WINDOWS)
    return cut_name(stem, format)


def cut_name(stem: str, ending: str) -> str:
    """The name with its ending, no longer than a disk takes."""
    room = LONGEST_NAME_BYTES - len(ending.encode()) - 1
    return f"{stem.encode()[:room].decode(errors='ignore').strip()}.{ending}"


def junk_names(count: int, folders: list[str], throws: Dice) -> list[str]:
    """Paths of files that no person made: those of operating systems and open programs."""
    found: set[str] = set()
    while len(found) < min(count, len(folders) * len(_SERVICE_NAMES)):
        found.add(f"{throws.choice(folders)}/{throws.choice(_SERVICE_NAMES)}")
    return sorted(found)


def _old_label(code: str) -> str:
    """How the practice is called in folders that go by names instead of numbers."""
    return f"{CATEGORIES[code[:2]].partition(' ')[2]} {int(code[5:])}"
