"""The suggestions themselves: what, why, how sure, and when none."""

from __future__ import annotations

import pytest

from evidence_app.domain.suggesting import (
    SOURCES,
    DocumentProfile,
    Suggestion,
    TaggedNeighbour,
    model_for,
    suggest,
)

MODEL = model_for("ib-psp-2020")


def key(code: str) -> str:
    return f"ib-psp-2020/{code}"


def codes(found: list[Suggestion]) -> list[str]:
    return [suggestion.node_key.rpartition("/")[2] for suggestion in found]


def reasons(suggestion: Suggestion) -> list[str]:
    return [str(because) for because in suggestion.because]


SENTENCES = [
    (
        "en",
        "All of year nine read a novel and then fill in the unit planner together. Teachers plan together weekly.",
        "0401-02",
    ),
    (
        "en",
        "We bought reference books, moved the shelves and trained a librarian; the school library opens at lunch.",
        "0202-01",
    ),
    (
        "fr",
        "Chaque élève à besoins éducatifs particuliers a son plan d'accompagnement personnalisé.",
        "0202-02",
    ),
    ("fr", "Chaque élève choisit une action bénévole. Le service en tant qu'action figure au carnet.", "0402-05"),
    ("es", "El claustro acordó las horas de planificación y las reuniones de equipo de cada jueves.", "0203-03"),
    ("es", "Las adecuaciones curriculares se acuerdan con la familia tras la detección temprana.", "0202-02"),
    ("it", "Il curricolo verticale lega le classi e la mappa curricolare mostra le unità di ricerca.", "0401-01"),
    ("it", "Ogni alunno con bisogni educativi speciali riceve strumenti compensativi.", "0202-02"),
]


@pytest.mark.parametrize(("language", "text", "code"), SENTENCES)
def test_a_nameless_text_is_understood_in_its_language(language: str, text: str, code: str) -> None:
    found = suggest(DocumentProfile(file_name="scan0001.pdf", text=text, language=language), MODEL)
    assert codes(found)[0] == code
    assert any("in the text" in reason or "heading" in reason for reason in reasons(found[0]))


@pytest.mark.parametrize(
    ("file_name", "language", "code"),
    [
        ("Admissions policy 2025.pdf", "en", "0301-01"),
        ("Politique linguistique.docx", "fr", "0301-04"),
        ("politica_de_evaluacion.pdf", "es", "0301-05"),
        ("Verbale collegio docenti.odt", "it", "0203-03"),
        ("PD log 24-25.xlsx", "en", "0203-02"),
        ("presupuesto 2026.xlsx", "es", "0201-05"),
    ],
)
def test_a_name_alone_is_enough(file_name: str, language: str, code: str) -> None:
    assert codes(suggest(DocumentProfile(file_name=file_name, language=language), MODEL))[0] == code


def test_reasons_say_what_speaks_for_it() -> None:
    profile = DocumentProfile(file_name="Inclusion policy.docx", title="Service as action at our school", language="en")
    by_code = {suggestion.node_key: reasons(suggestion) for suggestion in suggest(profile, MODEL)}
    assert "the name says «inclusion policy»" in by_code[key("0301-02")]
    assert "the title says «service as action»" in by_code[key("0402-05")]


def test_a_name_like_a_kind_of_evidence_says_so() -> None:
    found = suggest(DocumentProfile(file_name="visitors and experts log.xlsx", language="en"), MODEL)
    assert codes(found)[0] == "0202-05"
    assert reasons(found[0])[0] == "the name is like «visitor and expert log», which often shows it"


def test_a_reason_is_not_told_twice() -> None:
    found = suggest(DocumentProfile(file_name="Inclusion policy.docx", language="en"), MODEL)
    assert reasons(found[0]) == ["the name says «inclusion policy»"]


def test_reasons_are_messages_in_the_readers_language() -> None:
    found = suggest(DocumentProfile(file_name="Inclusion policy.docx", language="en"), MODEL)
    message = found[0].because[0].message
    assert message.params == {"words": "inclusion policy"}
    assert message.in_language("en") == str(message)


def test_a_code_in_the_name_decides_and_is_sure() -> None:
    found = suggest(DocumentProfile(file_name="0402-07 library budget.pdf", language="en"), MODEL)
    assert found[0].node_key == key("0402-07")
    assert found[0].sure
    assert reasons(found[0])[0] == "the file name says 0402-07"


def test_a_requirement_is_suggested_when_it_is_named_itself() -> None:
    found = suggest(DocumentProfile(file_name="Culture 2.2 duties.docx", language="en"), MODEL)
    assert codes(found)[:2] == ["0301-02-0200", "0301-02"]
    assert all(suggestion.sure for suggestion in found[:2])


