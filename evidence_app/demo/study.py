"""The self-study of the demo school, half written: who leads what, what is said, cited, rated and approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

import standards
from evidence_app.demo.bank import codes, frames, sentences
from evidence_app.demo.cast import COORDINATOR_OF, GRADES, LEAD_COORDINATOR, PROGRAMMES
from evidence_app.demo.dice import Dice, dice
from evidence_app.demo.drive import school_year
from evidence_app.demo.filling import Filler
from evidence_app.demo.sketch import Setting
from evidence_app.demo.stage import Filed, Stage
from evidence_app.demo.story import FRAMEWORK, key_of, story
from evidence_app.domain import selfstudy
from evidence_app.domain.access import Actor
from evidence_app.domain.selfstudy import Evaluation, RequirementState, ResponseStatus

HEAD = "Peter Okafor"
MOST_EXHIBITS = 3
UNRELEASED_ONE_IN = 12
"""One citation in so many is of something a visitor may not see, which happens in every school."""
LEADS = {"0101": HEAD, "0201": HEAD, "0202": "Grace Achieng", "0203": LEAD_COORDINATOR, "0301": "Sofia Marchetti"}


def visit_after(today: date) -> date:
    """The Tuesday in the second week of the next May that leaves time to prepare."""
    year = today.year if today.month < 3 else today.year + 1
    middle = date(year, 5, 8)
    return middle + timedelta(days=(1 - middle.weekday()) % 7)


def open_evaluation(stage: Stage) -> str:
    """The id of the evaluation, with its dates, team, participants and introductions."""
    told, actor, visit = story(), stage.actors[LEAD_COORDINATOR], visit_after(stage.today)
    with stage.backends.database.unit_of_work() as session:
        opened = selfstudy.open_evaluation(
            session,
            actor=actor,
            framework_key=FRAMEWORK,
            programmes=PROGRAMMES,
            visit_on=visit,
            visit_until=visit + timedelta(days=2),
            name=f"Evaluation {visit.year}",
            period_from=date(visit.year - 5, 8, 1),
            period_to=visit,
        )
        session.flush()
        _set_dates(session, actor, opened, stage.today)
        members = [(stage.person_id(name), part) for name, part in told["team"]]
        selfstudy.set_team(session, actor=actor, evaluation_id=opened.id, members=members)
        heard = [(who, people, did) for who, people, did in told["participants"]]
        selfstudy.set_participants(session, actor=actor, evaluation_id=opened.id, rows=heard)
        for part, text in told["introductions"].items():
            selfstudy.write_introduction(
                session,
                actor=actor,
                evaluation_id=opened.id,
                part=part if part.isalpha() else key_of(part),
                text=text.strip(),
            )
        return opened.id


def _set_dates(session: Session, actor: Actor, opened: Evaluation, today: date) -> None:
    """What is behind the school is marked as done, and one date is its own."""
    told = story()
    for line in selfstudy.deadlines_of(session, actor, opened.id):
        if line.key in told["deadlines_done"] and line.due_on < today:
            selfstudy.set_deadline(
                session,
                actor=actor,
                evaluation_id=opened.id,
                key=line.key,
                due_on=line.due_on,
                done_on=line.due_on,
            )
    own = told["own_deadline"]
    day = visit_after(today) - timedelta(days=own["before_visit"])
    selfstudy.add_deadline(session, actor=actor, evaluation_id=opened.id, title=own["title"], due_on=day)


def write_study(stage: Stage, evaluation_id: str, filed: Sequence[Filed], by_hand: Mapping[str, str]) -> None:
    """Responses in every state, from not begun to approved, in the order of the practices.

    `by_hand`: code of a practice -> a note, a link or a series about it, which answers that are fully written cite too.
    """
    catalogue = standards.load(FRAMEWORK)
    shown = _by_practice(filed)
    written = 0
    for code in codes():
        for programme in PROGRAMMES:
            with stage.backends.database.unit_of_work() as session:
                author = _Author(session, stage, catalogue, evaluation_id, code, programme)
                author.assign()
                if author.has_begun():
                    author.write(shown.get(code, []), by_hand.get(code))
                    written += 1
    _set_levels(stage, evaluation_id)
    _leave_drafts(stage, evaluation_id)
    stage.tell(f"{written} of {len(codes()) * len(PROGRAMMES)} answers of the self-study are begun")


class _Author:
    """Whoever writes the answer of one programme to one practice."""

    def __init__(
        self,
        session: Session,
        stage: Stage,
        catalogue: standards.Catalogue,
        evaluation_id: str,
        code: str,
        programme: str,
    ) -> None:
        self.session, self.stage, self.catalogue = session, stage, catalogue
        self.code, self.programme, self.evaluation_id = code, programme, evaluation_id
        self.throws = dice("study", code, programme)
        self.actor = stage.actors[COORDINATOR_OF[programme]]
        found = selfstudy.response_at(session, self.actor, evaluation_id, key_of(code), programme)
        assert found is not None
        self.response_id = found.id
        self.own = story()["narratives"].get(code, {}).get(programme)

    def assign(self) -> None:
        """Somebody leads it, for most practices."""
        lead = LEADS.get(self.code[:4], COORDINATOR_OF[self.programme])
        if self.throws.random() < 0.9:
            person_id = self.stage.person_id(lead)
            selfstudy.assign_lead(self.session, actor=self.actor, response_id=self.response_id, person_id=person_id)

    def has_begun(self) -> bool:
        """Whether anything is written yet."""
        share: float = story()["written_share"][self.programme]
        return self.own is not None or self.throws.random() < share

    def write(self, shown: Sequence[Filed], by_hand: str | None) -> None:
        """Cite first, then write about what was cited, then rate, answer requirements and pass it on."""
        numbers = self._cite(shown, by_hand)
        said = self.own or self._composed(len(numbers))
        selfstudy.write_response(
            self.session,
            actor=self.actor,
            evaluation_id=self.evaluation_id,
            node_key=key_of(self.code),
            programme=self.programme,
            rating=said["rating"],
            narrative=_with_exhibits(said["text"], numbers),
            strengths=said["strengths"],
            next_steps=said["next_steps"],
        )
        self._answer_requirements()
        status = _weighed(story()["statuses"], self.throws)
        if status != ResponseStatus.DRAFT:
            actor = self.stage.actors[HEAD] if status == ResponseStatus.APPROVED else self.actor
            selfstudy.set_status(
                self.session,
                actor=actor,
                response_id=self.response_id,
                status=ResponseStatus(status),
                without_evidence=not numbers,
            )

    def _cite(self, shown: Sequence[Filed], by_hand: str | None) -> list[str]:
        """The exhibit numbers of what is cited: mostly what a visitor may see, and nothing of another programme."""
        about_us = [one for one in shown if one.sketch.programme in ("", self.programme)]
        if self.throws.randrange(UNRELEASED_ONE_IN):
            about_us = [one for one in about_us if one.can_be_released]
        chosen = about_us[: MOST_EXHIBITS if self.own else self.throws.randint(1, MOST_EXHIBITS)]
        cited = [(one.item_id, self._how(one)) for one in chosen]
        if self.own and by_hand:
            cited.insert(1, (by_hand, ""))
        for item_id, how in cited:
            selfstudy.cite(self.session, actor=self.actor, response_id=self.response_id, item_id=item_id, how=how)
        self.session.flush()
        numbers = {
            line.item.id: line.number
            for line in selfstudy.citations_of(self.session, self.actor, self.response_id).shown
        }
        return [numbers[item_id] for item_id, _ in cited]

    def _how(self, one: Filed) -> str:
        filler = Filler(one.sketch.setting, dice("how", one.sketch.number, self.code))
        return filler.fill(self.throws.choice(sentences("en")[self.code].done), "en")

    def _composed(self, exhibits: int) -> dict[str, Any]:
        """An answer put together from the bank: where we are, what shows it, what is not yet good."""
        link, about = story()["linking"], sentences("en")[self.code]
        filler = Filler(_setting(self.stage, self.programme, self.throws), self.throws)
        rules = [filler.fill(line, "en") for line in self.throws.sample(about.rules, 2)]
        done = [filler.fill(line, "en") for line in self.throws.sample(about.done, 3)]
        paragraphs = [f"{self.throws.choice(link['opening'])} {rules[0]}", done[0]]
        paragraphs += [
            f"{middle} {what}"
            for middle, what in zip(self.throws.sample(link["middle"], max(0, exhibits - 1)), done[1:], strict=False)
        ]
        if self.throws.random() < 0.5:
            paragraphs += ["### How we go about it", "\n".join(f"- {line}" for line in rules)]
        paragraphs += ["### What we are not yet good at", self.throws.choice(link["limits"])]
        return {
            "rating": int(_weighed(story()["ratings"], self.throws)),
            "text": "\n\n".join(paragraphs),
            "strengths": self.throws.choice(link["strengths"]),
            "next_steps": self.throws.choice(link["next_steps"]),
        }

    def _answer_requirements(self) -> None:
        for node in self.catalogue.descendants(key_of(self.code)):
            if not node.applies_to(self.programme) or self.throws.random() < 0.15:
                continue
            state = RequirementState(_weighed(story()["requirement_states"], self.throws))
            note = "" if state == RequirementState.MET else self.throws.choice(story()["linking"]["next_steps"])
            selfstudy.answer_requirement(
                self.session, actor=self.actor, response_id=self.response_id, node_key=node.key, state=state, note=note
            )


def _by_practice(filed: Sequence[Filed]) -> dict[str, list[Filed]]:
    """Code -> what was accepted for it: main evidence first, the newest first among it."""
    found: dict[str, list[Filed]] = {}
    for one in filed:
        for code in one.accepted:
            found.setdefault(code, []).append(one)
    for code, rows in found.items():
        rows.sort(key=lambda one: (one.sketch.main_code != code, -one.sketch.written_on.toordinal(), one.item_id))
    return found


def _setting(stage: Stage, programme: str, throws: Dice) -> Setting:
    """What fills the slots of an answer: a grade, a subject and a unit of the programme, this year."""
    return Setting(
        owner=COORDINATOR_OF[programme],
        programme=programme,
        grade=throws.choice(GRADES[programme]),
        subject=throws.choice(tuple(frames("en").subjects)),
        unit=throws.randrange(len(frames("en").units)),
        school_year=school_year(stage.today),
        written_on=stage.today,
    )


def _with_exhibits(text: str, numbers: Sequence[str]) -> str:
    """The text with an exhibit in each place for one; a place too many goes away."""
    parts = text.split("{exhibit}")
    filled = parts[0]
    for number, part in enumerate(parts[1:]):
        if number < len(numbers):
            filled += f"[[{numbers[number]}]]{part}"
        else:
            filled = filled.rstrip() + part
    return filled.strip()


def _weighed(weights: Mapping[Any, int], throws: Dice) -> Any:
    return throws.choices(tuple(weights), weights=tuple(weights.values()))[0]


def _set_levels(stage: Stage, evaluation_id: str) -> None:
    for code, programmes in story()["levels"].items():
        for programme, (level, reason) in programmes.items():
            with stage.backends.database.unit_of_work() as session:
                selfstudy.set_standard_level(
                    session,
                    actor=stage.actors[COORDINATOR_OF[programme]],
                    evaluation_id=evaluation_id,
                    node_key=key_of(code),
                    programme=programme,
                    level=level,
                    reason=reason,
                )


def _leave_drafts(stage: Stage, evaluation_id: str) -> None:
    """Words somebody has typed and not saved yet."""
    for draft in story()["drafts"]:
        actor = stage.actors[draft["by"]]
        with stage.backends.database.unit_of_work() as session:
            found = selfstudy.response_at(session, actor, evaluation_id, key_of(draft["code"]), draft["programme"])
            assert found is not None
            selfstudy.keep_draft(
                session, actor=actor, response_id=found.id, base_revision=found.revision, narrative=draft["text"]
            )
