"""What folder and file names say, in the forms they are seen in."""

from __future__ import annotations

import pytest

from evidence_app.domain import schools
from evidence_app.domain.evidence import ItemFacts
from evidence_app.domain.intake import Named, NameReader, PathReader
from tests.fixtures import World


@pytest.fixture
def reader(world: World) -> PathReader:
    with world.database.unit_of_work() as session:
        schools.add_subject(session, actor=world.administrator, name="Individuals and societies")
        schools.add_year_group(session, actor=world.administrator, name="Grade 3")
        schools.add_year_group(session, actor=world.administrator, name="Grade 10")
    with world.database.reading() as session:
        return PathReader(NameReader(session, world.teacher))


PRACTICES = {
    "0301 Culture/0301-02 Inclusion/plan.docx": ["0301-02"],
    "0301-02/Leaders 0101-02-0100.pdf": ["0101-02-0100"],
    "Evidence/0301_02_0200 draft.docx": ["0301-02-0200"],
    "Evidence/Culture 2.2 draft.docx": ["0301-02-0200"],
    "Culture 2/photo.jpg": ["0301-02"],
    "0301-02/0402-01 copy/photo.jpg": ["0402-01"],
    "0301 Culture/handbook.docx": [],
    "Two codes 0301-01 and 0301-05/handbook.docx": ["0301-01", "0301-05"],
    "Photos 2024-25/IMG_0301.jpg": [],
}
YEARS = {
    "Minutes/2024-25/a.docx": "2024-25",
    "2023-24/Plan 2024-2025.docx": "2024-25",
    "Plan 2024_25 final.docx": "2024-25",
    "Plan 2024–25.docx": "2024-25",
    "Strategic plan 2023-2028.pdf": "",
    "Call 020241-25.txt": "",
    "Minutes SY 23-24.docx": "2023-24",
    "SY23_24/minutes.docx": "2023-24",
    "AY2023/minutes.docx": "2023-24",
    "a.s. 23-24/verbali.docx": "2023-24",
    "SY2324/minutes.docx": "2023-24",
    "School year 2023/minutes.docx": "2023-24",
    "Minutes/2023/24/a.docx": "2023-24",
    "Minutes 2023\u221524.docx": "2023-24",
    "Plan 2023_24.docx": "2023-24",
    "Minutes/2023/25/a.docx": "",
    "Galaxy 23-24.docx": "",
    "SY 23-25.docx": "",
    "Grades 11-12/a.docx": "",
}


def test_practices_and_school_years_are_read_from_the_innermost_name(reader: PathReader) -> None:
    read = {path: [key.partition("/")[2] for key in reader.read(path).node_keys] for path in PRACTICES}
    assert read == PRACTICES
    assert {path: reader.read(path).school_year for path in YEARS} == YEARS


def test_programmes_subjects_and_year_groups_are_read_as_words(reader: PathReader) -> None:
    named = reader.read("DP/Individuals and Societies/grade 10/plan.docx")
    assert named.programmes == ("DP",)
    assert named.subject_id is not None
    assert named.year_group_id is not None
    assert reader.read("dpt/x.docx").programmes == ()
    other = reader.read("MYP/DP_grade 3 notes.docx")
    assert other.programmes == ("DP",)
    assert other.year_group_id not in (None, named.year_group_id)
    assert reader.read("Grade 101/x.docx").year_group_id is None


def test_a_file_may_lie_in_any_number_of_folders(reader: PathReader) -> None:
    assert reader.read("/".join(["2024-25", *"a" * 1500, "plan.docx"])).school_year == "2024-25"


def test_letters_of_turkish_are_no_trouble(reader: PathReader) -> None:
    assert reader.read("\u0130NDIVIDUALS AND SOC\u0130ETIES/gr\u0131de 3/x.docx").subject_id is None


def test_names_add_to_facts_and_take_nothing_away() -> None:
    facts = ItemFacts(programmes=("MYP",), school_year="2022-23")
    assert Named().on(facts) == facts
    assert Named(school_year="2024-25").on(facts) == ItemFacts(programmes=("MYP",), school_year="2024-25")
