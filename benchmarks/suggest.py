"""How often the suggestions are right: `python benchmarks/suggest.py DIR LABELS` prints tables in Markdown.

DIR holds documents; LABELS is a CSV with the columns filename, language and gold_codes (`;` between them, the first is
the main one; empty for a paper that shows nothing), or the table of truths that the demo school comes with. Printed:
main code among the first 1 and 3, recall of all codes in the first 5; per language, with each source switched off in
turn, nameless, long; how often "sure" was right; learning from the other documents' tags (leave-one-out); what papers
that show nothing are given; what other frameworks offer; milliseconds of the processor a document. Intervals are
Wilson's, 95 %: a share of 28 documents is uncertain by some ten points.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from benchmarks.suggest_papers import Labelled, among_others, drawn_out, nameless, notices
from evidence_app.domain.extraction import ReaderPool
from evidence_app.domain.suggesting import (
    SOURCES,
    DocumentProfile,
    Neighbours,
    Suggestion,
    SuggestionModel,
    TaggedItem,
    TaggedNeighbour,
    model_for,
    suggest,
    suggest_beside,
    text_digest,
)
from evidence_app.domain.suggesting.beside import BESIDE

FRAMEWORK = "ib-psp-2020"
Z = 1.96


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out for one document: the answered nodes suggested, in order, beside the right ones."""

    document: Labelled
    suggestions: tuple[Suggestion, ...]

    def main_within(self, count: int) -> bool:
        """Whether the main key is among the first `count`."""
        return self.document.keys[0] in [suggestion.node_key for suggestion in self.suggestions[:count]]

    @property
    def found(self) -> int:
        """How many of the right keys are among the first five."""
        return len(set(self.document.keys) & {suggestion.node_key for suggestion in self.suggestions[:5]})


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share; from 0 to 1 if nothing was counted."""
    if not total:
        return 0.0, 1.0
    share, square = right / total, Z * Z
    middle = (share + square / (2 * total)) / (1 + square / total)
    reach = Z * math.sqrt(share * (1 - share) / total + square / (4 * total * total)) / (1 + square / total)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def share_text(right: int, total: int) -> str:
    """A share in percent with its interval, as "90 (73-97)"."""
    low, high = wilson(right, total)
    return f"{100 * right / total:.0f} ({100 * low:.0f}-{100 * high:.0f})" if total else "-"


def read_labelled(folder: Path, labels: Path) -> list[Labelled]:
    """The documents of a labels file, read as intake reads them, language included."""
    with labels.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = []
    with ReaderPool(size=2) as readers:
        for row in rows:
            name, codes = row.get("filename") or row["path"], row.get("gold_codes", row.get("codes", ""))
            path = folder / name
            reading = readers.read(path, file_name=path.name)
            above = str(PurePosixPath(name).parent)
            profile = DocumentProfile(
                file_name=path.name,
                folder="" if above == "." else above,
                title=reading.title,
                headings=reading.headings,
                text=reading.text,
                language=reading.language or None,
            )
            keys = tuple(f"{FRAMEWORK}/{code.strip()}" for code in codes.split(";") if code.strip())
            original = row.get("duplicate_of") or row.get("near_duplicate_of") or name
            found.append(Labelled(profile, row["language"], keys, original))
    return found


Learn = Callable[[Labelled], Sequence[TaggedNeighbour]]


def run(
    documents: Iterable[Labelled], model: SuggestionModel, sources: Sequence[str] = SOURCES, learn: Learn | None = None
) -> list[Outcome]:
    """Suggestions for every document; only answered nodes are compared."""
    outcomes = []
    for document in documents:
        learned = learn(document) if learn else ()
        suggestions = suggest(document.profile, model, learned, limit=10, sources=sources)
        answered = tuple(suggestion for suggestion in suggestions if suggestion.node_key in model.nodes)
        outcomes.append(Outcome(document, answered))
    return outcomes


def line(label: str, outcomes: Sequence[Outcome]) -> str:
    """One row of a table."""
    total, keys = len(outcomes), sum(len(outcome.document.keys) for outcome in outcomes)
    first = sum(outcome.main_within(1) for outcome in outcomes)
    third = sum(outcome.main_within(3) for outcome in outcomes)
    found = sum(outcome.found for outcome in outcomes)
    return (
        f"| {label} | {total} | {share_text(first, total)} | {share_text(third, total)} | {share_text(found, keys)} |"
    )


HEAD = "| | documents | main in top 1 | main in top 3 | recall of all codes in top 5 |\n|---|---|---|---|---|"


def print_tables(documents: list[Labelled], model: SuggestionModel) -> None:
    """All tables, in Markdown."""
    outcomes = run(documents, model)
    print(HEAD)
    print(line("all", outcomes))
    for language in sorted({document.language for document in documents}):
        print(line(language, [outcome for outcome in outcomes if outcome.document.language == language]))
    for source in SOURCES:
        print(line(f"without {source}", run(documents, model, [other for other in SOURCES if other != source])))
    for source in ("kind", "phrases"):
        print(line(f"{source} alone", run(documents, model, [source])))
    unnamed = [replace(document, profile=replace(document.profile, file_name="")) for document in documents]
    print(line("without file name", run(unnamed, model)))
    unnamed = [nameless(document) for document in documents]
    print(line("nameless: no title, headings, folder", run(unnamed, model)))
    for pages in (10, 40):
        print(line(f"{pages} pages, others behind it", run(among_others(documents, pages), model)))
        print(line(f"{pages} pages, idle talk between", run(drawn_out(documents, pages), model)))
        print(line(f"{pages} nameless pages, idle talk between", run(drawn_out(unnamed, pages), model)))
    uncoded = [source for source in SOURCES if source != "codes"]
    learned = run(documents, model, learn=others_of(documents))
    print(line("learning from the others, no copies", learned))
    print(line("learning, codes in names left out", run(documents, model, uncoded, others_of(documents))))
    print(line("learning, nameless", run(unnamed, model, learn=others_of(unnamed))))
    print_sure("cold start", outcomes)
    print_sure("cold start, nameless", run(unnamed, model))
    print_sure("learning", learned)


def others_of(documents: list[Labelled]) -> Learn:
    """Leave-one-out: a document's neighbours among the others, no copy of it, tagged with their right keys."""
    items = [
        TaggedItem(
            str(number),
            document.profile.title,
            document.profile.file_name,
            text_digest(document.profile),
            frozenset(document.keys),
        )
        for number, document in enumerate(documents)
    ]
    everybody = Neighbours(items)
    copies: dict[str, set[str]] = {}
    for number, document in enumerate(documents):
        copies.setdefault(document.original, set()).add(str(number))

    def learn(document: Labelled) -> Sequence[TaggedNeighbour]:
        return everybody.near(document.profile, without=frozenset(copies[document.original]))

    return learn