def test_the_folder_of_a_standard_tips_the_scales() -> None:
    plain = suggest(DocumentProfile(file_name="feedback.txt", language="en"), MODEL)
    filed = suggest(DocumentProfile(file_name="feedback.txt", folder="Evidence/0402", language="en"), MODEL)
    before = {suggestion.node_key: suggestion.score for suggestion in plain}
    after = {suggestion.node_key: suggestion for suggestion in filed}
    assert after[key("0402-06")].score > before[key("0402-06")]
    assert "the folder says 0402" in reasons(after[key("0402-06")])


def test_a_code_named_in_the_text_counts_a_little() -> None:
    found = suggest(DocumentProfile(file_name="a.txt", text="This shows 0203-01.", language="en"), MODEL)
    assert codes(found)[0] == "0203-01"
    assert not found[0].sure


def test_a_text_that_lists_codes_shows_none_of_them() -> None:
    text = "Index: 0101-01, 0101-02, 0101-03, 0201-01, 0201-02, 0201-03, 0201-04, 0201-05."
    assert suggest(DocumentProfile(file_name="a.txt", text=text, language="en"), MODEL) == []


def test_a_long_text_that_lists_codes_shows_none_even_if_it_begins_with_few() -> None:
    text = (
        "Index: 0101-01. " + "They came in and sat down. " * 300 + " ".join(node.code for node in MODEL.nodes.values())
    )
    assert suggest(DocumentProfile(file_name="a.txt", text=text, language="en"), MODEL) == []


def test_a_long_text_is_about_what_it_begins_with_rather_than_what_it_mentions() -> None:
    opening = "Our language policy. Home languages, mother tongue and the language profile of each child. "
    mentions = "The school library opens at eight. The budget is set. Feedback and rubrics are given. "
    text = opening + mentions * 500
    found = suggest(DocumentProfile(file_name="scan0001.pdf", text=text, language="en"), MODEL)
    assert codes(found)[0] == "0301-04"


def test_a_long_nameless_text_is_understood_though_it_begins_with_nothing() -> None:
    cover = "They came in, sat down and talked about what they had seen on the way. " * 40
    text = cover + "Home languages and mother tongue are named in the language policy. " * 300
    found = suggest(DocumentProfile(file_name="scan0001.pdf", text=text, language="en"), MODEL)
    assert codes(found)[0] == "0301-04"


NOTICES = [
    (
        "Lunch menu week 12.pdf",
        "en",
        "Monday: tomato soup, rice and peas. Tuesday: pasta. Ask the kitchen about allergens.",
    ),
    ("Bus timetable.pdf", "en", "Route 3 leaves Market Square at 7:10 and returns at 15:45. Wear seat belts."),
    ("menu cantine.pdf", "fr", "Lundi : potage, poulet, yaourt. Mardi : lentilles et fruit."),
    ("horario de autobuses.xlsx", "es", "Ruta 5: plaza 7:20, avenida 7:32, colegio 7:55."),
    ("menù della mensa.pdf", "it", "Lunedì: pasta al pomodoro, insalata. Martedì: minestrone e frutta."),
    ("doc1.pdf", "en", "The shop opens on Saturday. Polo shirts and jumpers are on sale. Bring cash."),
    ("notice.txt", "en", "Our team won four to two. The next match is on Thursday. Parents are welcome."),
    ("doc2.pdf", "it", "Gli armadietti saranno puliti durante le vacanze. Portare a casa scarpe e libri."),
    ("Invoice 204.pdf", "en", "To the school library: 4 shelves, 3 laboratory stools. Professional development day."),
    ("Facture 204.pdf", "fr", "Bibliothèque scolaire : 4 étagères. Salle d'examen : 30 tables. Formation continue."),
    ("Recibo de pago.pdf", "es", "Biblioteca escolar: 4 estantes. Formación del profesorado: 30 carpetas."),
    ("Ricevuta 12.pdf", "it", "Biblioteca scolastica: 4 scaffali. Formazione dei docenti: 30 cartelline."),
    ("IMG_0001.jpg", "", ""),
    ("", "", ""),
]


@pytest.mark.parametrize(("file_name", "language", "text"), NOTICES)
def test_papers_that_show_nothing_get_nothing(file_name: str, language: str, text: str) -> None:
    assert suggest(DocumentProfile(file_name=file_name, text=text, language=language), MODEL) == []


LINES = " ".join(f"{number} chairs, {number + 7} shelves of the school library, {number}.50." for number in range(30))


