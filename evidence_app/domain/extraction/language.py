"""The language of a text; how it was chosen stands in `docs/decisions/0010-language-and-type-detection.md`."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

LIKELY: Final = (
    "en",
    "fr",
    "es",
    "it",
    "de",
    "pt",
    "nl",
    "ca",
    "ar",
    "zh",
    "ja",
    "ko",
    "ru",
    "tr",
    "pl",
    "sv",
    "da",
    "el",
    "he",
    "hi",
)
"""Languages of IB schools; the product itself speaks the first four. A text in another one gives the nearest, or ""."""
MIN_LETTERS: Final = 24
_SAMPLE_CHARS: Final = 6_000
_NOT_WORDS = re.compile(r"https?://\S+|\S+@\S+|[\d_]+")
_LETTERS = re.compile(r"[^\W\d_]")


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LIKELY))
    return identifier


def detect(text: str) -> str:
    """ISO 639-1 code of the language most of `text` is written in; "" where there are too few letters to tell."""
    sample = _NOT_WORDS.sub(" ", text[:_SAMPLE_CHARS])
    if len(_LETTERS.findall(sample)) < MIN_LETTERS:
        return ""
    code, probability = _identifier().classify(" ".join(sample.split()))
    return str(code) if probability > 0.5 else ""
