"""A school's own wording and missing codes: read from a sheet, checked against the grammar, laid over a catalogue."""

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

import standards
from standards import OverlayError, OverlayRow, apply, check_rows, read_rows
from standards.sheet import SIZE_LIMIT_BYTES

PSP = standards.load("ib-psp-2020")


def csv_rows(text, encoding="utf-8"):
    return read_rows(io.BytesIO(text.encode(encoding)), "wording.csv")


def checked(text, **more):
    return check_rows(PSP, csv_rows(text), **more)


class TestReadingCsv:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_reads_what_spreadsheets_save(self, encoding, delimiter):
        text = (
            delimiter.join(["Code ", "TEXT"])
            + "\r\n"
            + delimiter.join(["0301-02", '"Équité, accès; inclusion"'])
            + "\r\n"
        )
        assert csv_rows(text, encoding) == [(2, {"code": "0301-02", "text": "Équité, accès; inclusion"})]

    def test_counts_lines_through_empty_rows_and_texts_of_several_lines(self):
        rows = csv_rows('\ncode,text\n,\n0301,"two\nlines"\n\n0302,x\n')
        assert rows == [(4, {"code": "0301", "text": "two\nlines"}), (7, {"code": "0302", "text": "x"})]

    def test_lets_empty_columns_be(self):
        assert csv_rows("code,,text,,\n0301,,x,,\n") == [(2, {"code": "0301", "text": "x"})]

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"", "wording.csv is empty. Write a heading row"),
            (b" \n,,\n", "wording.csv is empty."),
            (b"PK\x03\x04rest", "is a workbook or an archive, not a CSV file. Save the sheet as CSV"),
            (b"x" * (SIZE_LIMIT_BYTES + 1), "is larger than 5 MB. Split it"),
            (b'code,text\n0301,"never closed\n', "line 2: The row that begins here has broken quotes. Open the file"),
            (b"code,text\n0301,\x81\n", "line 2: wording.csv is neither in UTF-8 nor in the Windows encoding."),
            (b"\xff\xfea", "is neither in UTF-8 nor"),
            (b"code,text,Code\n", "line 1, column code: The column “code” stands twice. Leave one"),
        ],
    )
    def test_refuses_what_it_cannot_read_and_says_what_to_do(self, data, message):
        with pytest.raises(OverlayError) as caught:
            read_rows(io.BytesIO(data), "wording.csv")
        assert message in str(caught.value)
        assert caught.value.problem.remedy

    @given(st.binary(max_size=300))
    def test_gives_rows_or_an_overlay_error_for_any_bytes(self, data):
        rows = []
        with contextlib.suppress(OverlayError):
            rows = read_rows(io.BytesIO(data), "any.csv")
        assert [line for line, _ in rows] == sorted({line for line, _ in rows})

    @given(
        st.lists(
            st.tuples(st.sampled_from([node.code for node in PSP]), st.text(min_size=1).filter(str.strip)),
            unique_by=lambda r: r[0],
        )
    )
    def test_never_raises_in_checking_and_applying_what_it_read(self, pairs):
        numbered = enumerate([{"code": code, "text": text} for code, text in pairs], start=2)
        result = check_rows(PSP, numbered)
        laid = apply(PSP, result.rows)
        assert len(laid) == len(PSP)
        assert all(laid.node(row.code).own_text() == row.text for row in result.rows)

    @given(
        st.lists(
            st.fixed_dictionaries(
                {
                    "code": st.one_of(
                        st.from_regex(r"0[1-5]0[1-3](-0[1-9](-0[0-9][0-4][0-2])?)?", fullmatch=True),
                        st.text(),
                        st.floats(),
                        st.none(),
                    )
                },
                optional={
                    "text": st.text(),
                    "programme": st.sampled_from(["", "PYP", "dp; myp", "XX"]),
                    "language": st.text(max_size=3),
                },
            )
        )
    )
    def test_every_row_is_kept_whole_or_named_in_a_problem(self, cells):
        result = check_rows(PSP, enumerate(cells, start=2))
        laid = apply(PSP, result.rows)
        assert len(laid) == len(PSP) + len(result.new_codes)
        lines = [row.line for row in result.rows]
        assert len(lines) == len(set(lines))
        assert not set(lines) & {found.line for found in result.problems}
        seen = {None}
        for node in laid:
            assert node.parent_key in seen
            seen.add(node.key)