def test_a_list_of_numbers_is_told_by_names_and_hardly_by_its_headings() -> None:
    nameless = DocumentProfile(file_name="scan0001.pdf", text=LINES, language="en")
    assert suggest(nameless, MODEL) == []
    headed = DocumentProfile(file_name="scan0001.pdf", headings=("To the school library",), text=LINES, language="en")
    assert suggest(headed, MODEL)
    assert not any(one.sure for one in suggest(headed, MODEL))
    named = DocumentProfile(file_name="School library inventory.xlsx", text=LINES, language="en")
    assert codes(suggest(named, MODEL))[0] == "0202-01"
    assert suggest(named, MODEL)[0].sure


def test_an_invoice_is_an_invoice_whatever_its_headings_say() -> None:
    profile = DocumentProfile(file_name="Invoice 7.pdf", headings=("School library",), language="en")
    assert suggest(profile, MODEL) == []


def test_a_menu_filed_under_a_code_is_taken_at_its_word() -> None:
    found = suggest(DocumentProfile(file_name="menu 0202-03.pdf", language="en"), MODEL)
    assert codes(found) == ["0202-03"]


def test_what_was_declined_stays_declined() -> None:
    profile = DocumentProfile(file_name="Inclusion policy.docx", language="en")
    found = suggest(profile, MODEL, declined=frozenset({key("0301-02")}))
    assert found
    assert key("0301-02") not in [suggestion.node_key for suggestion in found]


def test_declining_everything_leaves_nothing() -> None:
    profile = DocumentProfile(file_name="menu 0202-03.pdf", language="en")
    assert suggest(profile, MODEL, declined={key("0202-03")}) == []


def neighbour(code: str, similarity: float, *, same_series: bool = False, declined: str = "") -> TaggedNeighbour:
    refused = frozenset({key(declined)}) if declined else frozenset()
    return TaggedNeighbour("7", "Garden diary", frozenset({key(code)}), similarity, same_series, refused)


def test_a_tagged_item_it_resembles_speaks_where_words_are_silent() -> None:
    profile = DocumentProfile(file_name="scan.pdf", text="Beans, rain and frost.", language="en")
    found = suggest(profile, MODEL, learned=[neighbour("0402-05", 0.9)])
    assert codes(found) == ["0402-05"]
    assert reasons(found[0]) == ["like «Garden diary», which a colleague tagged so"]


def test_an_older_version_is_named_as_such() -> None:
    profile = DocumentProfile(file_name="diary v2.pdf", language="en")
    found = suggest(profile, MODEL, learned=[neighbour("0402-05", 0.9, same_series=True)])
    assert reasons(found[0]) == ["an older version or a part of the same series, «Garden diary», is tagged so"]


def test_a_far_neighbour_alone_is_no_ground() -> None:
    profile = DocumentProfile(file_name="scan.pdf", text="Beans, rain and frost.", language="en")
    assert suggest(profile, MODEL, learned=[neighbour("0402-05", 0.3)]) == []


def test_what_was_declined_for_like_items_counts_against_it() -> None:
    profile = DocumentProfile(file_name="library budget.pdf", language="en")
    before = {suggestion.node_key: suggestion.score for suggestion in suggest(profile, MODEL)}
    learned = [neighbour("0201-05", 0.9, declined="0202-01")]
    after = {suggestion.node_key: suggestion.score for suggestion in suggest(profile, MODEL, learned=learned)}
    assert after[key("0201-05")] > before[key("0201-05")]
    assert after[key("0202-01")] < before[key("0202-01")]


def test_neighbours_tagged_elsewhere_change_nothing() -> None:
    profile = DocumentProfile(file_name="Inclusion policy.docx", language="en")
    stranger = TaggedNeighbour("9", "Other", frozenset({"own-framework/1"}), 0.9)
    assert suggest(profile, MODEL, learned=[stranger]) == suggest(profile, MODEL)


def test_voices_that_agree_make_it_sure() -> None:
    text = "The inclusion policy names barriers to learning and participation and reasonable adjustments."
    sure = suggest(DocumentProfile(file_name="Inclusion policy.docx", text=text, language="en"), MODEL)
    assert sure[0].sure
    passing = "A visitor asked about the school library and the digital devices."
    unsure = suggest(DocumentProfile(file_name="a.txt", text=passing, language="en"), MODEL)
    assert unsure
    assert not unsure[0].sure


def test_the_second_practice_of_a_kind_takes_more_than_a_few_words_to_be_sure() -> None:
    text = "Inclusive education. Learning support is early. Dyslexia, screening."
    first, second, *_ = suggest(DocumentProfile(file_name="Inclusion policy.docx", text=text, language="en"), MODEL)
    assert codes([first, second]) == ["0301-02", "0202-02"]
    assert (first.sure, second.sure) == (True, False)


