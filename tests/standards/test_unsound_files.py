"""Each check of a catalogue file: a file broken in one place is refused with its name, line, code, fault and remedy."""

from importlib import resources
from pathlib import Path

import pytest

from standards import CatalogueError, catalogue_from_yaml
from standards.loader import read_folder

PROGRAMMES = "  programmes: {PYP: {en: Primary}, DP: {en: Diploma}}"
SOUND = """\
schema: 1
framework:
  key: our-school
  names: {en: Our framework, fr: Notre cadre}
  publisher: Our school
  edition: "2026"
  source: our own work
  licence: ours
  programmes: {PYP: {en: Primary}, DP: {en: Diploma}}
  answered_level: indicator
  levels:
  - {name: area, labels: {en: Area, fr: Domaine}}
  - {name: indicator, labels: {en: Indicator}}
  grammar:
  - {level: area, pattern: "[A-D]", example: A}
  - {level: indicator, pattern: "(?P<area>[A-D])[1-9]", parent: '\\g<area>', example: A1}
  - level: indicator
    kind: detail
    pattern: "(?P<indicator>[A-D][1-9])(?P<programme>[pd])"
    parent: '\\g<indicator>'
    programmes: {p: PYP, d: DP}
    example: A1p
  - {level: indicator, pattern: "X[0-9]", example: X1}
  scales:
  - key: two
    labels: {en: Two}
    rates: [indicator]
    levels:
    - {key: no, labels: {en: Not met}}
    - {key: yes, labels: {en: Met}, descriptors: {en: All of it.}}
nodes:
- code: A
  label: Leadership
- code: A1
  label: A shared plan
  summary: There is a plan.
  keywords: [plan, strategy]
- code: A1d
  label: A plan for the diploma
- code: X1
  parent: A
  label: An extra
  programmes: [DP]
  not_seen: [A2]
"""


def test_a_sound_file_of_a_schools_own_is_read():
    own = catalogue_from_yaml(SOUND, "our.yaml")
    assert [node.code for node in own.practices()] == ["A1", "A1d", "X1"]
    assert [node.programmes for node in own] == [("PYP", "DP"), ("PYP", "DP"), ("DP",), ("DP",)]
    assert own.node("A1d").kind == "detail"
    assert own.node("X1").parent_key == "our-school/A"
    assert own.node("A1").label("it") == "A shared plan"
    assert own.node("A1").keywords_in("fr") == ("plan", "strategy")
    assert own.node("A1").prompts_in("fr") == ()
    assert own.short_name == "Our framework"


def test_codes_and_words_are_texts_however_yaml_would_take_them():
    own = catalogue_from_yaml(SOUND.replace("label: An extra", "label: no"), "our.yaml")
    assert own.node("X1").label() == "no"


def test_the_example_in_the_instructions_is_sound():
    instructions = (resources.files("standards") / "data" / "README.md").read_text("utf-8")
    example = instructions.partition("```yaml\n")[2].partition("```")[0]
    own = catalogue_from_yaml(example, "our-school.yaml")
    assert [node.code for node in own.practices("PYP")] == ["A1"]


def test_a_framework_without_programmes_concerns_the_whole_school():
    example = SOUND[: SOUND.index("- code: A1\n")].replace(
        "  programmes: {PYP: {en: Primary}, DP: {en: Diploma}}\n", ""
    )
    example = example.replace("    programmes: {p: PYP, d: DP}\n", "")
    (node,) = catalogue_from_yaml(example, "our.yaml")
    assert node.programmes == ()
    assert node.applies_to("DP")


# (what is replaced, by what, the line named, the code named, words of the message)
SAME_SCALE = "{key: two, labels: {en: T}, rates: [], levels: [{key: a, labels: {en: A}}, {key: b, labels: {en: B}}]}"