class TestChecking:
    def test_keeps_sound_rows(self):
        result = checked('code,text,programme,language\n0301-02,Notre politique,"MYP, dp",Français\n03,Culture,,\n')
        assert result.problems == ()
        assert result.rows == (
            OverlayRow(2, "0301-02", "Notre politique", ("MYP", "DP"), "fr"),
            OverlayRow(3, "03", "Culture", (), "en"),
        )

    @pytest.mark.parametrize(
        ("written", "code"),
        [
            ("'0301-02", "0301-02"),
            ("0301–02", "0301-02"),
            (" 0301 - 02 ", "0301-02"),
            (301, "0301"),
            (301.0, "0301"),
            ("301-02", "0301-02"),
            ("ib-psp-2020/0301-02", "0301-02"),
        ],
    )
    def test_reads_codes_as_spreadsheets_leave_them(self, written, code):
        result = check_rows(PSP, [(2, {"Code": written, "Text ": "x"})])
        assert [row.code for row in result.rows] == [code]

    @pytest.mark.parametrize(("written", "language"), [("", "it"), ("FR", "fr"), ("es-MX", "es"), ("Italian", "it")])
    def test_reads_languages_by_code_and_name(self, written, language):
        result = check_rows(PSP, [(2, {"code": "03", "text": "x", "language": written})], default_language="it")
        assert [row.language for row in result.rows] == [language]

    @pytest.mark.parametrize("written", ["", "all", "*", "PYP MYP DP CP", "cp|dp|myp|pyp", None])
    def test_takes_all_programmes_for_none_named(self, written):
        result = check_rows(PSP, [(2, {"code": "0301-02", "text": "x", "programme": written})])
        assert [row.programmes for row in result.rows] == [()]

    @pytest.mark.parametrize(
        ("row", "message"),
        [
            (",x,,", "line 2, column code: There is no code. Write the code, or leave the row out."),
            ("0501,x,,", "line 2, column code: “0501” is not built like a code of this framework. Its codes look"),
            ("0301-02-0101,x,,", "“0301-02-0101” is not built like a code"),
            ("0301-02,,,", "line 2, column text: There is no text. Write the wording"),
            (f"0301-02,{'x' * 4001},,", "line 2, column text: The text has 4001 letters; 4000 at most are kept."),
            ("0301-02,x,,de", "line 2, column language: The language “de” is not known. Use one of: en, fr, es, it."),
            ("0301-02,x,IGCSE,", "column programme: The programme “IGCSE” is not known. Use some of: PYP, MYP,"),
            ("0301-01-0331,x,PYP,", "The code 0301-01-0331 does not concern PYP. It concerns: DP. Correct the code or"),
            ("0301-01-0341,x,PYP,", "The code 0301-01-0341 does not concern PYP. It concerns: CP."),
            ("0301-02,x,,,and more", "The row has more cells than the heading row has columns: “and more”. Put"),
            ("0405-01,x,,", "0405-01 stands below 0405, which is neither in the framework nor in the sheet. Add"),
        ],
    )  # fmt: skip
    def test_says_what_is_wrong_where_and_what_to_do(self, row, message):
        result = checked(f"code,text,programme,language\n{row}\n03,Culture,,\n")
        (found,) = result.problems
        assert message in str(found)
        assert [kept.code for kept in result.rows] == ["03"]

    def test_a_long_value_is_shortened_in_the_message(self):
        (found,) = check_rows(PSP, [(2, {"code": "9" * 200, "text": "x"})]).problems
        assert len(found.value) == 80
        assert found.value.endswith("…")

    def test_a_text_given_twice_names_the_first_line(self):
        result = checked("code,text,programme,language\n0301,a,,\n0301,b,,fr\n0301,c,DP,\n0301,d,,en\n")
        assert [str(found) for found in result.problems] == [
            "line 5, column code: 0301 has a text in this language already, on line 2. Keep one of the two."
        ]
        assert len(result.rows) == 3

    def test_a_missing_column_stops_the_sheet_and_an_unknown_one_does_not(self):
        result = checked("code,wording\n0301,a\n")
        assert result.rows == ()
        assert [str(found) for found in result.problems] == [
            "line 1, column text: The sheet has no column “text”; it has: code, wording. "
            "Name the columns in the first row: code, text, programme, language.",
            "line 1, column wording: The column “wording” is not known, and was left aside. "
            "Known columns: code, text, programme, language.",
        ]
        assert len(checked("code,text,page\n0301,a,7\n").rows) == 1

    def test_a_sheet_without_rows_or_with_too_many_is_refused(self):
        assert "The sheet has no rows." in str(check_rows(PSP, []).problems[0])
        many = [(line, {"code": "03", "text": "x"}) for line in range(2, 5003)]
        assert "more than 5000 rows" in str(check_rows(PSP, many).problems[0])

    def test_a_code_that_tells_no_parent_is_refused(self):
        free = standards.catalogue_from_yaml(
            "schema: 1\nframework:\n  key: f\n  names: {en: F}\n  publisher: p\n  edition: e\n  source: s\n"
            "  licence: l\n  levels: [{name: area, labels: {en: Area}}]\n"
            "  grammar: [{level: area, pattern: '[A-Z]', example: A}]\n"
            "nodes: [{code: A, label: First}]\n",
            "f.yaml",
        )
        (found,) = check_rows(free, [(2, {"code": "b", "text": "x"})]).problems
        assert str(found) == (
            "line 2, column code: B is not in the framework, and its code does not tell where it belongs. "
            "Correct the code."
        )
        (found,) = check_rows(free, [(2, {"code": "A", "text": "x", "programme": "DP"})]).problems
        assert "Use some of: -." in str(found)


