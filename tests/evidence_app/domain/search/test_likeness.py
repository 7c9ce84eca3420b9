"""Words as they begin, and documents that are like one another: the same in every engine, and nothing of the hidden."""

from __future__ import annotations

from evidence_app.domain.search import SearchIndex, SearchRequest
from evidence_app.domain.search.likeness import telling_words, words_query
from tests.evidence_app.domain.search.corpus import document, documents

NONE: frozenset[str] = frozenset()


def test_words_are_completed_the_commonest_first(index: SearchIndex) -> None:
    index.add(
        [
            document(1, title="Moderation", body="Modération: a model of moderation."),
            document(2, title="Moderation minutes", body="modern languages"),
            document(3, body="models and a modem"),
            document(4, body="the model"),
        ]
    )
    assert index.words_beginning("mod", NONE, 2) == [("model", 2), ("moderation", 2)]
    everything = index.words_beginning("mod", NONE, 9)
    assert everything == [("model", 2), ("moderation", 2), ("models", 1), ("modem", 1), ("modern", 1)]
    assert index.words_beginning("xyz", NONE, 9) == []
    index.remove(["item0003"])
    assert dict(index.words_beginning("mode", NONE, 9)) == {"model": 2, "moderation": 2, "modern": 1}


def test_no_word_of_a_hidden_document_is_completed_or_counted(index: SearchIndex) -> None:
    index.add([document(number, body="secretariat security secluded") for number in range(40)])
    index.add([document(n, body="secretariat seclusion section") for n in range(40, 43)])
    hidden = frozenset(f"item{number:04}" for number in range(40))
    assert index.words_beginning("sec", hidden, 9) == [("seclusion", 3), ("secretariat", 3), ("section", 3)]
    assert index.words_beginning("secl", hidden, 1) == [("seclusion", 3)]
    assert index.words_beginning("sec", index.ids(), 9) == []


def test_how_many_hold_a_word_is_known(index: SearchIndex) -> None:
    index.add([document(1, body="rubric rubric"), document(2, body="rubric"), document(3)])
    assert dict(index.holders(["rubric", "paper", "nowhere", "o'neill"])) == {
        "rubric": 2,
        "paper": 3,
        "nowhere": 0,
        "o'neill": 0,
    }
    assert dict(index.holders([])) == {}


def like(index: SearchIndex, text: str, hidden: frozenset[str] = NONE) -> list[str]:
    telling = telling_words(index, text)
    return [hit.item_id for hit in index.search(SearchRequest(query=words_query(telling), hidden_ids=hidden)).hits]


def test_what_is_like_a_sentence_comes_first_whatever_the_form_of_its_words(index: SearchIndex) -> None:
    index.add(documents(60))
    index.add(
        [
            document(901, title="Moderation of marks", body="Teachers moderate samples of marked essays together."),
            document(902, title="Minutes", body="A sample was sent. Buses and lunches of the school."),
            document(903, title="Essay samples moderated", body="Standardised marking of essays."),
        ]
    )
    sentence = "We moderate samples of essays in each term."
    assert set(like(index, sentence)[:2]) == {"item0901", "item0903"}
    assert like(index, sentence, frozenset({"item0901"}))[0] == "item0903"
    assert "item0901" not in like(index, sentence, frozenset({"item0901"}))


def test_words_of_nearly_all_documents_tell_nothing(index: SearchIndex) -> None:
    index.add([document(n, body="the school policy" + (" kiln" if n < 3 else "")) for n in range(40)])
    assert telling_words(index, "The school has a kiln, and a glaze.") == ["kiln"]
    assert telling_words(index, "nobody wrote this") == []
    index.add([document(50, body="solitary")])
    assert telling_words(index, "solitary kiln", is_held=True) == ["kiln"]


def test_common_words_count_where_that_is_asked(index: SearchIndex) -> None:
    index.add([document(n, body="the school policy") for n in range(40)])
    assert telling_words(index, "Our policy nobody wrote.") == []
    assert telling_words(index, "Our policy nobody wrote.", also_common=True) == ["policy"]


def test_items_that_changed_often_do_not_make_their_words_common_in_a_small_school(index: SearchIndex) -> None:
    index.add([document(n, body="inclusion policy") for n in range(6)])
    for n in range(5):
        index.add([document(n, body="inclusion policy, a new version")])
    index.add([document(50, body="We learn.")])
    assert {"inclusion", "policy"} <= set(telling_words(index, "We learn together, as our inclusion policy says."))


def test_a_word_that_only_hidden_items_hold_changes_nothing_of_what_is_told(index: SearchIndex) -> None:
    """Else whoever guesses a word would learn from the answer whether something closed to them holds it."""
    index.add([document(n, body="kiln glaze clay and the policies of a school") for n in range(3)])
    index.add([document(9, body="Zugvogel kiln policy"), document(10, body="Zugvogel")])
    hidden = frozenset({"item0009", "item0010"})
    assert telling_words(index, "the kiln of Zugvogel, a policy") == ["policy", "Zugvogel", "kiln"]
    assert telling_words(index, "the kiln of Zugvogel, a policy", hidden) == ["kiln"]