def test_scores_fall_and_stay_between_nought_and_one() -> None:
    profile = DocumentProfile(file_name="0301-02 Inclusion policy.docx", title="Inclusion policy", language="en")
    scores = [suggestion.score for suggestion in suggest(profile, MODEL)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_no_more_than_asked_for() -> None:
    profile = DocumentProfile(file_name="Unit planner.docx", language="en")
    assert len(suggest(profile, MODEL, limit=2)) == 2
    assert len(suggest(profile, MODEL)) <= 5


def test_nodes_of_other_programmes_are_left_out() -> None:
    profile = DocumentProfile(file_name="0201-01-0221 0201-01-0231.pdf", language="en")
    assert "0201-01-0221" in codes(suggest(profile, MODEL))
    found = codes(suggest(profile, MODEL, programmes=("DP",)))
    assert "0201-01-0221" not in found
    assert "0201-01-0231" in found


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_can_be_switched_off(source: str) -> None:
    profile = DocumentProfile(file_name="0301-02 Inclusion policy.docx", text="Inclusion policy", language="en")
    others = [other for other in SOURCES if other != source]
    found = suggest(profile, MODEL, learned=[neighbour("0301-02", 0.9)], sources=others)
    assert codes(found)[0] == "0301-02"


def test_one_word_said_often_is_no_topic() -> None:
    profile = DocumentProfile(file_name="a.csv", text="standardization, " * 60, language="en")
    assert suggest(profile, MODEL) == []


def test_phrases_in_passing_do_not_outweigh_what_the_kind_of_document_shows() -> None:
    text = (
        "Assessment policy, assessment principles, grading scale, homework policy. "
        "Digital devices and the school library are named in passing."
    )
    found = codes(suggest(DocumentProfile(file_name="Assessment policy.docx", text=text, language="en"), MODEL))
    assert found[:3] == ["0301-05", "0404-03", "0404-01"]


def test_common_words_alone_are_no_ground() -> None:
    profile = DocumentProfile(file_name="a.txt", text="Students and teachers of the school learn.", language="en")
    assert suggest(profile, MODEL, sources=["words"]) == []


def test_acronyms_count_in_capitals_only() -> None:
    here = DocumentProfile(file_name="a.txt", text="CAS and CAS again: CAS experiences, SDGs.", language="en")
    there = DocumentProfile(file_name="a.txt", text="En este caso la casa, y cas.", language="es")
    assert codes(suggest(here, MODEL))[0] == "0402-05"
    assert suggest(there, MODEL) == []


def test_a_document_of_unknown_language_is_read_in_all() -> None:
    profile = DocumentProfile(text="Il piano didattico personalizzato elenca gli strumenti compensativi.")
    assert codes(suggest(profile, MODEL))[0] == "0202-02"


@pytest.mark.parametrize(
    ("framework", "title", "code"),
    [
        ("ib-programme-development-milestones", "Needs analysis of the spring", "1.1"),
        ("ib-learner-profile", "Asking questions and curiosity", "inquirers"),
        ("ib-approaches-to-learning", "Critical thinking lessons", "thinking.critical-thinking"),
    ],
)
def test_other_frameworks_are_suggested_from_their_own_words(framework: str, title: str, code: str) -> None:
    found = suggest(DocumentProfile(file_name="x.txt", title=title, language="en"), model_for(framework))
    assert found[0].node_key == f"{framework}/{code}"


def test_the_same_document_gives_the_same_suggestions() -> None:
    profile = DocumentProfile(file_name="Unit planner.docx", text="key concepts and global contexts", language="en")
    assert suggest(profile, MODEL) == suggest(profile, MODEL)


def test_a_code_of_2014_in_a_name_is_a_reason_and_in_a_text_it_is_none() -> None:
    found = suggest(DocumentProfile(file_name="C3.15 samples.docx", folder="Evaluation 2015"), MODEL)
    assert codes(found)[:2] == ["0404-02", "0403-05"]
    assert "the file name says C3.15, a code of the edition before" in reasons(found[0])
    found = suggest(DocumentProfile(file_name="Photo.docx", folder="2014 standards/B2.9"), MODEL)
    assert codes(found)[0] == "0202-04"
    assert "the folder says B2.9, a code of the edition before" in reasons(found[0])
    assert codes(suggest(DocumentProfile(file_name="Photo.docx", text="See C3.15 and B2.9."), MODEL)) == []