BROKEN = [
    ("schema: 1", "schema: 2", 1, "", "The schema '2' is not known. Use one of: 1."),
    ("schema: 1\n", "", 1, "", "The file lacks the field 'schema'. Add a line `schema: ...` to it."),
    ("schema: 1", "schema: 1\nscheme: 1", 2, "", "The file has an unknown field 'scheme'. Known fields: schema, fra"),
    ("  edition:", "  edition: 2\n  edition:", 7, "", "has 'edition' twice. The first is on line 6: keep one."),
    ("key: our-school", "key: Our School", 3, "", "The key 'Our School' is ill-formed. Use small letters"),
    ("names: {en: Our framework, ", "names: {", 4, "", "The framework's name lacks the field 'en'."),
    ("fr: Notre cadre", "de: Unser Rahmen", 4, "", "unknown field 'de'. Known fields: en, fr, es, it."),
    ("publisher: Our school", "publisher:", 5, "", "The publisher is empty. Write a text, or leave"),
    ("publisher: Our school", "publisher: [a]", 5, "", "The publisher must be one text."),
    (PROGRAMMES, "  programmes: [PYP]", 9, "", "Programmes must be a set of fields."),
    (PROGRAMMES, "  programmes: {PYP: {fr: Primaire}}", 9, "", "A programme's name lacks the field 'en'."),
    ("answered_level: indicator", "answered_level: practice", 10, "", "The answered level 'practice' is not known."),
    ("- {name: indicator, ", "- {name: area, ", 13, "", "The level 'area' stands twice."),
    ("{level: area, pattern", "{level: field, pattern", 15, "", "The level 'field' is not known. Use one of: area"),
    ('"[A-D]", example: A', '"[A-D", example: A', 15, "", "The pattern '[A-D' is broken"),
    ('"[A-D]", example: A', '"[A-D]", example: E', 15, "", "The example 'E' does not fit its pattern."),
    ("parent: '\\g<area>'", "parent: '\\g<field>'", 16, "", "cannot be worked out"),
    ("(?P<programme>[pd])", "[pd]", 21, "", "The pattern has no group called programme. Put (?P<programme>"),
    ("{p: PYP, d: DP}", "{p: PYP, d: CP}", 21, "", "The programme 'CP' is not known. Use one of: PYP, DP."),
    ("rates: [indicator]", "rates: [practice]", 27, "", "The rated level 'practice' is not known."),
    ("- {key: no, labels: {en: Not met}}\n", "", 25, "", "The scale 'two' has fewer than two levels."),
    ("scales:\n", f"scales:\n  - {SAME_SCALE}\n", 26, "", "The scale 'two' stands twice."),
    ("- code: A1\n", "- code: A1\n  weight: 3\n", 35, "A1", "A node has an unknown field 'weight'."),
    ("- code: A1d\n  label: A plan for the diploma", "- code: A1d", 38, "A1d", "A node lacks the field 'label'."),
    ("- code: A1d\n  label", "- label", 38, "", "A node lacks the field 'code'."),
    ("label: A shared plan", "label: ''", 35, "A1", "The label is empty."),
    ("label: A shared plan", f"label: {'long ' * 13}", 35, "A1", "The label has 64 letters, 60 at most fit."),
    ("summary: There is a plan.", "summary: ~", 36, "A1", "The summary is empty."),
    ("[plan, strategy]", "[plan, plan]", 37, "A1", "The field keywords says 'plan' twice."),
    ("[plan, strategy]", "plan", 37, "A1", "The field keywords must be a list. Write one entry a line"),
    ("- code: X1", "- code: Z1", 40, "Z1", "The code 'Z1' is ill-formed. Codes of this framework: area like A; ind"),
    ("- code: X1\n  parent: A\n", "- code: A1\n", 40, "A1", "The code A1 stands twice. The first is on line 34"),
    ("- code: A1\n", "- code: B1\n", 34, "B1", "The parent 'B' does not stand before it. Add the parent above"),
    ("- code: A1\n", "- code: A1\n  parent: B\n", 35, "A1", "The parent is given as 'B'; the code says 'A'."),
    ("  parent: A\n", "", 40, "X1", "The indicator X1 needs a parent. Add a line `parent:"),
    ("  parent: A\n", "  parent: A1\n", 41, "X1", "The indicator X1 cannot stand below the indicator A1. Lev"),
    ("  programmes: [DP]", "  programmes: [CP]", 43, "X1", "The programme 'CP' is not known."),
    ("  label: A plan for the diploma", "  label: A\n  programmes: [PYP]", 40, "A1d", "The code belongs to DP"),
    ("  label: A shared plan", "  label: A\n  programmes: [PYP]", 39, "A1d", "Its parent A1 is not of DP."),
    ("  label: An extra", "  label: An extra\n  confidence: sure", 43, "X1", "The confidence 'sure' is not known."),
    ("  label: An extra", "  label: An extra\n  coverage: half", 43, "X1", "The coverage 'half' is not known."),
    ("not_seen: [A2]", "not_seen: [A1]", 40, "X1", "A1 is listed as not seen and stands in the file."),
    ("not_seen: [A2]", "not_seen: [Q9]", 40, "X1", "'Q9' is listed as not seen and is ill-formed."),
    ("levels:\n  - {name: area", "levels: [\n  - {name: area", 12, "", "This is not YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "code", "message"), BROKEN)
def test_a_broken_file_says_where_what_and_how_to_mend_it(old, new, line, code, message):
    assert old in SOUND
    with pytest.raises(CatalogueError) as caught:
        catalogue_from_yaml(SOUND.replace(old, new, 1), "our.yaml")
    error = caught.value
    assert message in f"{error.what} {error.remedy}"
    assert (error.file, error.line, error.code) == ("our.yaml", line, code)
    assert str(error).startswith(f"our.yaml, line {line}")
    assert error.remedy


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The file is empty."),
        ("schema: 1\x00", "This is not YAML"),
        ("label: \ud800", "This is not YAML"),
        ("[" * 200_000, "The fields are nested more than 20 deep."),
        ("- 1", "The file must be a set of fields."),
        (SOUND[: SOUND.index("nodes:")] + "nodes: []", "The framework has no nodes."),
        (SOUND.replace(SOUND[SOUND.index("  levels:") : SOUND.index("  grammar:")], "  levels: []\n")
         .replace("  answered_level: indicator\n", ""), "The framework has no levels."),
    ],
)  # fmt: skip
def test_a_file_that_holds_no_catalogue_is_refused(text, message):
    with pytest.raises(CatalogueError, match=message):
        catalogue_from_yaml(text, "our.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "our-school.yaml").write_text(SOUND, "utf-8")
    return tmp_path


def test_translations_and_keywords_beside_the_file_are_laid_over_it(folder):
    (folder / "our-school.fr.yaml").write_text(
        "framework: our-school\nlanguage: fr\ncodes:\n  A1:\n    label: Un plan commun\n    summary: Il y a un plan.\n"
        "    evidence: [plan stratégique]\n    prompts: [Où est-il ?]\n",
        "utf-8",
    )
    (folder / "our-school.keywords.yaml").write_text("codes:\n  A1: {fr: [projet], en: [road map]}\n", "utf-8")
    node = read_folder(folder, "our-school").node("A1")
    assert (node.label("fr"), node.summary("fr"), node.label("en")) == (
        "Un plan commun",
        "Il y a un plan.",
        "A shared plan",
    )
    assert (node.evidence_in("fr"), node.prompts_in("fr")) == (("plan stratégique",), ("Où est-il ?",))
    assert (node.keywords_in("fr"), node.keywords_in("en")) == (("projet",), ("road map",))


SIDES = [
    ("fr", "language: es\ncodes: {}", 1, "", "The language 'es' is not known. Use one of: fr."),
    ("fr", "language: fr\nframework: other\ncodes: {}", 2, "", "The framework 'other' is not known. Use one of: our-"),
    ("fr", "language: fr\ncodes:\n  B1: {label: Deux}", 3, "B1", "The catalogue has no node 'B1'. Correct the code"),
    ("fr", "language: fr\ncodes:\n  A1:\n    labels: Deux", 4, "A1", "A translation has an unknown field 'labels'."),
    ("fr", "language: fr\ncodes:\n  A1:\n    label: ''", 4, "A1", "The label is empty."),
    ("fr", f"language: fr\ncodes:\n  A1:\n    label: {'x' * 61}", 4, "A1", "The label has more than 60 letters."),
    ("fr", "language: fr\ncodes:\n  A1: {label: a}\n  A1: {label: b}", 4, "", "Codes has 'A1' twice."),
    ("fr", "codes: {}", 1, "", "The file lacks the field 'language'."),
    ("keywords", "format: keywords/2\ncodes: {}", 1, "", "The format 'keywords/2' is not known."),
    ("keywords", "codes:\n  A1: {de: [Plan]}", 2, "A1", "Keywords has an unknown field 'de'. Known fields: en, fr"),
    ("keywords", "codes:\n  C1: {en: [plan]}", 2, "C1", "The catalogue has no node 'C1'."),
    ("keywords", "codes:\n  A1:\n    en: [plan, '']", 3, "A1", "A keyword is empty."),
]


@pytest.mark.parametrize(("name", "text", "line", "code", "message"), SIDES)
def test_a_broken_side_file_says_where_what_and_how_to_mend_it(folder, name, text, line, code, message):
    (folder / f"our-school.{name}.yaml").write_text(text, "utf-8")
    with pytest.raises(CatalogueError) as caught:
        read_folder(folder, "our-school")
    error = caught.value
    assert message in f"{error.what} {error.remedy}"
    assert (error.file, error.line, error.code) == (f"our-school.{name}.yaml", line, code)


def test_a_file_must_bear_the_name_of_its_key(folder):
    (folder / "other.yaml").write_text(SOUND, "utf-8")
    with pytest.raises(
        CatalogueError, match=r"key is 'our-school', the file is called 'other'. Name the file our-school"
    ):
        read_folder(folder, "other")
