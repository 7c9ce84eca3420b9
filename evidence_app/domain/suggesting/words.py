"""Words as the suggestions see them: folded, cut into tokens, stemmed by language; acronyms kept as written."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import snowballstemmer

LANGUAGES: Final = ("en", "fr", "es", "it")
STEMMERS: Final = {"en": "english", "fr": "french", "es": "spanish", "it": "italian"}

SMALL_WORDS_TEXT: Final = """
    a an and as at by for from in of on or our the to with
    au aux avec ce ces cette d dans de des du en et l la le les leur leurs ou par pour que sa ses son sur un une
    al con del e el las lo los o por para su sus una unos unas y
    agli ai all alla alle allo che da dai dal dall dalla degli dei dell della delle dello di ed fra gli i il
    negli nei nel nell nella nelle nello per sui sul sulla sullo tra uno
"""
SMALL_WORDS: Final = frozenset(SMALL_WORDS_TEXT.split())
"""Articles, prepositions and conjunctions of the four languages; one set, because names of files mix languages."""

TELLING_WORDS_TEXT: Final = {
    "en": """
        the of and to is are was were be has have had with for from that this which what they their them we our
        us who where when how each every not by it its or as at been will can may must should more than these
        those
    """,
    "fr": """
        les des est sont avec pour dans par que qui une nous vous ils elles leur leurs aux chaque du au ce cette
        ces ont sur plus pas notre nos votre et ou la le fait tous toutes l d qu c en on quand dont deux
    """,
    "es": """
        los las el es son con para por que una unos unas del al y en se su sus lo como mas este esta estos estas
        cada nuestro nuestra nuestros nuestras han ha entre la sobre
    """,
    "it": """
        gli il lo i dei delle della dello degli del di che e con per una un sono nel nella nelle nei sul sulla
        si ogni anche come piu questo questa questi queste loro dal dalla alla alle ai al nostra nostri nostre
        ha hanno la le l d
    """,
}
TELLING_WORDS: Final = {language: frozenset(words.split()) for language, words in TELLING_WORDS_TEXT.items()}
"""Small words by which a sentence tells its language; those that two languages share count for both."""

BREAK: Final = "."
"""Stands for the end of a sentence or cell in a list of tokens, so that no phrase is found across it."""

TOKEN: Final = re.compile(r"[a-z0-9]+|[.!?;:|\t]|\n\s*\n")
ACRONYM: Final = re.compile(r"(?<!\w)(?:[A-Z]{2,6}|[A-Z][A-Za-z]{0,3}[A-Z])(?!\w)")
SPELLINGS: Final = {
    "en": (
        (re.compile(r"is(ations?|ational|e|ed|es|ing)$"), r"iz\1"),
        (re.compile(r"^programme(s?)$"), r"program\1"),
        (re.compile(r"^criteria$"), "criterion"),
        (re.compile(r"^counsell"), "counsel"),
    ),
    "fr": ((re.compile(r"(?<=\w{3})s$"), ""),),
    "es": (
        (re.compile(r"(?<=\w{3}[^aeiou])es$|(?<=\w{2}[aeo])s$"), ""),
        (re.compile(r"([csx])ion$"), r"\1ión"),
    ),
    "it": (),
}
"""What is put right before stemming: British and American spelling, plurals the stemmers give another stem than the
singular, and the Spanish ending that they know by the accent which folding took."""


_stemming = threading.Lock()
_stemmers = {code: snowballstemmer.stemmer(name) for code, name in STEMMERS.items()}


def _folding() -> dict[int, str | None]:
    """Letters of Latin scripts -> without their accents; combining accents and soft hyphens -> nothing."""
    table: dict[int, str | None] = dict.fromkeys(range(0x300, 0x370))
    for number in range(0xC0, 0x250):
        plain = unicodedata.normalize("NFKD", chr(number)).encode("ascii", "ignore").decode()
        if plain:
            table[number] = plain
    return table | {0xAD: None, ord("ß"): "ss", ord("œ"): "oe", ord("æ"): "ae", ord("ø"): "o", ord("ł"): "l"}


FOLDING: Final = _folding()
SAME_LENGTH: Final = {letter: plain for letter, plain in FOLDING.items() if plain and len(plain) == 1}
"""The folding that leaves every letter where it stands."""


def fold(text: str) -> str:
    """The text in lower case and without accents, so that names of files typed without them match."""
    return text.lower().translate(FOLDING)


def tokens(text: str) -> list[str]:
    """The words of a text, folded, with BREAK where a sentence, a paragraph or a cell ends; small words left out."""
    found = TOKEN.findall(fold(text))
    return [token if token.isalnum() else BREAK for token in found if token not in SMALL_WORDS]


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """The stem of one folded word in `language` (en, fr, es, it); the word itself in any other language."""
    stemmer = _stemmers.get(language)
    if stemmer is None or word == BREAK:
        return word
    for spelling, better in SPELLINGS[language]:
        word = spelling.sub(better, word)
    with _stemming:  # A stemmer keeps the word it works on in itself.
        return fold(stemmer.stemWord(word))


def stems(text: str, language: str) -> list[str]:
    """The stems of a text's words in order, BREAK between sentences, small words left out."""
    return [stem(token, language) for token in tokens(text)]


def phrase_stems(phrase: str, language: str) -> tuple[str, ...]:
    """The stems by which a phrase is recognised; empty if it holds small words only."""
    return tuple(found for found in stems(phrase, language) if found != BREAK)


def is_acronym(phrase: str) -> bool:
    """Whether a phrase of a word list is an acronym, to be found only as it is written ("CAS", "TdC")."""
    return ACRONYM.fullmatch(phrase) is not None


def acronyms(text: str) -> Counter[str]:
    """How often each word in capitals stands in the text."""
    return Counter(ACRONYM.findall(text))


def is_shouted(text: str) -> bool:
    """Whether a line of three words or more stands in capitals throughout, so that capitals mark no acronym in it."""
    letters = [word for word in text.split() if any(character.isalpha() for character in word)]
    return len(letters) > 2 and text.upper() == text


def language_told(passage: str) -> str:
    """The language of the four that a sentence is written in; "" where its small words tell none before the others."""
    words = TOKEN.findall(fold(passage))
    told = {language: sum(word in telling for word in words) for language, telling in TELLING_WORDS.items()}
    first, second = sorted(told, key=lambda language: -told[language])[:2]
    return first if told[first] > told[second] else ""


def fitting_languages(language: str | None) -> tuple[str, ...]:
    """The languages whose words are looked for: the document's and English; all four if it is not known."""
    if not language:
        return LANGUAGES
    return ("en",) if language == "en" or language not in LANGUAGES else (language, "en")


def count_all(words: Iterable[str]) -> Counter[str]:
    """How often each word occurs, without the breaks."""
    counted = Counter(words)
    counted.pop(BREAK, None)
    return counted
