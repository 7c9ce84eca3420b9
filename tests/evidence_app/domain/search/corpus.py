"""A small made-up school's documents, and what a plain reading of them says that a search must find."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

from evidence_app.domain.search import Hit, IndexDocument, SearchIndex, SearchRequest, SearchResult, Sort, parse
from evidence_app.domain.search.by_title import matches
from evidence_app.domain.search.entries import SORT_KEYS, entry_of
from evidence_app.domain.search.plan import plan_of

LANGUAGES = ("en", "fr", "es", "it")
BEGIN = datetime(2023, 9, 1, 8, tzinfo=UTC)

SENTENCES = {
    "en": "students policy policies assess assessment assessed service as action learner learners reflect plan",
    "fr": "élèves l'évaluation évaluations politique enseignants service d'action apprendre activité activités école",
    "es": "evaluación evaluaciones alumnos política políticas servicio acción aprendizaje la escuela también lengua",
    "it": "valutazione valutazioni studenti politica scuola l'apprendimento attività servizio azione lingua note",
    "de": "Prüfung Prüfungen Schüler Bewertung Schule not Sprache lernen Richtlinie",
}
NODES = ["ib-psp-2020/0301-02", "ib-psp-2020/0301-05", "ib-psp-2020/0402-01-0100", "own/A-1", "steps/3.1"]


def document(number: int, **values: object) -> IndexDocument:
    """Item `number`, plain but for `values`."""
    plain: dict[str, object] = {
        "item_id": f"item{number:04}",
        "title": f"Paper {number}",
        "received_at": BEGIN + timedelta(hours=number),
        "language": "en",
        "visibility": "staff",
    }
    return IndexDocument(**(plain | values))  # type: ignore[arg-type]


def documents(count: int, seed: int = 1) -> list[IndexDocument]:
    """`count` documents in five languages, the same for the same seed."""
    dice = random.Random(seed)
    return [_document(number, dice) for number in range(count)]


def _document(number: int, dice: random.Random) -> IndexDocument:
    language = dice.choice([*SENTENCES, "en"])
    vocabulary = SENTENCES[language].split()
    body = " ".join(dice.choices(vocabulary, k=dice.randint(0, 60))) + dice.choice(["", " 0301-02", " 2024-25.", ""])
    return document(
        number,
        title=" ".join(dice.choices(vocabulary, k=3)).capitalize(),
        body=body,
        purpose=dice.choice(["", "shows the policy", "para la evaluación"]),
        how=dice.choice(["", "students reflect"]),
        file_name=dice.choice(["MYP_AssessmentPolicy2024.pdf", "scan 1.pdf", ""]),
        language=dice.choice([language, language, ""]),
        nodes=tuple(dice.sample(NODES, dice.randint(0, 3))),
        broader_nodes=("steps/M3",) if dice.random() < 0.2 else (),
        programmes=tuple(dice.sample(["PYP", "MYP", "DP"], dice.randint(0, 2))),
        kind=dice.choice(["file", "link", "note"]),
        document_kind=dice.choice(["policy", "Unit plan", "minutes", ""]),
        school_year=dice.choice(["2023-24", "2024-25", ""]),
        subjects=tuple(dice.sample(["Visual arts", "Français B"], dice.randint(0, 1))),
        owner=f"p{dice.randint(1, 3)}",
        owner_name=dice.choice(["Anna Rossi", "Élodie Martin"]),
        visibility=dice.choice(["staff", "shareable", "private"]),
        strength=dice.randint(0, 3),
        flags=frozenset(dice.sample(["text", "tags", "purpose"], dice.randint(0, 3))),
        tag_states=tuple(dice.sample(["accepted", "proposed"], dice.randint(0, 2))),
        shown_on=dice.choice([None, date(2022, 1, 1) + timedelta(days=dice.randint(0, 900))]),
    )


def queries(count: int, seed: int = 2) -> list[str]:
    """`count` queries, made of the documents' words and fields by the whole grammar."""
    dice = random.Random(seed)
    return [" ".join(_clause(dice, depth=0) for _ in range(dice.randint(1, 3))) for _ in range(count)]


def _clause(dice: random.Random, depth: int) -> str:
    vocabulary = SENTENCES[dice.choice(list(SENTENCES))].split()
    word = dice.choice(vocabulary)
    made = dice.choice(
        [
            word,
            word.upper(),
            f"{word[:3]}*",
            f'"{" ".join(dice.choices(vocabulary, k=2))}"',
            f'"service as {word}"',
            f'"{dice.choice(vocabulary)} {word[:2]}*"',
            f"({_clause(dice, depth + 1)} {_clause(dice, depth + 1)})" if depth < 2 else word,
            f"{_clause(dice, depth + 1)} OR {_clause(dice, depth + 1)}" if depth < 2 else word,
            dice.choice(["programme:dp", "programme:PYP,MYP", "node:0301", "node:03", "node:0301-0*", "node:own/A-1"]),
            dice.choice(["kind:policy", 'kind:"unit plan"', "kind:link", "year:2024/25", "language:fr", "node:M3"]),
            dice.choice(
                ["visibility:staff", "by:p1", "by:rossi", "by:elodie", "has:text", "is:untagged", "is:private"]
            ),
            dice.choice(["before:2023-01-01", "after:2023-06-01", "subject:français*", "strength:3", "state:accepted"]),
            dice.choice(["0301-02", "0301-0*", "0301", "assessmentpolicy", "2024", "école", "ecole"]),
        ]
    )
    return f"-({made})" if dice.random() < 0.15 else made


def plain_answer(items: list[IndexDocument], request: SearchRequest) -> SearchResult:
    """What must be found, in the order of a sort key: every document read as titles are where there is no index."""
    plan = plan_of(request, LANGUAGES)
    entries = [entry_of(item, LANGUAGES) for item in items]
    found = [e for e in entries if e.item_id not in request.hidden_ids and matches(e, plan.match)]
    facets = {name: dict(Counter(v for e in found for v in e.facets[name])) for name in request.facets}
    key, descending = SORT_KEYS[Sort.NEWEST_RECEIVED if request.sort is Sort.RELEVANCE else request.sort]
    found.sort(key=lambda entry: entry.sort_keys[key], reverse=descending)
    return SearchResult(len(found), tuple(Hit(e.item_id, 0.0) for e in found), facets)


def found(index: SearchIndex, typed: str, **options: object) -> list[str]:
    """The ids of all items that an index finds, in order; the total is theirs."""
    result = index.search(SearchRequest(query=parse(typed, me="p1"), limit=1000, **options))  # type: ignore[arg-type]
    ids = [hit.item_id for hit in result.hits]
    assert result.total == len(ids)
    return sorted(ids)
