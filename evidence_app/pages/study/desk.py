"""The left side of the desk: the tree of one programme's answers, what it is filtered by, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for

import standards
from evidence_app.domain import frameworks, selfstudy
from evidence_app.domain.access import Action, can
from evidence_app.domain.selfstudy import Evaluation, EvaluationState, ResponseStatus, StudyCell, StudyRow, StudyTree
from evidence_app.extensions import actor, reading, school
from evidence_app.web.people import Face, face
from evidence_app.web.templating import language


@dataclass(frozen=True, slots=True)
class Leaf:
    """One practice of the tree: where it leads, how far its answer is, and who leads it."""

    label: str
    code: str
    url: str
    status: ResponseStatus
    lead: Face | None
    is_current: bool


@dataclass(slots=True)
class Branch:
    """A standard with its practices; `level_url` is empty where the framework does not rate it."""

    label: str
    level_url: str
    level: str
    is_current: bool
    leaves: list[Leaf] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether what is shown now lies here."""
        return self.is_current or any(leaf.is_current for leaf in self.leaves)


@dataclass(slots=True)
class Limb:
    """A category with its standards; `url` leads to its introduction."""

    label: str
    url: str
    is_current: bool
    branches: list[Branch] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which answers the tree shows."""

    status: str = ""
    mine: bool = False

    @classmethod
    def read(cls) -> Filter:
        """The filter in the query of the address."""
        status = request.args.get("status", "")
        return cls(status if status in set(ResponseStatus) else "", "mine" in request.args)

    @property
    def query(self) -> dict[str, Any]:
        """The filter as it stands in an address."""
        return ({"status": self.status} if self.status else {}) | ({"mine": "1"} if self.mine else {})

    def takes(self, cell: StudyCell) -> bool:
        """Whether an answer is shown."""
        return (not self.status or cell.status == self.status) and (not self.mine or cell.lead_id == actor().person_id)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page of one evaluation shows at its left, and the whole tree behind it."""

    tree: StudyTree
    programme: str
    limbs: list[Limb]
    filter: Filter
    approved: int
    total: int
    shown: int
    programme_links: list[tuple[str, str, bool]]

    @property
    def evaluation(self) -> Evaluation:
        """The evaluation the desk is about."""
        return self.tree.evaluation

    @property
    def may_write(self) -> bool:
        """Whether the asker may write here now: their role includes it, and the evaluation is open."""
        return can(actor(), Action.WRITE_STUDY) and self.evaluation.state == EvaluationState.OPEN

    @property
    def may_manage(self) -> bool:
        """Whether the asker may change dates, people and leads here now."""
        return can(actor(), Action.MANAGE_STUDY) and self.evaluation.state == EvaluationState.OPEN

    @property
    def may_reopen(self) -> bool:
        """Whether the asker may open this evaluation again, when it is closed."""
        return can(actor(), Action.MANAGE_STUDY)


def desk(evaluation_id: str, *, programme: str = "", here: str = "") -> Desk:
    """The desk of an evaluation in one programme (the asked one, else the first); `here` is what is shown now.

    `here` is the key of a node. NotFound when the evaluation is not the asker's to read.
    """
    tree = selfstudy.study_tree(reading(), actor(), evaluation_id)
    wanted = programme or request.args.get("programme", "")
    chosen = wanted if wanted in tree.programmes else tree.programmes[0]
    wanted_filter = Filter.read()
    limbs, shown = _limbs(tree, chosen, wanted_filter, here)
    cells = [cell for row in tree.rows for cell in row.cells if cell.programme == chosen]
    return Desk(
        tree=tree,
        programme=chosen,
        limbs=limbs,
        filter=wanted_filter,
        approved=sum(cell.status == ResponseStatus.APPROVED for cell in cells),
        total=len(cells),
        shown=shown,
        programme_links=[(p, _in_programme(tree, p, here, wanted_filter), p == chosen) for p in tree.programmes],
    )


def answer_url(evaluation_id: str, response_id: str, **query: Any) -> str:
    """The page of one answer."""
    return url_for(
        "study.answer", school_key=school().key, evaluation_id=evaluation_id, response_id=response_id, **query
    )