def print_nothing(papers: Sequence[Labelled], model: SuggestionModel) -> None:
    """What papers that show no practice are given: nothing, something said to be unsure, or something said surely."""
    print(
        "\n| papers that show nothing | papers | given nothing | only unsure ones | a sure one |\n|---|---|---|---|---|"
    )
    made = {
        f"{pages} page{'s' * (pages > 1)}, {'named' if named else 'nameless'}": notices(pages, named=named)
        for pages in (1, 15)
        for named in (True, False)
    }
    for label, these in {"of the labels file": papers, **made}.items():
        given = [suggest(paper.profile, model) for paper in these]
        sure = sum(any(one.sure for one in found) for found in given)
        silent = sum(not found for found in given)
        print(f"| {label} | {len(given)} | {silent} | {len(given) - silent - sure} | {sure} |")


def print_sure(label: str, outcomes: Sequence[Outcome]) -> None:
    """How often a first suggestion, and any of the first five, was right, by whether the engine was sure."""
    print(f"\n| {label} | first suggestion right, of those shown | first five right |\n|---|---|---|")
    for sure in (True, False):
        firsts = [outcome for outcome in outcomes if outcome.suggestions and outcome.suggestions[0].sure is sure]
        shown = [
            (outcome, suggestion)
            for outcome in outcomes
            for suggestion in outcome.suggestions[:5]
            if suggestion.sure is sure
        ]
        right = sum(suggestion.node_key in outcome.document.keys for outcome, suggestion in shown)
        first = sum(outcome.suggestions[0].node_key in outcome.document.keys for outcome in firsts)
        print(
            f"| {'sure' if sure else 'not sure'} | {first} / {len(firsts)}: {share_text(first, len(firsts))} "
            f"| {right} / {len(shown)}: {share_text(right, len(shown))} |"
        )


def print_beside(outcomes: Sequence[Outcome]) -> None:
    """To how many documents each framework beside the practices offers something, and for which places' words."""
    print("\n| offered beside | documents | because of |\n|---|---|---|")
    offered = [one for outcome in outcomes for one in suggest_beside(outcome.document.profile, outcome.suggestions[:5])]
    for framework in BESIDE:
        these = [one for one in offered if one.node_key.startswith(f"{framework}/")]
        places = Counter(one.because[0].code for one in these)
        told = ", ".join(f"{code} {count}" for code, count in places.most_common())
        print(f"| {framework} | {len(these)} of {len(outcomes)} | {told} |")


def print_speed(documents: list[Labelled], model: SuggestionModel) -> None:
    """Milliseconds of the processor a document once its text is read, short and long; the second run counts."""
    long = [
        replace(
            document,
            profile=replace(
                document.profile, text=(document.profile.text + "\n") * (90_000 // (len(document.profile.text) + 1) + 1)
            ),
        )
        for document in documents
    ]
    print("\n| texts | median ms | slowest ms |\n|---|---|---|")
    for label, these in (("as they are", documents), ("90,000 characters", long)):
        times: list[float] = []
        for _ in range(2):
            times = []
            for document in these:
                started = time.process_time()
                suggest(document.profile, model)
                times.append(1000 * (time.process_time() - started))
        times.sort()
        print(f"| {label} | {times[len(times) // 2]:.1f} | {times[-1]:.1f} |")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 when done."""
    parser = argparse.ArgumentParser(description="How often the suggestions are right, on documents with labels.")
    parser.add_argument("folder", type=Path, help="the folder that holds the documents")
    parser.add_argument("labels", type=Path, help="a CSV with the columns filename, language, gold_codes")
    asked = parser.parse_args(arguments)
    model = model_for(FRAMEWORK)
    labelled = read_labelled(asked.folder, asked.labels)
    documents = [document for document in labelled if document.keys]
    print_tables(documents, model)
    print_nothing([document for document in labelled if not document.keys], model)
    print_beside(run(documents, model))
    print_speed(documents, model)
    return 0


if __name__ == "__main__":
    sys.exit(main())