class TestLayingOver:
    def test_own_wording_is_given_beside_ours_nearest_first(self):
        result = checked(
            "code,text,programme,language\n0301-02,English,,\n0301-02,for the diploma,DP,\n0301-02,français,,fr\n"
        )
        laid = apply(PSP, result.rows)
        node = laid.node("0301-02")
        assert node.label("fr") == "Politique d'inclusion"
        assert [node.own_text("en"), node.own_text("en", "DP"), node.own_text("en", "PYP")] == [
            "English",
            "for the diploma",
            "English",
        ]
        assert (node.own_text("fr", "DP"), node.own_text("es")) == ("français", "English")
        assert laid.node("0301-03").own_text() is None
        assert PSP.node("0301-02").own_text() is None

    def test_missing_codes_take_their_place_among_their_siblings(self):
        result = checked(
            "code,text,programme,language\n"
            "0201-04-0200,Second,,\n"
            '0201-04-0231,"For the diploma, a longer text that no chip could ever hold, I think",,\n'
            "0201-04-0200,Deuxième,,fr\n0201-04-0500,Last,PYP,\n"
        )
        assert result.problems == ()
        assert result.new_codes == ("0201-04-0200", "0201-04-0231", "0201-04-0500")
        laid = apply(PSP, result.rows)
        codes = [node.code for node in laid.children("0201-04")]
        assert codes == ["0201-04-0200", "0201-04-0400", "0201-04-0500"]
        assert len(laid) == 121
        order = [node.code for node in laid]
        assert order.index("0201-04-0231") == order.index("0201-04-0200") + 1

        node = laid.node("0201-04-0231")
        assert (node.level, node.kind, node.programmes) == ("requirement", "specification", ("DP",))
        assert (node.confidence, node.short_name) == ("school", "0201-04-0231")
        assert node.label() == "For the diploma, a longer text that no chip could ever…"
        assert node.summary().endswith("I think")
        assert laid.node("0201-04-0500").programmes == ("PYP",)
        assert laid.node("0201-04-0200").label("fr") == "Deuxième"
        assert laid.node("0201-04").not_seen == ("0201-04-0100", "0201-04-0300")

    def test_a_whole_branch_may_be_added_in_any_order(self):
        result = checked("code,text\n0405-01-0100,Requirement\n0405-01,Practice\n0405,Standard\n")
        laid = apply(PSP, result.rows)
        assert [node.code for node in laid.ancestors("0405-01-0100")] == ["04", "0405", "0405-01"]
        assert [node.code for node in laid.practices()][-1] == "0405-01"
        assert laid.nodes[-1].code == "0405-01-0100"

    def test_a_new_code_known_in_another_language_only_is_still_readable(self):
        laid = apply(PSP, [OverlayRow(2, "0202-02-0100", "Dépistage", (), "fr")])
        assert laid.node("0202-02-0100").label("it") == "Dépistage"

    def test_rows_that_hang_on_nothing_are_refused(self):
        with pytest.raises(OverlayError, match="0405-01 stands below 0405"):
            apply(PSP, [OverlayRow(2, "0405-01", "x", (), "en")])
        with pytest.raises(OverlayError, match="“nonsense” is not built like a code"):
            apply(PSP, [OverlayRow(2, "nonsense", "x", (), "en")])

    def test_one_long_word_is_cut_to_a_label(self):
        laid = apply(PSP, [OverlayRow(2, "0202-02-0100", "x" * 99, (), "en")])
        assert len(laid.node("0202-02-0100").label()) == 60