def text_url(evaluation_id: str, part: str, **query: Any) -> str:
    """The page of an introduction: a part of the report, or the code of a category or standard."""
    return url_for("study.introduction", school_key=school().key, evaluation_id=evaluation_id, part=part, **query)


def overview_url(evaluation_id: str, **query: Any) -> str:
    """The page of the evaluation as a whole."""
    return url_for("study.overview", school_key=school().key, evaluation_id=evaluation_id, **query)


def _limbs(tree: StudyTree, programme: str, wanted: Filter, here: str) -> tuple[list[Limb], int]:
    """The tree of one programme, without branches the filter leaves empty, and how many answers it shows."""
    limbs: list[Limb] = []
    scale = _scale(tree)
    shown = 0
    for row in tree.rows:
        if row.levels is not None:
            _last(limbs).branches.append(_branch(tree, row, row.levels, programme, wanted, here, scale))
        elif not row.cells and row.node.level != _answered(tree):
            url = text_url(tree.evaluation.id, row.node.code, programme=programme, **wanted.query)
            limbs.append(Limb(row.node.label(language()), url, row.node.key == here))
        for cell in row.cells:
            if cell.programme == programme and wanted.takes(cell):
                _last_branch(limbs).leaves.append(_leaf(tree, row.node, cell, wanted, here))
                shown += 1
    if wanted.query:
        for limb in limbs:
            limb.branches = [branch for branch in limb.branches if branch.leaves or branch.is_current]
        limbs = [limb for limb in limbs if limb.branches or limb.is_current]
    return limbs, shown


def _branch(
    tree: StudyTree,
    row: StudyRow,
    levels: Mapping[str, selfstudy.StandardLevel | None],
    programme: str,
    wanted: Filter,
    here: str,
    scale: standards.Scale | None,
) -> Branch:
    said = levels.get(programme)
    words = scale.level(said.level).label(language()) if scale and said and said.level else ""
    url = url_for(
        "study.standard",
        school_key=school().key,
        evaluation_id=tree.evaluation.id,
        code=row.node.code,
        programme=programme,
        **wanted.query,
    )
    return Branch(row.node.label(language()), url, words, row.node.key == here)


def _leaf(tree: StudyTree, node: standards.Node, cell: StudyCell, wanted: Filter, here: str) -> Leaf:
    url = (
        answer_url(tree.evaluation.id, cell.response_id, **wanted.query)
        if cell.response_id
        else overview_url(tree.evaluation.id, programme=cell.programme, new=node.code)
    )
    return Leaf(node.label(language()), node.code, url, cell.status, face(cell.lead_name), node.key == here)


def _in_programme(tree: StudyTree, programme: str, here: str, wanted: Filter) -> str:
    """The same thing in another programme: the answer to the same practice, or the same page."""
    for row in tree.rows:
        if row.node.key == here and row.cells:
            same = next((cell for cell in row.cells if cell.programme == programme and cell.response_id), None)
            if same is not None and same.response_id:
                return answer_url(tree.evaluation.id, same.response_id, **wanted.query)
            return overview_url(tree.evaluation.id, programme=programme, **wanted.query)
    if request.endpoint in ("study.standard", "study.introduction", "study.copy_out"):
        values = {**(request.view_args or {}), "programme": programme, **wanted.query}
        return url_for(request.endpoint, **values)
    return overview_url(tree.evaluation.id, programme=programme, **wanted.query)


def _last(limbs: list[Limb]) -> Limb:
    """The category being filled; a nameless one for a framework that has none."""
    if not limbs:
        limbs.append(Limb("", "", is_current=False))
    return limbs[-1]


def _last_branch(limbs: list[Limb]) -> Branch:
    limb = _last(limbs)
    if not limb.branches:
        limb.branches.append(Branch("", "", "", is_current=False))
    return limb.branches[-1]


def _answered(tree: StudyTree) -> str:
    return next((row.node.level for row in tree.rows if row.cells), "")


def _scale(tree: StudyTree) -> standards.Scale | None:
    return selfstudy.scale_of(catalogue_of(tree.evaluation), tree.evaluation)


def catalogue_of(frame: Evaluation) -> standards.Catalogue:
    """The framework an evaluation answers."""
    return frameworks.catalogue_for(reading(), school().id, frame.framework_key)
