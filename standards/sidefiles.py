"""The files beside a catalogue: a translation of its words, and keywords per language."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass, field

from standards.model import LANGUAGES, Node
from standards.nodes import LABEL_LIMIT
from standards.yaml_text import Value

TEXTS = {"label": "labels", "summary": "summaries"}
LISTS = {"evidence": "evidence_kinds", "prompts": "prompts"}


@dataclass(slots=True)
class SideWords:
    """What one side file says: code -> field of Node -> language -> a text or phrases."""

    words: dict[str, dict[str, dict[str, str | tuple[str, ...]]]] = field(default_factory=dict)

    def laid_over(self, node: Node) -> Node:
        """The node with these words; for a language that it has words in already, these take their place."""
        changes = {name: {**getattr(node, name), **words} for name, words in self.words.get(node.code, {}).items()}
        return dataclasses.replace(node, **changes) if changes else node  # type: ignore[arg-type]  # all are word fields


def read_codes(fields: dict[str, Value], catalogue_key: str, codes: Collection[str]) -> dict[str, Value]:
    """The entries under `codes`, each naming a node of the catalogue; raises CatalogueError."""
    if "framework" in fields:
        fields["framework"].chosen("The framework", (catalogue_key,))
    entries = fields["codes"].entries("Codes")
    for code, entry in entries.items():
        if code not in codes:
            what = f"The catalogue has no node {code!r}."
            raise entry.within(code).place.error(what, "Correct the code, or add it to the main file first.")
    return {code: entry.within(code) for code, entry in entries.items()}


def read_translation(value: Value, catalogue_key: str, language: str, codes: Collection[str]) -> SideWords:
    """The words of one language; raises CatalogueError. The file's name and its field `language` must agree."""
    fields = value.fields("The file", ("framework", "language", "codes"), ("language", "codes"))
    fields["language"].chosen("The language", (language,))
    found = SideWords()
    for code, entry in read_codes(fields, catalogue_key, codes).items():
        words = entry.fields("A translation", (*TEXTS, *LISTS))
        here = found.words.setdefault(code, {})
        for name, of_node in TEXTS.items():
            if name in words:
                here[of_node] = {language: words[name].text(f"The {name}")}
        for name, of_node in LISTS.items():
            if name in words:
                here[of_node] = {language: words[name].texts(f"The field {name}")}
        if "label" in words and len(words["label"].text("The label")) > LABEL_LIMIT:
            what = f"The label has more than {LABEL_LIMIT} letters."
            raise words["label"].place.error(what, "Shorten it; say more in the summary.")
    return found


def read_keywords(value: Value, catalogue_key: str, codes: Collection[str]) -> SideWords:
    """Keywords per code and language; raises CatalogueError."""
    fields = value.fields("The file", ("format", "framework", "codes"), ("codes",))
    if "format" in fields:
        fields["format"].chosen("The format", ("keywords/1",))
    found = SideWords()
    for code, entry in read_codes(fields, catalogue_key, codes).items():
        by_language = entry.fields("Keywords", LANGUAGES)
        found.words[code] = {
            "keywords": {language: value.texts("A keyword") for language, value in by_language.items()}
        }
    return found
