"""Every word for people can be extracted, and is said in every language of the pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from evidence_app.i18n import LANGUAGES

ROOT = Path(__file__).parents[2]
TRANSLATIONS = sorted((ROOT / "evidence_app" / "translations").glob("*/LC_MESSAGES/messages.po"))
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "msg": None,
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
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


def _forms(words: str | Sequence[str] | None) -> Sequence[str]:
    """One sentence, or its singular and plural."""
    return (words or "",) if isinstance(words, str | None) else words


def test_words_of_templates_and_of_the_domain_are_found(words: Catalog) -> None:
    assert "Waiting for review" in words, "from a macro"
    assert "Skip to content" in words, "from a layout"
    assert "Self-study" in words, "from the navigation"
    assert words.get("%(num)s item") is not None, "with a plural"


def test_blanks_are_named_so_that_translators_may_turn_a_sentence_round(words: Catalog) -> None:
    for message in words:
        for text in _forms(message.id):
            assert not re.search(r"(?<!%)%[sd]|\{\}", text), text


@pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.parts[-3])
def test_every_word_is_said_in_every_language_and_keeps_its_blanks(path: Path, words: Catalog) -> None:
    said = _read(path)
    for message in words:
        found = said.get(message.id, message.context)
        assert not message.id or (found and all(_forms(found.string))), f"{message.id}: translate it, then `make words`"
    for message in said:
        most = _blanks(message.id if isinstance(message.id, str) else message.id[-1])
        for text in _forms(message.string):
            # The number may be left out where it is one.
            assert _blanks(text) == most or (message.pluralizable and _blanks(text) <= most), message.id


def test_there_is_a_translation_for_each_language_of_the_pages() -> None:
    assert {path.parts[-3] for path in TRANSLATIONS} == set(LANGUAGES) - {"en"}


@pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.parts[-3])
def test_what_is_compiled_is_what_is_translated(path: Path) -> None:
    compiled = BytesIO()
    write_mo(compiled, _read(path))
    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run `make words`"


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def _blanks(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))