class TestOwnFramework:
    ROWS = (
        "code;text;parent;level;language\nA;Leadership;;Area;\nA;Direction;;;fr\nA1;A shared plan;A;Indicator;\n"
        "A1.a;Detail;A1;;\nB;Learning;;Area;\n"
    )

    def made(self, text, **more):
        return standards.catalogue_from_rows("our-own", "Our own", csv_rows(text), publisher="Our school", **more)

    def test_is_built_from_a_sheet(self):
        result = self.made(self.ROWS, programmes={"DP": {"en": "Diploma"}})
        own = result.catalogue
        assert result.problems == ()
        assert own is not None
        assert [node.code for node in own] == ["A", "A1", "A1.a", "B"]
        assert [level.name for level in own.levels] == ["Area", "Indicator", "level 3"]
        assert own.node("our-own/A").label("fr") == "Direction"
        assert own.node("A1.a").parent_key == "our-own/A1"
        assert own.node("A1").programmes == ("DP",)
        assert own.levels[0].label("it") == "Area"

    def test_takes_an_overlay_on_its_own_codes_only(self):
        own = self.made(self.ROWS).catalogue
        assert own is not None
        assert len(check_rows(own, [(2, {"code": "a1", "text": "Wording"})]).rows) == 1
        assert "not built like a code" in str(check_rows(own, [(2, {"code": "A2", "text": "x"})]).problems[0])

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("code,text\na b,x\n", "line 2, column code: “a b” cannot be a code. Use 1 to 40"),
            ("code,text\nA,\n", "line 2, column text: The text is empty or too long. Write a text of 1 to 4000"),
            ("code,text,language\nA,x,de\n", "The language “de” is not known."),
            ("code,text,parent\nA,x,B\nB,y,\n", "line 2, column parent: The parent “B” does not stand above this row."),
            ("code,text\nA,x\nA,y\n", "line 3, column code: A has a text in this language already."),
            ("code,text,parent,language\nA,x,,\nB,x,,\nC,x,A,\nC,z,B,fr\n", "C stands below another parent"),
            ("code,text,parent,level\nA,x,,one\nB,y,A,one\n", "B has the level of its parent."),
            ("code,text\nA,x,y\n", "The row has more cells than the heading row"),
            ("code\nA\n", "The sheet has no column “text”"),
            ("code,text\n", "The sheet has no rows."),
        ],
    )  # fmt: skip
    def test_a_sheet_with_a_fault_gives_no_framework(self, text, message):
        result = self.made(text)
        assert result.catalogue is None
        assert message in str(result.problems[0])

    def test_an_ill_formed_key_is_refused(self):
        with pytest.raises(OverlayError, match="The key “Our Own” is ill-formed"):
            standards.catalogue_from_rows("Our Own", "x", [], publisher="us")
