"""Every word for people can be extracted for translation, and every translation keeps its blanks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
TRANSLATIONS = sorted((ROOT / "evidence_app" / "translations").glob("*/LC_MESSAGES/messages.po"))
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "msg": None,
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}


@pytest.fixture(scope="module")
def words() -> Catalog:
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, "babel.cfg")  # type: ignore[no-untyped-call]
    catalog = Catalog()
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS, directory_filter=_is_ours)
    for _name, _line, message, comments, context in found:
        catalog.add(message, None, auto_comments=comments, context=context)
    return catalog


def _is_ours(folder: str | Path) -> bool:
    """Whether Babel should look into a folder; left alone it would skip _layout and _parts for their underscore."""
    return not Path(folder).name.startswith((".", "__"))


def _forms(words: str | Sequence[str]) -> Sequence[str]:
    """One sentence, or its singular and plural."""
    return (words,) if isinstance(words, str) else words


def test_words_of_templates_and_of_the_domain_are_found(words: Catalog) -> None:
    assert "Waiting for review" in words, "from a macro"
    assert "Skip to content" in words, "from a layout"
    assert "Self-study" in words, "from the navigation"
    assert words.get("%(num)s item") is not None, "with a plural"


def test_blanks_are_named_so_that_translators_may_turn_a_sentence_round(words: Catalog) -> None:
    for message in words:
        for text in _forms(message.id):
            assert not re.search(r"(?<!%)%[sd]|\{\}", text), text


def test_translations_keep_the_blanks_of_the_english() -> None:
    for path in TRANSLATIONS:
        with path.open("rb") as file:
            catalog = read_po(file)
        for message in catalog:
            blanks = set(re.findall(r"%\((\w+)\)s", str(message.id)))
            for text in _forms(message.string or ""):
                assert not text or set(re.findall(r"%\((\w+)\)s", text)) == blanks, (path, message.id)
