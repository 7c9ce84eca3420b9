"""Text -> words -> stems, the same for every engine, so that all of them find the same documents.

A *word* is folded: compatibility characters opened, accents and case gone ("Évaluation" -> "evaluation"). A *stem* is
a word shortened by the rules of one language and marked with it ("en:polici"), because an Italian "note" and an English
"not" would otherwise be one and the same. Words are folded before they are stemmed: who types none finds the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

import snowballstemmer

ANALYSIS_VERSION = 1
"""Raise this when a text gives other words or stems than before: every index is then rebuilt."""

STEMMED_LANGUAGES = {"en": "english", "fr": "french", "es": "spanish", "it": "italian"}
"""Languages with stemming: ISO 639-1 code -> the stemmer's name. Words of any other language stay as they are."""

MAX_WORD_CHARS = 48
MAX_WORDS = 200_000
"""Words of one text that are indexed: about 400 pages. What comes after is kept, but not found."""

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MARKS = "\u00ad\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u093a-\u094d\u200c\u200d"
_LETTER = rf"[^\W_{_IDEOGRAPHS}]"
# French and Italian glue short words to the next one (l'élève, dell'istituto); English glues an s to the end. Neither
# helps to find anything. Chinese and Japanese put no spaces between words, so each character stands alone.
_WORD = re.compile(
    rf"(?:\b(?:[cdjlmnst]|qu|un|(?:lors|jus|puis|quoi)qu|(?:d|n|s)?[ea]ll|sull|coll|quell|quest|sant)['’])?"
    rf"({_LETTER}+(?:[{_MARKS}]+{_LETTER}*)*|[{_IDEOGRAPHS}])(?:['’]s\b)?",
    re.IGNORECASE,
)

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")

# The French stemmer knows these endings only with their accents.
_FRENCH_ENDINGS = (("ee", "ée"), ("ees", "ées"), ("ite", "ité"), ("ites", "ités"), ("iere", "ière"), ("ieres", "ières"))
_STEMMERS = {code: snowballstemmer.stemmer(name) for code, name in STEMMED_LANGUAGES.items()}


@lru_cache(maxsize=131_072)
def fold(text: str) -> str:
    """`text` without accents, case, soft hyphens and other invisible marks."""
    if text.isascii():
        return text.lower()
    opened = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in opened if unicodedata.category(c) not in {"Mn", "Cf"}).casefold()


def printable(text: str) -> str:
    """`text` with spaces for control characters and halves of characters, which no engine and no database takes."""
    return _UNPRINTABLE.sub(" ", text)


def spans(text: str, start: int = 0) -> Iterator[tuple[str, int, int]]:
    """Each word of `text` from `start` on, folded, with the places in `text` where it begins and ends."""
    for found in _WORD.finditer(text, start):
        word = fold(found.group(1))[:MAX_WORD_CHARS]
        if word:
            yield word, found.start(1), found.end(1)


def words(text: str, limit: int = MAX_WORDS) -> list[str]:
    """The first `limit` words of `text` in order, folded. Joined codes come in parts: "0301-02" gives "0301", "02"."""
    found: list[str] = []
    for word, _start, _end in spans(text):
        found.append(word)
        if len(found) >= limit:
            break
    return found


@lru_cache(maxsize=131_072)
def stem(word: str, language: str) -> str:
    """The stem of a folded `word`, marked with its language; `word` itself where the language has no stemmer."""
    stemmer = _STEMMERS.get(language)
    if stemmer is None:
        return word
    if language == "fr":
        word = next((word.removesuffix(bare) + ending for bare, ending in _FRENCH_ENDINGS if word.endswith(bare)), word)
    return f"{language}:{fold(stemmer.stemWord(word))}"


def stems_in(word: str, languages: Iterable[str]) -> tuple[str, ...]:
    """Every stem under which a document may hold a folded `word`: one for each of `languages`, and the plain word."""
    return tuple(dict.fromkeys([*(stem(word, language) for language in languages), word]))


def file_name_text(name: str) -> str:
    """A file name with spaces where words meet: "MYP_AssessmentPolicy2024.pdf" -> "MYP Assessment Policy 2024 pdf"."""
    parted = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Za-z])", " ", name)
    return re.sub(r"[_.+]+", " ", parted)
